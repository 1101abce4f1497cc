"""What commands share that talk with a terminal: text that changes nothing in it, and who sits there."""

import getpass

from bot.domain.ids import UserId


def printable(text: str, *, keep: str = "") -> str:
    """Return text that changes nothing in a terminal, whatever an alert says; what is in `keep` stays as it is."""
    return "".join(one if one.isprintable() or one in keep else one.encode("unicode_escape").decode() for one in text)


def who(by: str) -> UserId:
    """Return who says so: whom the option names, else who is logged in."""
    return UserId(by.strip() or getpass.getuser())
