"""Paging, and the second route: when the pager stays silent, who is on call is told in Slack.

The page itself goes on being tried until it is accepted: this is a second knock at the door, not another door.
Who takes the page up in Slack stops its ringing in the pager, and the other way round; what is heard from the pager is
never sent back to it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calls import Call
from bot.domain.draft import Draft, groups_shown
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.page_commands import HearPager
from bot.domain.page_events import PagerSilent, PagerTold
from bot.domain.policy import Policy
from bot.domain.privacy import may_be_told
from bot.domain.result_commands import PageOverdue
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.work import Page, PageAction, Place

SILENT_AFTER = timedelta(minutes=1)


def page_key(incident: Incident, reopened: int | None = None) -> str:
    """Return the name under which the pager knows a page: the same for trigger, acknowledge and resolve.

    It is the newest page, unless it is told after how many reopenings: each has a name of its own, so that what is on
    its way to the pager about an earlier one can neither swallow nor end it.

    The channel's random suffix is in it: INC-1 of a new database must not fold into the page of an old INC-1. It stays
    the same when the channel's name was taken, and a digit put behind it.
    """
    *_, before, last = ("", *(incident.pager_name or incident.channel_name).split("-"))
    times = incident.reopened if reopened is None else reopened
    again = f"-again-{times}" if times else ""
    return f"muster-{incident.label.lower()}-{last if len(last) > 1 else before}{again}"


def call_key(incident: Incident, call: Call) -> str:
    """Return the name under which the pager knows a call: it belongs to the page that was the newest then."""
    return f"{page_key(incident, call.reopened)}-{call.n}"


def page(draft: Draft) -> None:
    """Ask the pager to wake somebody, and look later whether it has taken that."""
    ask(draft, PageAction.TRIGGER)
    draft.do(AwaitPage(incident=draft.incident.id), due=draft.now + SILENT_AFTER)


def ask(draft: Draft, action: PageAction) -> None:
    """Ask something of the pager about the newest page."""
    draft.do(Page(incident=draft.incident.id, action=action, reopened=draft.incident.reopened))


def decide(draft: Draft, command: PageOverdue | HearPager) -> None:
    """Answer a page that nobody has accepted, or what was done with one in the pager."""
    if isinstance(command, PageOverdue):
        _overdue(draft)
    else:
        _heard(draft, command)


def _overdue(draft: Draft) -> None:
    """Look whether the pager has taken the page; if not, call who is on call, else the service's owners."""
    incident = draft.incident
    since = incident.page_missing_since
    if since is None:
        return
    people = tuple(user for user in called_for(draft, incident.service) if may_be_told(incident, user))
    event = PagerSilent(at=draft.now, since=since, called=people)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    draft.do(*(CallPerson(incident=incident.id, user=user, reopened=incident.reopened) for user in people))


def taken_up(draft: Draft) -> None:
    """Let the pager know that somebody in Slack has taken the page up: nobody else is called for it."""
    ask(draft, PageAction.ACKNOWLEDGE)


def _heard(draft: Draft, command: HearPager) -> None:
    """Take in what was done with our page, or with a call of its own, in the pager itself.

    A machine's word that changes nothing is our own come back. What comes late, after newer words or the end, is
    recorded when a person did it, and not said any more.
    """
    incident = draft.state.incident
    meant = _meant(incident, command.key) if incident else None
    if incident is None or meant is None:
        return  # another Muster's, or from before this database
    takes = command.word in {"acknowledged", "resolved"}
    is_late = meant.told_at is not None and command.told_at < meant.told_at
    is_news = incident.status.is_open and not is_late
    is_own = takes and not command.name and meant.is_taken
    if is_own or not (is_news or command.name):
        return
    event = PagerTold(
        at=max(incident.declared_at, min(command.told_at, draft.now)),
        word=command.word,
        name=command.name,
        to=command.to,
        rings=command.rings,
        n=meant.call.n if meant.call else 0,
        callee=meant.call.callee if meant.call else None,
        told_at=command.told_at,
    )
    seq = draft.happened(event)
    if is_news:
        draft.say(seq, event, Place.CHANNEL)
        draft.refresh()
        draft.do(*(() if meant.call else groups_shown(incident)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """What the pager speaks of: a call, or the incident's own page; when it last did, and whether somebody has it."""

    call: Call | None = None
    told_at: datetime | None
    is_taken: bool


def _meant(incident: Incident, key: str) -> _Meant | None:
    """Find what the pager calls so, of what was asked of it since the incident was last reopened."""
    if incident.paged and page_key(incident) == key:
        return _Meant(told_at=incident.pager_told_at, is_taken=incident.page_taken is not None)
    of_now = (one for one in incident.calls if one.by_pager and one.reopened == incident.reopened)
    call = next((one for one in of_now if call_key(incident, one) == key), None)
    return _Meant(call=call, told_at=call.told_at, is_taken=call.taken_at is not None) if call else None


def called_for(draft: Draft, service: ServiceName | None) -> tuple[UserId, ...]:
    """Return who is called when nobody is there yet: who is on call for the service, else its owners."""
    known = draft.policy.services.get(service) if service else None
    return on_call_for(draft, (service,) if service else ()) or (known.owners if known else ())


def on_call_for(draft: Draft, services: Iterable[ServiceName]) -> tuple[UserId, ...]:
    """Return who is on call for services, each person once: as the pager last said, else as configured."""
    roster = draft.state.on_call or {}
    return tuple(dict.fromkeys(user for one in services for user in on_call_of(draft.policy, roster, one)))


def on_call_of(
    policy: Policy, roster: Mapping[ServiceName, tuple[UserId, ...]], service: ServiceName
) -> tuple[UserId, ...]:
    """Return who is on call for a service: by the roster, which is what the pager last said, else as configured."""
    known = policy.services.get(service)
    return roster.get(service, ()) or (known.on_call if known else ())
