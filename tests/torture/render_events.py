"""What happens to an incident, told in texts that were made to break what shows them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.domain.alert_events import AlertAttached, AlertEnded, AlertFlapping
from bot.domain.calls import Callee, CalleeKind
from bot.domain.course_events import (
    IncidentAbsorbed,
    IncidentAccepted,
    IncidentDeclined,
    IncidentMerged,
    IncidentReopened,
)
from bot.domain.events import DeliveryFailed, Event, IncidentDeclared, IncidentResolved, UpdateSent
from bot.domain.ids import AlertId, MessageTs
from bot.domain.message_events import MessageEdited, MessagePosted
from bot.domain.model import Severity
from bot.domain.page_events import PagerTold
from tests.torture.pieces import maybe, text, web_url
from tests.torture.steady import Dice
from tests.views import samples

PEOPLE: Final = (samples.ANA, samples.BO, samples.CLEO)


def any_event(dice: Dice) -> Event:
    """Return something that happened, told in a text of its seed."""
    at, by, ts = samples.AT, dice.one_of(PEOPLE), MessageTs("1.1")
    number, every = samples.INCIDENT.id, timedelta(minutes=30)
    makers: tuple[Callable[[], Event], ...] = (
        lambda: IncidentDeclared(
            at=at,
            by=by,
            incident=number,
            title=text(dice),
            severity=Severity.SEV1,
            channel_name="x",
            update_every=every,
        ),
        lambda: AlertAttached(at=at, alert=AlertId("a"), title=text(dice), starts_at=at, rule=maybe(dice, text(dice))),
        lambda: AlertEnded(at=at, alert=AlertId("a"), title=text(dice), ended_at=at, unheard_for=every),
        lambda: AlertFlapping(at=at, alert=AlertId("a"), title=text(dice), since=at, turns=4),
        lambda: UpdateSent(at=at, by=by, text=text(dice), update_every=every),
        lambda: MessagePosted(at=at, by=by, ts=ts, text=text(dice), permalink=web_url(dice), files=(text(dice),)),
        lambda: MessageEdited(at=at, by=by, ts=ts, text=text(dice), permalink=web_url(dice)),
        lambda: DeliveryFailed(at=at, what=text(dice), reason=text(dice)),
        lambda: PagerTold(
            at=at,
            told_at=at,
            word=dice.one_of(("acknowledged", "reassigned", "resolved")),
            name=text(dice),
            to=(text(dice),),
            callee=dice.one_of((None, Callee(kind=CalleeKind.SERVICE, name=text(dice)))),
        ),
        lambda: IncidentResolved(at=at, by=by, resolution=text(dice)),
        lambda: IncidentReopened(at=at, by=dice.one_of((by, None)), n=1, reason=text(dice), update_every=every),
        lambda: IncidentAccepted(at=at, by=None, rule=text(dice), update_every=every),
        lambda: IncidentDeclined(at=at, by=by, reason=text(dice)),
        lambda: IncidentMerged(at=at, by=by, into=samples.INCIDENT.id, title=text(dice)),
        lambda: IncidentAbsorbed(at=at, by=by, incident=samples.INCIDENT.id, title=text(dice)),
    )
    return dice.one_of(makers)()


def declared(dice: Dice) -> IncidentDeclared:
    """Return how an incident of such a title begins."""
    return IncidentDeclared(
        at=samples.AT, by=samples.ANA, incident=samples.INCIDENT.id, title=text(dice), severity=Severity.SEV1,
        channel_name="x", update_every=timedelta(minutes=30),
    )  # fmt: skip
