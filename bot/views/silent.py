"""What is said of alerts that count as over because nothing was heard of them: never that they are resolved."""

from typing import Final

from bot.domain.groups_model import Group, News
from bot.views.words import duration

RESOLVED: Final = "Resolved"


def ending(group: Group) -> str:
    """Return how a group ended, in a word or a few."""
    if group.unheard_for is None or group.unheard < group.total:
        return RESOLVED
    return f"Not heard of for {duration(group.unheard_for)}, counts as over"


def some_unheard(group: Group) -> str | None:
    """Return how many of a group count as over though nobody said so, when not all of them do."""
    if group.unheard_for is None or not 0 < group.unheard < group.total:
        return None
    return f"{group.unheard} of {group.total} not heard of for {duration(group.unheard_for)}"


def unheard_news(group: Group, news: News) -> str | None:
    """Return how many were not heard of any more since it was last told."""
    if not news.unheard or group.unheard_for is None:
        return None
    return f"{news.unheard} not heard of for {duration(group.unheard_for)}, counted as over"
