"""One event of each kind that can happen to an incident, for those who look how it is said."""

from datetime import timedelta

from bot.domain.alert_events import AlertAcknowledged, AlertAttached, AlertEnded
from bot.domain.comms import CommsArchived, CommsAsked, CommsOpened
from bot.domain.events import (
    ChannelOpened,
    CommandVacant,
    DeliveryFailed,
    Event,
    IncidentDeclared,
    IncidentResolved,
    ReminderPosted,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    UpdateOverdue,
    UpdateSent,
)
from bot.domain.handovers import DutiesTicked, HandoverEnded, HandoverOffered, HandoverUnanswered
from bot.domain.ids import AlertId, ChannelId, IncidentId, MessageTs
from bot.domain.latecomers import LatecomerJoined
from bot.domain.message_events import MessageDeleted, MessageEdited, MessagePosted
from bot.domain.model import Milestone, Severity, Status
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.page_events import PagerAnswered, PagerSilent
from bot.domain.roles_model import Role
from bot.domain.snoozing import UpdateSnoozed
from bot.domain.unacknowledged import AcknowledgementMissed
from tests.views.samples import ANA, AT, BO, CLEO

EVERY = timedelta(minutes=10)
A1 = AlertId("a1")
LINK = "https://northwind.slack.com/archives/C0INC42/p1763735400000100"
DECLARED = IncidentDeclared(
    at=AT, by=ANA, incident=IncidentId(42), title="checkout is down", severity=Severity.SEV2, channel_name="inc-42",
    update_every=EVERY,
)  # fmt: skip
SAID = MessagePosted(at=AT, by=BO, ts=MessageTs("1.1"), text="<@U0ANA> look", permalink=LINK, files=("a.png",))
EVENTS: dict[str, Event] = {
    "declared": DECLARED,
    "attached": AlertAttached(at=AT, alert=A1, title="5xx", starts_at=AT - EVERY),
    "acknowledged": AlertAcknowledged(at=AT, by=BO, alert=A1, title="5xx"),
    "ended": AlertEnded(at=AT, alert=A1, title="5xx", ended_at=AT),
    "opened": ChannelOpened(at=AT, channel=ChannelId("C1"), name="inc-42"),
    "took": RoleAssigned(at=AT, by=BO, role=Role.COMMANDER, user=BO),
    "took over": RoleAssigned(at=AT, by=BO, role=Role.COMMANDER, user=BO, previous=ANA),
    "handed over": RoleAssigned(at=AT, by=ANA, role=Role.COMMANDER, user=BO, previous=ANA),
    "asked": HandoverOffered(at=AT, by=ANA, n=1, role=Role.SCRIBE, user=BO, holder=CLEO),
    "declined": HandoverEnded(at=AT, by=BO, n=1, role=Role.SCRIBE, user=BO, holder=CLEO, how="declined"),
    "taken back": HandoverEnded(at=AT, by=ANA, n=1, role=Role.SCRIBE, user=BO, holder=CLEO, how="withdrawn"),
    "not answered": HandoverUnanswered(at=AT, n=1, role=Role.SCRIBE, user=BO, holder=CLEO),
    "came late": LatecomerJoined(at=AT, user=BO),
    "ticked": DutiesTicked(at=AT, by=BO, role=Role.SCRIBE, done=(0, 2), of=5),
    "given": RoleAssigned(at=AT, by=ANA, role=Role.SCRIBE, user=BO),
    "given on": RoleAssigned(at=AT, by=ANA, role=Role.SCRIBE, user=BO, previous=CLEO),
    "status": StatusChanged(at=AT, by=BO, status=Status.MONITORING, previous=Status.INVESTIGATING),
    "worse": SeverityChanged(at=AT, by=BO, severity=Severity.SEV1, previous=Severity.SEV2, update_every=EVERY),
    "better": SeverityChanged(at=AT, by=BO, severity=Severity.SEV3, previous=Severity.SEV2, update_every=EVERY),
    "update": UpdateSent(at=AT, by=BO, text="rolling\nback", update_every=EVERY),
    "snoozed": UpdateSnoozed(at=AT, by=BO, until=AT, reason="we wait"),
    "overdue": UpdateOverdue(at=AT, due=AT, n=1),
    "vacant": CommandVacant(at=AT, n=1),
    "reminded": ReminderPosted(at=AT, about="update", n=2),
    "reminded of triage": ReminderPosted(at=AT, about="triage", n=1),
    "reminded of command": ReminderPosted(at=AT, about="command", n=1),
    "said": SAID,
    "edited": MessageEdited(at=AT, by=BO, ts=MessageTs("1.1"), text="look here", permalink=LINK),
    "deleted": MessageDeleted(at=AT, ts=MessageTs("1.1")),
    "noted": NoteTaken(at=AT, by=BO, text="traffic moved", happened_at=AT - EVERY),
    "impact": MilestoneSet(at=AT, by=BO, milestone=Milestone.IMPACT_STARTED, happened_at=AT - EVERY, text="first 500s"),
    "paged": PagerAnswered(at=AT, action="trigger"),
    "page acknowledged": PagerAnswered(at=AT, action="acknowledge"),
    "page resolved": PagerAnswered(at=AT, action="resolve"),
    "silence": PagerSilent(at=AT, since=AT, called=(BO, CLEO)),
    "silence, nobody": PagerSilent(at=AT, since=AT),
    "not acknowledged": AcknowledgementMissed(at=AT, severity=Severity.SEV1, within=EVERY / 5),
    "failed": DeliveryFailed(at=AT, what="slack.topic", reason="missing_scope"),
    "asked for comms": CommsAsked(at=AT, by=BO, n=1),
    "comms": CommsOpened(at=AT, by=BO, channel=ChannelId("C2"), name="inc-42-comms-checkout"),
    "comms archived": CommsArchived(at=AT, channel=ChannelId("C2")),
    "resolved": IncidentResolved(at=AT + EVERY, by=BO, resolution="rolled back"),
}
