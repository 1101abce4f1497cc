"""What commands share that talk with a terminal: text that changes nothing in it, and who sits there."""

import getpass

from bot.domain.model import UserId


def printable(text: str) -> str:
    """Return a line that changes nothing in a terminal, whatever an alert says."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def who(by: str) -> UserId:
    """Return who says so: whom the option names, else who is logged in."""
    return UserId(by.strip() or getpass.getuser())
