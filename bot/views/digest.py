"""The message of a digest: what fired since the last one, how often, and what of it still does."""

from datetime import datetime
from typing import Final

from bot.domain.digests_model import Entry
from bot.domain.group_work import PostDigest
from bot.domain.text import cut, one_line
from bot.views.blocks import (
    Message,
    Moment,
    Safe,
    bold,
    code,
    context,
    date,
    header,
    line,
    link,
    message,
    sections,
)
from bot.views.standing import near
from bot.views.words import ALERT_SEVERITIES, and_more, duration

_NAME_LIMIT: Final = 80
# What is longer costs a message of many rows more room than it is worth.
_ADDRESS_LIMIT: Final = 400


def digest_message(work: PostDigest) -> Message:
    """Render a digest."""
    fires = f"{work.firing} still firing" if work.firing else "nothing still fires"
    head = f"Digest: {work.fired} {'alert' if work.fired == 1 else 'alerts'} fired, {fires}"
    rows = [_row(entry, work.until) for entry in work.entries]
    return message(
        head,
        header(head),
        *sections(rows),
        context(and_more(work.groups - len(rows)), line("All that fires: ", code("/incident alerts"))),
    )


def _row(entry: Entry, until: datetime) -> Safe:
    address = entry.url if len(entry.url or "") <= _ADDRESS_LIMIT else None
    named = bold(link(address, one_line(entry.title)))
    whom = line(" for ", cut(one_line(entry.service), _NAME_LIMIT)) if entry.service else ""
    return line("• ", ALERT_SEVERITIES[entry.severity], ": ", named, whom, ", ", _times(entry), _now(entry, until))


def _times(entry: Entry) -> str:
    match entry.fired:
        case 0:
            return "from before, "
        case 1:
            return ""
        case _:
            return f"{entry.fired} times, "


def _now(entry: Entry, until: datetime) -> Safe:
    if entry.firing:
        many = f" ({entry.firing})" if entry.firing > 1 else ""
        since = line(" since ", date(entry.began_at, Moment.DAY_AND_TIME))
        return line(bold("still firing"), many, since, f" ({duration(until - entry.began_at)})")
    ended = entry.ended_at or entry.began_at
    return line("over at ", near(ended, until), f" (after {duration(ended - entry.began_at)})")
