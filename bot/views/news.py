"""What changed in a group, in a few words: for the notes in its thread, and for a message that has no notes."""

from typing import Final

from bot.domain.groups_model import Group, News
from bot.domain.storms_model import Stand
from bot.domain.text import cut, one_line
from bot.views.blocks import Block, Moment, Safe, bold, context, date, joined, line, lines
from bot.views.graver import change_lines
from bot.views.silent import unheard_news

_TITLE_LIMIT: Final = 120


def counts(group: Group, news: News) -> list[str]:
    """Return how many came and went."""
    parts = []
    if news.fired:
        parts.append(f"+{news.fired} firing{' again' if news.again else ''}")
    if news.resolved:
        over = group.is_over and not (news.fired or group.unheard)
        parts.append(f"All {group.total} resolved" if over else f"{news.resolved} resolved")
    return [*parts, *filter(None, [unheard_news(group, news)])]


def told(group: Group, news: News) -> Safe | None:
    """Return how many came and went, and a few of those that came by name."""
    parts = counts(group, news)
    more = f" and {news.fired - len(news.titles)} more" if news.fired > len(news.titles) > 0 else ""
    titles = [line(cut(one_line(title), _TITLE_LIMIT)) for title in news.titles]
    named = line(": ", joined("; ", titles), more) if titles else ""
    return line(bold(parts[0]), named, *(line(", ", bold(part)) for part in parts[1:])) if parts else None


def latest_line(group: Group) -> Block | None:
    """Return what changed last in a group whose message stands in a storm's thread, where nothing else can tell it."""
    if group.stand is not Stand.THREAD or not group.latest:
        return None
    told_of = (line(date(one.at, Moment.TIME), " ", _what(group, one.news)) for one in reversed(group.latest))
    return context(lines("Last changes:", *told_of))


def _what(group: Group, news: News) -> Safe:
    return joined("; ", (*change_lines(news), told(group, news)))
