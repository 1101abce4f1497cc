"""Paging, and the second route: when the pager stays silent, who is on call is told in Slack.

The page itself goes on being tried until it is accepted: this is a second knock at the door, not another door.
"""

from datetime import timedelta

from bot.domain.draft import Draft
from bot.domain.events import PagerSilent
from bot.domain.model import ServiceName, UserId
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.work import Page, PageAction, Place

SILENT_AFTER = timedelta(minutes=1)


def page(draft: Draft) -> None:
    """Ask the pager to wake somebody, and look later whether it has taken that."""
    number = draft.incident.id
    draft.do(Page(incident=number, action=PageAction.TRIGGER))
    draft.do(AwaitPage(incident=number), due=draft.now + SILENT_AFTER)


def overdue(draft: Draft) -> None:
    """Look whether the pager has taken the page; if not, call who is on call, else the service's owners."""
    incident = draft.incident
    since = incident.page_missing_since
    if since is None:
        return
    known = draft.policy.services.get(incident.service) if incident.service else None
    people = on_call_for(draft, incident.service) or (known.owners if known else ())
    event = PagerSilent(at=draft.now, since=since, called=people)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    draft.do(*(CallPerson(incident=incident.id, user=user) for user in people))


def on_call_for(draft: Draft, service: ServiceName | None) -> tuple[UserId, ...]:
    """Return who is on call for a service: as the pager last said, else as configured."""
    if service is None:
        return ()
    heard = (draft.state.on_call or {}).get(service, ())
    known = draft.policy.services.get(service)
    return heard or (known.on_call if known else ())
