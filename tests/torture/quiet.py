"""What a process of the torture does first: it lets the bot log nothing but what is critical."""

import logging

import structlog


def quiet() -> None:
    """Log nothing but what is critical."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
