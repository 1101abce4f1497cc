"""What a process of the torture does first: it lets the bot log nothing but what is critical."""

import logging
from collections.abc import MutableMapping, Sequence
from typing import Any

import structlog
from structlog.testing import LogCapture


def kept() -> Sequence[MutableMapping[str, Any]]:
    """Keep what would be logged instead, and return it as it grows."""
    said = LogCapture()
    structlog.configure(processors=[said], wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    return said.entries


def quiet() -> None:
    """Log nothing but what is critical."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
