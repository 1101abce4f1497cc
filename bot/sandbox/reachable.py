"""Whether Slack could fetch a picture: it does so from the internet, while it takes the message.

Nothing is fetched here: an address counts as one that can be fetched unless nobody outside can have it, because its
name or number is of this network alone, or none at all.

What Slack answers then: https://github.com/slackapi/python-slack-sdk/issues/1782
"""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

# https://www.rfc-editor.org/rfc/rfc2606 and rfc6762
_NOWHERE: Final = (".invalid", ".test", ".localhost", ".local", ".internal")


def is_reachable(address: object) -> bool:
    """Tell whether Slack could fetch it; what is no text is found wrong elsewhere."""
    if not isinstance(address, str):
        return True
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    name = parts.hostname or ""
    try:
        return parts.scheme in {"http", "https"} and ipaddress.ip_address(name).is_global
    except ValueError:
        return parts.scheme in {"http", "https"} and "." in name and not name.endswith(_NOWHERE)
