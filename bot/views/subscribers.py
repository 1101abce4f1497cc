"""What subscribers read in their direct messages, and what they are told who subscribe."""

from collections.abc import Sequence
from typing import Final, assert_never

from bot.domain.course_events import IncidentDeclined, IncidentMerged, IncidentReopened
from bot.domain.events import IncidentResolved, Told, UpdateSent
from bot.domain.model import Incident
from bot.domain.subscriptions import ALL, Topic
from bot.domain.text import cut, one_line
from bot.views.actions import Action
from bot.views.blocks import (
    Block,
    Message,
    actions,
    bold,
    button,
    code,
    context,
    date,
    line,
    mention,
    message,
    prose,
    section,
)
from bot.views.standing import in_short, more_of_update
from bot.views.words import and_more, named

_SHOWN: Final = 8
_TEXT_LIMIT: Final = 1500
_SHORT: Final = 300


def to_subscriber(incident: Incident, told: Sequence[Told]) -> Message:
    """Return what is told together, the newest last; at most the newest eight of it."""
    newest = told[-_SHOWN:]
    last = newest[-1]
    return message(
        f"{named(incident)}: {cut(one_line(_in_words(last)), _SHORT)}",
        section(in_short(incident)),
        context(and_more(len(told) - len(newest))),
        *(block for event in newest for block in _one(event)),
        actions(
            _goes_on(last),
            button("Unsubscribe", Action.UNSUBSCRIBE, str(incident.id), spoken=f"Unsubscribe From {incident.label}"),
        ),
    )


def subscribed(topic: Topic, *, wanted: bool) -> Message:
    """Say what somebody will hear of from now on."""
    what = _named(topic)
    if not wanted:
        short = "You get no more updates in direct messages." if topic == ALL else f"You get no more updates of {what}."
        return message(short, section(short))
    return message(
        f"You get the updates of {what} in a direct message.",
        section(f"You get the updates of {what} in a direct message, several within five minutes together."),
        context(line("No more: ", code(f"/incident subscribe off{'' if topic == ALL else f' {what}'}"))),
    )


def _named(topic: Topic) -> str:
    if topic == ALL:
        return "all incidents"
    kind, _, name = topic.partition(":")
    return f"INC-{name}" if kind == "incident" else topic


def _goes_on(event: Told) -> Block | None:
    """Return the button by which one hears of the incident in which this one goes on."""
    if not isinstance(event, IncidentMerged):
        return None
    other = f"INC-{event.into}"
    spoken = f"Subscribe to the Updates of {other}"
    return button(f"Subscribe to {other}", Action.SUBSCRIBE, str(event.into), spoken=spoken)


def _in_words(event: Told) -> str:
    match event:
        case UpdateSent(text=text):
            return text
        case IncidentResolved(resolution=resolution):
            return f"resolved: {resolution}"
        case IncidentReopened(reason=reason):
            return f"reopened: {reason}"
        case IncidentDeclined(reason=reason):
            return f"no incident: {reason}"
        case IncidentMerged(into=into, title=title):
            return f"merged into INC-{into}: {title}"
        case _:
            assert_never(event)


def _one(event: Told) -> list[Block | None]:
    who = line(" by ", mention(event.by)) if event.by else ""
    what, text = _headed(event)
    head = section(line(bold(what), who, ", ", date(event.at)))
    more = more_of_update(event.impact, event.doing) if isinstance(event, UpdateSent) else None
    return [head, section(prose(cut(text, _TEXT_LIMIT))), more]


def _headed(event: Told) -> tuple[str, str]:
    match event:
        case UpdateSent(text=text):
            return "Update", text
        case IncidentResolved(resolution=text):
            return "Resolved", text
        case IncidentReopened(reason=text, by=None):
            return "Reopened, its alert fired again", text
        case IncidentReopened(reason=text):
            return "Reopened", text
        case IncidentDeclined(reason=text):
            return "Declined, it is no incident", text
        case IncidentMerged(into=into, title=text):
            return f"Merged, it goes on in INC-{into}", text
        case _:
            assert_never(event)
