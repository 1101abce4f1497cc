"""What names a request of a client of the HTTP API: its key, else what it says, and then for a short while only."""

from datetime import timedelta
from typing import Final

from bot.errors import MusterError

TOLD_AGAIN_WITHIN: Final = timedelta(minutes=5)


class KeyTakenError(MusterError):
    """The key of a request named another one before."""
