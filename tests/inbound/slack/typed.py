"""What may be typed behind `/incident`: what is right and leads to which command, and what is wrong and why."""

from datetime import timedelta

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SetSeverity, SetStatus, SnoozeUpdate
from bot.domain.comms_commands import OpenComms
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.matchers import matchers_of
from bot.domain.model import Milestone, Severity, Status
from bot.domain.people_commands import CallPeople, Escalate, Invite
from bot.domain.record_commands import SetMilestone, TakeNote
from bot.domain.roles_model import Role
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.domain.task_commands import AddAction, LinkThing
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, BO

N = IncidentId(42)


def ic(user: str = BO) -> AssignRole:
    return AssignRole(incident=N, role=Role.COMMANDER, user=user, by=ANA)  # type: ignore[arg-type]


PERSON = Callee(kind=CalleeKind.PERSON, name=BO)
SERVICE = Callee(kind=CalleeKind.SERVICE, name="checkout")
GROUP = Callee(kind=CalleeKind.GROUP, name="S0LEADS", label="@leads")
# Ana lives in São Paulo, three hours behind UTC: there it is six in the morning, and this was last night.
AT_WALL = START.replace(hour=2, minute=50)


def note_at(text: str) -> TakeNote:
    return TakeNote(incident=N, text=text, by=ANA, happened_at=AT_WALL)


def milestone(which: Milestone, text: str = "") -> SetMilestone:
    return SetMilestone(incident=N, milestone=which, happened_at=AT_WALL, by=ANA, text=text)


GOOD: list[tuple[str, Command, str]] = [
    ("declare Checkout is down", Declare(title="Checkout is down", by=ANA), "Declaring INC-44 as SEV-3"),
    ("declare sev1 Checkout is down", Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1), "SEV-1"),
    ("declare Checkout is down p0", Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1), "SEV-1"),
    ("declare SEV-2: Checkout", Declare(title="Checkout", by=ANA, severity=Severity.SEV2), "SEV-2"),
    (
        "declare service:Checkout sev2 It is down",
        Declare(title="It is down", by=ANA, severity=Severity.SEV2, service=ServiceName("checkout")),
        "It is down",
    ),
    (
        "declare It is down service:“auth” sev2",
        Declare(title="It is down", by=ANA, severity=Severity.SEV2, service=ServiceName("auth")),
        "It is down",
    ),
    (
        "declare service:checkout,Auth Both are down service:CHECKOUT",
        Declare(title="Both are down", by=ANA, service=ServiceName("checkout"), also=(ServiceName("auth"),)),
        "Both are down",
    ),
    (
        "declare service:auth It is down service:checkout,",
        Declare(title="It is down", by=ANA, service=ServiceName("auth"), also=(ServiceName("checkout"),)),
        "It is down",
    ),
    (
        "declare triage sev2 Is it down?",
        Declare(title="Is it down?", by=ANA, severity=Severity.SEV2, triage=True),
        "INC-44 as SEV-2, in triage",
    ),
    ("declare fix the triage", Declare(title="fix the triage", by=ANA), "fix the triage"),
    ("declare p99 is up", Declare(title="p99 is up", by=ANA), "p99 is up"),
    ("declare our sev1 page fails", Declare(title="our sev1 page fails", by=ANA), "our sev1 page fails"),
    ("declare “payload too large”", Declare(title="payload too large", by=ANA), "payload too large"),
    ("declare A &amp; B &lt;!channel&gt;", Declare(title="A & B <!channel>", by=ANA), "A &amp; B &lt;!channel&gt;"),
    ("ic <@U0BO|bo>", ic(), "Incident Commander of INC-42"),
    ("ic", ic(ANA), "<@U0ANA>"),
    ("IC  me", ic(ANA), "<@U0ANA>"),
    ("ic INC-42 <@U0BO|bo>", ic(), "INC-42"),
    ("comms channel", OpenComms(incident=N, by=ANA), "being opened"),
    ("comms <@U0BO|bo>", AssignRole(incident=N, role=Role.COMMUNICATIONS, user=BO, by=ANA), "Communications Lead"),
    ("role ops <@U0BO|bo>", AssignRole(incident=N, role=Role.OPERATIONS, user=BO, by=ANA), "Operations Lead"),
    ("role scribe to <@U0BO>", AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA), "Scribe"),
    ("role planning", AssignRole(incident=N, role=Role.PLANNING, user=ANA, by=ANA), "Planning Lead"),
    ("role ic <@U0BO>", ic(), "Incident Commander"),
    ("handover ic <@U0BO|bo>", ic(), "Incident Commander of INC-42"),
    (
        "page <@U0BO|bo> checkout Nobody knows auth",
        CallPeople(incident=N, callees=(PERSON, SERVICE), why="Nobody knows auth", by=ANA),
        "being called to INC-42",
    ),
    (
        "page <!subteam^S0LEADS|@leads> checkout It leaks",
        CallPeople(incident=N, callees=(GROUP, SERVICE), why="It leaks", by=ANA),
        "(call ",
    ),
    ("page <@U0BO> It leaks", CallPeople(incident=N, callees=(PERSON,), why="It leaks", by=ANA), "(call 1)"),
    (
        "invite <@U0BO> <!subteam^S0LEADS|@leads>",
        Invite(incident=N, users=(BO,), groups=(GROUP,), by=ANA),
        "brought into the channel",
    ),
    ("escalate Nobody answers", Escalate(incident=N, why="Nobody answers", by=ANA), "being called"),
    ("status identified", SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA), "identified"),
    ("status Monitoring.", SetStatus(incident=N, status=Status.MONITORING, by=ANA), "monitoring"),
    ("severity sev1", SetSeverity(incident=N, severity=Severity.SEV1, by=ANA), "SEV-1"),
    ("severity p3", SetSeverity(incident=N, severity=Severity.SEV4, by=ANA), "SEV-4"),
    ("update 3 hosts are back", SendUpdate(incident=N, text="3 hosts are back", by=ANA), "on its way"),
    ("update INC-42 it works", SendUpdate(incident=N, text="it works", by=ANA), "on its way"),
    (
        "silence service=“search”, severity!=info for 1h30m Index is rebuilt for good",
        SilenceAlerts(
            matchers=matchers_of("service=search, severity!=info"),
            lasts=timedelta(minutes=90),
            by=ANA,
            reason="Index is rebuilt for good",
            origin="command",
        ),
        "S-2",
    ),
    ("unsilence s-1", EndSilence(silence=1, by=ANA), "S-1"),
    ("unsilence 1", EndSilence(silence=1, by=ANA), "is over"),
    (
        "snooze 30m We wait",
        SnoozeUpdate(incident=N, lasts=timedelta(minutes=30), reason="We wait", by=ANA),
        "put off. It is due",
    ),
    ("resolve Rolled back", Resolve(incident=N, resolution="Rolled back", by=ANA), "INC-42 is resolved"),
    (
        "action alert on it",
        AddAction(incident=N, text="alert on it", by=ANA, zone="America/Sao_Paulo"),
        "Action item 1 of INC-42 is written down",
    ),
    ("link INC-43", LinkThing(incident=N, to=IncidentId(43), by=ANA), "Links of INC-42"),
    ("note Bo is here", TakeNote(incident=N, text="Bo is here", by=ANA), "Noted in the timeline of INC-42."),
    ("note at the office", TakeNote(incident=N, text="at the office", by=ANA), "Noted in the timeline of INC-42."),
    ("note at 23:50 it began", note_at("it began"), "timeline of INC-42 for <!date^"),
    ("at 23:50 Bo restarted it", note_at("Bo restarted it"), "Noted"),
    ("at 23:50 resolved the DNS issue", note_at("resolved the DNS issue"), "Noted"),
    ("at 23:50 Impact started", milestone(Milestone.IMPACT_STARTED), "the impact started <!date^"),
    ("at 23:50 the impact began in eu", milestone(Milestone.IMPACT_STARTED, "in eu"), "the impact started"),
    ("at 23:50 resolved", milestone(Milestone.RESOLVED), "it was resolved <!date^"),
    ("at 23:50 mitigated: flag off", milestone(Milestone.MITIGATED, "flag off"), "it was mitigated <!date^"),
]


ELSEWHERE = [
    ("ic INC-42 <@U0BO>", ic()),
    ("comms 42 channel", OpenComms(incident=N, by=ANA)),
    ("comms 42 <@U0BO>", AssignRole(incident=N, role=Role.COMMUNICATIONS, user=BO, by=ANA)),
    ("role 42 ops <@U0BO>", AssignRole(incident=N, role=Role.OPERATIONS, user=BO, by=ANA)),
    ("status #42 identified", SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA)),
    ("severity inc42 sev1", SetSeverity(incident=N, severity=Severity.SEV1, by=ANA)),
    ("update 42 it works", SendUpdate(incident=N, text="it works", by=ANA)),
    ("resolve <#C0INC42|inc-42-checkout> Rolled back", Resolve(incident=N, resolution="Rolled back", by=ANA)),
]


OF_AN_INCIDENT = [
    "ic",
    "comms",
    "role ops",
    "status identified",
    "severity sev1",
    "update x",
    "update",
    "resolve x",
    "summary",
    "timeline",
    "note x",
    "at 20m ago x",
    "action x",
]


WRONG = [
    ("note", "Say what is worth remembering"),
    ("at", "Say when"),
    ("at noon it began", "Say when"),
    ("at 14:05", "Say what happened then"),
    ("find", "Say what you look for."),
    ("silence", "Say which alerts, for how long, and why."),
    ("silence service=search for good", "Say which alerts, for how long, and why."),
    ("silence service=search for 4hours why", "“4hours” is no span of time"),
    ("silence search for 4h why", "I cannot read the labels"),
    ("alerts severity=~(", "I cannot read what you look for"),
    ("why", "Say which alert"),
    ("unsilence", "Name one silence"),
    ("unsilence S-1 S-2", "Name one silence"),
    ("unsilence it", "Name one silence"),
    ("ic @bo", "pick the person from Slack's list"),
    ("ic <@U0BO> <@U0ANA>", "one person"),
    ("ic <@U0MUSTER>", "I can hold no role"),
    ("ic <!subteam^S1|@ops>", "not by a group"),
    ("comms bo", "pick the person from Slack's list"),
    ("role", "Say which role"),
    ("role boss <@U0BO>", "There is no role “boss”"),
    ("role ops @bo", "pick the person from Slack's list"),
    ("handover ic", "Say who is to take it over"),
    ("handover boss <@U0BO>", "There is no role “boss”"),
    ("handover <@U0BO>", "Say which role"),
    ("handover accept decline", "Say accept, decline or withdraw"),
    ("page", "Say who is called"),
    ("page it leaks", "Say who is called"),
    ("page @bo it leaks", "pick the person from Slack's list"),
    ("page checkout", "Say why they are called"),
    ("invite", "Say whom to ask"),
    ("invite bo", "I cannot tell who bo is"),
    ("snooze soon We wait", "“soon” is no span of time"),
    ("status", "Say which status"),
    ("status fixed", "There is no status “fixed”"),
    ("status identified now", "one word"),
    ("severity", "Say which severity"),
    ("severity sev9", "There is no severity “sev9”"),
    ("severity bad", "There is no severity “bad”"),
    ("severity sev1 sev2", "one word"),
    ("declare sev9 x", "There is no severity “sev9”"),
    ("declare sev1 x sev2", "two severities"),
    ("declare service:chekout x", "Did you mean checkout?"),
    ("declare service:auth,chekout x", "Did you mean checkout?"),
    ("declare service:, x", "right behind the colon"),
    ("declare service: auth", "right behind the colon"),
]
