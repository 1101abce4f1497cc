"""Which of the messages in an incident's channel are kept without anybody asking for it."""

from enum import StrEnum


class Kept(StrEnum):
    """All, those of whoever holds a role when they write, or none but what is marked."""

    ALL = "all"
    LEADS = "leads"
    MARKED = "marked"
