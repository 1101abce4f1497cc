"""Who performs work, and which waiting lane goes first."""

from enum import IntEnum, StrEnum


class Track(StrEnum):
    """Who performs it: each track has workers of its own, so that paging never waits behind chat.

    The pager's and chat's have one far side each; ERRANDS go to any other, or to several.
    """

    PAGER = "pager"
    CHAT = "chat"
    CLOCK = "clock"
    INTAKE = "intake"
    ERRANDS = "errands"


class Urgency(IntEnum):
    """Which waiting lane goes first when a slot is scarce; CHANNEL and below add the incident's severity rank to it.

    Alerts come by the thousand, so they go last: nobody who is called into an incident waits behind them.
    """

    NOW = 0
    CHANNEL = 10
    PEOPLE = 20
    TRIMMING = 30
    ALERTS = 40
    GROUP_NEWS = 50
