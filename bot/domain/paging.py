"""Paging, and the second route: when the pager stays silent, who is on call is told in Slack.

The page itself goes on being tried until it is accepted: this is a second knock at the door, not another door.
Who takes the page up in Slack stops its ringing in the pager, and the other way round; what is heard from the pager is
never sent back to it.
"""

from datetime import timedelta

from bot.domain.draft import Draft, groups_shown
from bot.domain.ids import ServiceName, UserId
from bot.domain.model import Incident
from bot.domain.page_commands import HearPager
from bot.domain.page_events import PagerSilent, PagerTold
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
    *_, before, last = ("", *incident.channel_name.split("-"))
    times = incident.reopened if reopened is None else reopened
    again = f"-again-{times}" if times else ""
    return f"muster-{incident.label.lower()}-{last if len(last) > 1 else before}{again}"


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
    people = called_for(draft, incident.service)
    event = PagerSilent(at=draft.now, since=since, called=people)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    draft.do(*(CallPerson(incident=incident.id, user=user, reopened=incident.reopened) for user in people))


def taken_up(draft: Draft) -> None:
    """Let the pager know that somebody in Slack has taken the page up: nobody else is called for it."""
    ask(draft, PageAction.ACKNOWLEDGE)


def _heard(draft: Draft, command: HearPager) -> None:
    """Take in what was done with our page in the pager itself.

    A machine's word that changes nothing is our own come back. What comes late, after newer words or the end, is
    recorded when a person did it, and not said any more.
    """
    incident = draft.state.incident
    if incident is None or not incident.paged or page_key(incident) != command.key:
        return  # another Muster's, or from before this database
    takes = command.word in {"acknowledged", "resolved"}
    is_late = incident.pager_told_at is not None and command.told_at < incident.pager_told_at
    is_news = incident.status.is_open and not is_late
    is_own = takes and not command.name and incident.page_taken is not None
    if is_own or not (is_news or command.name):
        return
    event = PagerTold(
        at=max(incident.declared_at, min(command.told_at, draft.now)),
        word=command.word,
        name=command.name,
        to=command.to,
        rings=command.rings,
        told_at=command.told_at,
    )
    seq = draft.happened(event)
    if is_news:
        draft.say(seq, event, Place.CHANNEL)
        draft.refresh()
        draft.do(*groups_shown(incident))


def called_for(draft: Draft, service: ServiceName | None) -> tuple[UserId, ...]:
    """Return who is called when nobody is there yet: who is on call for the service, else its owners."""
    known = draft.policy.services.get(service) if service else None
    return on_call_for(draft, service) or (known.owners if known else ())


def on_call_for(draft: Draft, service: ServiceName | None) -> tuple[UserId, ...]:
    """Return who is on call for a service: as the pager last said, else as configured."""
    if service is None:
        return ()
    heard = (draft.state.on_call or {}).get(service, ())
    known = draft.policy.services.get(service)
    return heard or (known.on_call if known else ())
