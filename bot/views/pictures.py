"""The picture of what fires: what its source drew, under the message, where Slack may be able to fetch it.

Slack fetches a picture itself, from outside. An address that only this network knows is linked, as every picture is.
"""

import ipaddress
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from bot.domain.alerts_model import Alert, AlertStatus
from bot.domain.policy import Policy
from bot.domain.text import cut
from bot.views.blocks import Block, Message, image, web_address
from bot.views.words import source_name

_HEADLINE_LIMIT: Final = 200
# Names that networks keep to themselves (RFC 6762, RFC 8375, and by custom).
_INSIDE: Final = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa")


def picture(alerts: Iterable[Alert], policy: Policy) -> Block | None:
    """Return the first picture of those that fire, the gravest first; None when there is none to be shown."""
    if not policy.pictures:
        return None
    for report in (one.report for one in alerts if one.status is AlertStatus.FIRING):
        address = web_address(report.image_url)
        if address and _is_outside(address):
            drawn = f"{source_name(report.source)}'s picture of it: {cut(report.headline, _HEADLINE_LIMIT)}"
            return image(address, drawn)
    return None


def without_pictures(message: Message) -> Message:
    """Return a message without its pictures; the links to them stay."""
    return Message(message.text, tuple(block for block in message.blocks if block["type"] != "image"))


def pictured(message: Message) -> frozenset[str]:
    """Return the hosts that a message's pictures are fetched from."""
    addresses = (str(block["image_url"]) for block in message.blocks if block["type"] == "image")
    return frozenset(urlsplit(address).netloc for address in addresses)


def _is_outside(address: str) -> bool:
    name = (urlsplit(address).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(name).is_global
    except ValueError:
        return "." in name and not name.endswith(_INSIDE)
