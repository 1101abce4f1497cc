"""Pictures that are wrong in one place: what is easier painted than planted in a world."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.action_items import ActionReminded
from bot.domain.course_events import IncidentAccepted, IncidentReopened
from bot.domain.events import CommandVacant, Event, IncidentResolved, RoleAssigned, StatusChanged, UpdateOverdue
from bot.domain.ids import IncidentId, UserId
from bot.domain.message_events import MessagePosted
from bot.domain.model import Severity, Status
from bot.domain.page_events import PagerAnswered, PagerSilent
from bot.domain.roles_model import Role
from bot.domain.set_aside import SetAside
from bot.domain.unacknowledged import AcknowledgementMissed
from tests.invariants.picture import Call, Log, Picture, Row, Waiting

Spoil = Callable[[Picture], Picture]
N: Final = IncidentId(1)
ANA, BO = UserId("U0ANA"), UserId("U0BO")
SECOND: Final = timedelta(seconds=1)


def _log(seen: Picture) -> Log:
    assert seen.accepted
    old = seen.accepted
    return Log(
        declared=list(old.declared),
        messages=Counter(old.messages),
        resolved=set(old.resolved),
        assigned=Counter(old.assigned),
        webhooks=old.webhooks,
    )


def _promised(change: Callable[[Log], object]) -> Spoil:
    def spoil(seen: Picture) -> Picture:
        log = _log(seen)
        change(log)
        return replace(seen, accepted=log)

    return spoil


def _row(event: Event, seq: int) -> Row:
    return Row(seq=seq, at=event.at, kind=event.kind, body="", hash="", event=event)


def _happens(make: Callable[[Picture], Event]) -> Spoil:
    """Let one more thing happen to the first incident, at the end of its timeline."""

    def spoil(seen: Picture) -> Picture:
        rows = seen.timelines[N]
        return replace(seen, timelines={**seen.timelines, N: (*rows, _row(make(seen), len(rows) + 1))})

    return spoil


def _missed(at: datetime) -> Event:
    return AcknowledgementMissed(at=at, severity=Severity.SEV1, within=SECOND)


def _again(kind: type[Event]) -> Spoil:
    return _happens(lambda seen: next(event for event in seen.events(N) if isinstance(event, kind)))


def _without(kind: type[Event]) -> Spoil:
    def spoil(seen: Picture) -> Picture:
        rows = tuple(row for row in seen.timelines[N] if not isinstance(row.event, kind))
        return replace(seen, timelines={**seen.timelines, N: rows})

    return spoil


def _overdue(*, after: timedelta) -> Spoil:
    def make(seen: Picture) -> Event:
        return UpdateOverdue(at=seen.now + after, due=seen.now, n=seen.incidents[N].reminded + 1)

    return _happens(make)


def _calls(*, later: timedelta) -> Spoil:
    def spoil(seen: Picture) -> Picture:
        limited = Call(method="chat.update", at=seen.now, ended=seen.now, wait=timedelta(seconds=30))
        return replace(seen, calls=(limited, Call(method="chat.update", at=seen.now + later, ended=seen.now + later)))

    return spoil


def _same_channel(seen: Picture) -> Picture:
    second = replace(seen.incidents[IncidentId(2)], channel=seen.incidents[N].channel)
    return replace(seen, incidents={**seen.incidents, IncidentId(2): second})


def _set_aside(seen: Picture) -> Picture:
    aside = Waiting(
        id=9999, kind="slack.topic", key="topic:1", lane="topic:1", incident=N, due=seen.now, quarantined=True
    )
    return replace(seen, effects=(*seen.effects, aside))


def _one_token(seen: Picture) -> Picture:
    until = seen.now + SECOND
    return replace(seen, lanes=tuple(replace(lane, token="a:1", leased_until=until) for lane in seen.lanes))


def _at(seen: Picture) -> StatusChanged:
    return StatusChanged(at=seen.now, by=ANA, status=Status.MONITORING, previous=Status.IDENTIFIED)


def _unanswered(seen: Picture) -> Picture:
    """Let the page of an open incident be on its way, and nobody look whether it arrives."""
    waiting = replace(seen.incidents[IncidentId(2)], page_accepted_at=None)
    effects = tuple(one for one in seen.effects if one.kind != "timer.page")
    return replace(seen, incidents={**seen.incidents, IncidentId(2): waiting}, effects=effects)


def _uncalled(seen: Picture) -> Picture:
    unanswered, number = _unanswered(seen), IncidentId(2)
    event = PagerSilent(at=seen.now, since=seen.now, called=(ANA,))
    last = seen.timelines[number][-1]
    row = replace(last, seq=last.seq + 1, kind=event.kind, event=event)
    return replace(unanswered, timelines={**seen.timelines, number: (*seen.timelines[number], row)})


def _uncopied(seen: Picture) -> Picture:
    return replace(seen, groups=tuple(replace(group, copies=("incidents",)) for group in seen.groups))


def _merged_alone(seen: Picture) -> Picture:
    aside = SetAside(at=seen.now, by=ANA, reason="INC-1", into=N)
    second = replace(seen.incidents[IncidentId(2)], set_aside=aside)
    return replace(seen, incidents={**seen.incidents, IncidentId(2): second})


def _unannounced(seen: Picture) -> Picture:
    return replace(seen, incidents={**seen.incidents, N: replace(seen.incidents[N], unannounced=True)})


def _kept_private(seen: Picture) -> Picture:
    return replace(seen, incidents={**seen.incidents, N: replace(seen.incidents[N], private=True)})


SPOILT: Final[Mapping[str, tuple[str, Spoil]]] = {
    "an incident was promised": ("I1", _promised(lambda log: log.declared.append(IncidentId(7)))),
    "a message was promised": ("I1", _promised(lambda log: log.messages.update({(N, "1.000001"): 1}))),
    "an end was promised": ("I1", _promised(lambda log: log.resolved.add(IncidentId(2)))),
    "a role was promised": ("I1", _promised(lambda log: log.assigned.update({(N, Role.SCRIBE, ANA): 1}))),
    "webhooks were promised": ("I1", _promised(lambda log: setattr(log, "webhooks", 99))),
    "one declaration was promised twice": ("I2", _promised(lambda log: log.declared.append(N))),
    "a message that nobody wrote": ("I2", _promised(lambda log: log.messages.clear())),
    "an end that nobody asked for": ("I2", _promised(lambda log: log.resolved.clear())),
    "a role that nobody gave": ("I2", _promised(lambda log: log.assigned.clear())),
    "a message is recorded twice": ("I2", _again(MessagePosted)),
    "it ends twice": ("I2", _again(IncidentResolved)),
    "it is paged twice": ("I2", _again(PagerAnswered)),
    "two incidents in one channel": ("I3", _same_channel),
    "a copy of an alert's message is missing": ("I4", _uncopied),
    "a reminder is decided before its time": ("I6", _overdue(after=-SECOND)),
    "a reminder is decided too late": ("I6", _overdue(after=6 * SECOND)),
    "a reminder is counted twice": ("I6", _happens(lambda seen: UpdateOverdue(at=seen.now, due=seen.now, n=1))),
    "a reminder after the end": ("I9", _happens(lambda seen: CommandVacant(at=seen.now, n=99))),
    "not acknowledged, though somebody has it": ("I6", _happens(lambda seen: _missed(seen.now))),
    "not acknowledged, after the end": ("I9", _happens(lambda seen: _missed(seen.now))),
    "the pager never answered": ("I8", _without(PagerAnswered)),
    "nobody looks after a page": ("I7", _unanswered),
    "who is on call was called and hears nothing": ("I7", _uncalled),
    "a page for nothing": ("I8", lambda seen: replace(seen, pages={**seen.pages, (N, 0): ()}, woken={(N, 0): 2})),
    "a reminder of something to do that is no more": (
        "I6",
        _happens(lambda seen: ActionReminded(at=seen.now, n=1, text="Mend it", count=1, user=BO)),
    ),
    "a status after the end": ("I11", _happens(_at)),
    "accepted though it never was in triage": (
        "I11",
        _happens(lambda seen: IncidentAccepted(at=seen.now, by=ANA, update_every=SECOND)),
    ),
    "reopened out of its turn": (
        "I11",
        _happens(lambda seen: IncidentReopened(at=seen.now, by=ANA, n=7, reason="It is back", update_every=SECOND)),
    ),
    "merged, and the other knows nothing of it": ("I11", _merged_alone),
    "a private incident in a public channel, and announced": ("I13", _kept_private),
    "announced though it never left triage": ("I4", _unannounced),
    "a role is taken from somebody who had it not": (
        "I11",
        _happens(lambda seen: RoleAssigned(at=seen.now, by=ANA, role=Role.SCRIBE, user=ANA, previous=BO)),
    ),
    "a secret in the log": ("I14", lambda seen: replace(seen, written={"the log": f"token={seen.secrets[0]}"})),
    "a call half a minute too early": ("I16", _calls(later=SECOND)),
    "two lanes under one token": ("I18", _one_token),
    "work is set aside and nobody is told": ("I20", _set_aside),
}
