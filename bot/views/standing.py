"""How an incident stands, as the card, the announcement and direct messages say it alike."""

from datetime import datetime, timedelta
from typing import Final

from bot.domain.model import Incident, PageTaken
from bot.domain.privacy import Outside, is_hidden
from bot.domain.text import cut, one_line, sentence_of
from bot.views.blocks import (
    Block,
    Moment,
    Safe,
    bold,
    channel_link,
    date,
    escape,
    fields,
    line,
    mention,
    prose,
    section,
)
from bot.views.words import STATUSES, duration, named, update_parts

# What stands in the place of a private incident, for who may not see it.
IN_PRIVATE: Final = "In a private incident"
_TEXT_LIMIT: Final = 2500
_NAME_LIMIT: Final = 80
_PART_LIMIT: Final = 1000
_REASON_LIMIT: Final = 120
# Beyond this a time of day alone would not say which day.
_SOON: Final = timedelta(hours=12)


def summary(incident: Incident) -> str:
    """Return an incident in a sentence or two, for those who see no blocks."""
    state = f"{named(incident)}: {incident.severity.label}, {STATUSES[incident.status].lower()}."
    if not incident.status.is_open:
        return f"{state} {cut(one_line(_last_word(incident)), _TEXT_LIMIT)}".strip()
    told = f" Last update: {cut(one_line(incident.last_update.text), _TEXT_LIMIT)}" if incident.last_update else ""
    vacant = "" if incident.commander else " Nobody is in command."
    return f"{state}{vacant}{told}"


def in_short(incident: Incident) -> Safe:
    """Return an incident in one line, for who reads of it elsewhere: how bad it is, what, and where to go."""
    where = channel_link(incident.channel, incident.channel_name)
    how = sentence_of(f", {STATUSES[incident.status].lower()}: {incident.title}") + " "
    return line(bold(incident.severity.label), how, where)


def by_whom(incident: Incident) -> Safe | None:
    """Return who declared it: " by " somebody, or by a rule."""
    if incident.declared_by:
        return line(" by ", mention(incident.declared_by))
    return line(" by rule ", bold(incident.rule)) if incident.rule else None


def reopened(incident: Incident) -> list[tuple[str, Safe]]:
    """Return when it was opened again, last of how often; nothing when it never was."""
    if incident.running_since is None or not incident.reopened:
        return []
    return [("Reopened", line(date(incident.running_since), f" ({_times(incident.reopened)})"))]


def story(incident: Incident) -> list[Block]:
    """Return what was last told of an open incident, or what ended it."""
    if not incident.status.is_open:
        return _resolution(incident)
    update = incident.last_update
    if update is None:
        return []
    who = line(bold("Last update"), " by ", mention(update.by), ", ", date(update.at))
    said = [section(who), section(prose(cut(update.text, _TEXT_LIMIT))), more_of_update(update.impact, update.doing)]
    return [block for block in said if block]


def more_of_update(impact: str, doing: str) -> Block | None:
    """Return what else was told in an update, side by side; nothing when nothing was."""
    return fields([(name, prose(cut(said, _PART_LIMIT))) for name, said in update_parts(impact, doing)])


def due(incident: Incident, now: datetime) -> Safe | None:
    """Return when the next update is owed, or since when; None when none is."""
    owed = incident.update_due
    if owed is None or not incident.status.is_open:
        return None
    shown = near(owed, now)
    if owed <= now:
        return line(bold("Update overdue"), " since ", shown)
    why = one_line(incident.snooze.reason, _REASON_LIMIT) if incident.snooze else ""
    return line("Next update due ", shown, *((", put off: ", why) if why else ()))


def near(moment: datetime, now: datetime) -> Safe:
    """Return a moment by its time of day alone, where that cannot be taken for another day's."""
    return date(moment, Moment.TIME if abs(moment - now) < _SOON else Moment.DAY_AND_TIME)


def in_pager(incident: Incident | None) -> Safe | None:
    """Return who has taken an open incident's page up in the pager itself, if somebody has."""
    taken = incident.page_taken if incident and incident.status.is_open else None
    return line(answered(taken), ", ", date(taken.at, Moment.TIME)) if taken and taken.in_pager else None


def answered(taken: PageTaken) -> Safe:
    """Return who has taken a page up in the pager itself, by the name there."""
    who = f" by {one_line(taken.name, _NAME_LIMIT)}" if taken.name else ""
    return line("Acknowledged in PagerDuty", who)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _last_word(incident: Incident) -> str:
    return incident.set_aside.reason if incident.set_aside else incident.resolution or ""


def _resolution(incident: Incident) -> list[Block]:
    if aside := incident.set_aside:
        who = line(" by ", mention(aside.by)) if aside.by else None
        said = line(bold(STATUSES[incident.status]), who or "", ", ", date(aside.at))
        return [section(said), section(prose(cut(aside.reason, _TEXT_LIMIT)))]
    if incident.resolved_at is None:
        return []
    took = duration(incident.resolved_at - incident.declared_at)
    when = line(bold("Resolved"), " ", date(incident.resolved_at), f" after {took}")
    return [section(when), section(prose(cut(incident.resolution or "", _TEXT_LIMIT)))]


def where(incident: Incident | Outside) -> Safe:
    """Return which incident it is, and its channel, as far as the reader may know."""
    if is_hidden(incident):
        return escape(IN_PRIVATE)
    return line(incident.label, " ", channel_link(incident.channel, incident.channel_name))
