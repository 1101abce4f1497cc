"""Every verb of `/incident`, through signed requests.

What is right is kept and answered, what is wrong is said and mended.
"""

import json
from datetime import timedelta

import pytest

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.matchers import matchers_of
from bot.domain.model import Role, Severity, Status
from bot.domain.people_commands import CallPeople, Escalate, Invite
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.errors import TryLater
from bot.inbound.slack.commands import SUBCOMMANDS
from bot.views.actions import Form
from tests.inbound.slack.front import ANA, BO, GENERAL, Front, an_incident, said

N = IncidentId(42)


def ic(user: str = BO) -> AssignRole:
    return AssignRole(incident=N, role=Role.COMMANDER, user=user, by=ANA)  # type: ignore[arg-type]


PERSON = Callee(kind=CalleeKind.PERSON, name=BO)
SERVICE = Callee(kind=CalleeKind.SERVICE, name="checkout")
GROUP = Callee(kind=CalleeKind.GROUP, name="S0LEADS", label="@leads")
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
    ("declare p99 is up", Declare(title="p99 is up", by=ANA), "p99 is up"),
    ("declare our sev1 page fails", Declare(title="our sev1 page fails", by=ANA), "our sev1 page fails"),
    ("declare “payload too large”", Declare(title="payload too large", by=ANA), "payload too large"),
    ("declare A &amp; B &lt;!channel&gt;", Declare(title="A & B <!channel>", by=ANA), "A &amp; B &lt;!channel&gt;"),
    ("ic <@U0BO|bo>", ic(), "Incident Commander of INC-42"),
    ("ic", ic(ANA), "<@U0ANA>"),
    ("IC  me", ic(ANA), "<@U0ANA>"),
    ("ic INC-42 <@U0BO|bo>", ic(), "INC-42"),
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
    ("resolve Rolled back", Resolve(incident=N, resolution="Rolled back", by=ANA), "INC-42 is resolved"),
]


@pytest.mark.parametrize(("typed", "command", "told"), GOOD, ids=[typed for typed, _, _ in GOOD])
async def test_a_verb_is_kept_before_it_is_answered(typed: str, command: Command, told: str) -> None:
    front = Front()
    answer = await front.command(typed)
    assert front.desk.taken == [command]
    assert json.loads(answer.body)["response_type"] == "ephemeral"
    assert told in said(answer)


def test_the_table_above_knows_every_verb_that_changes_something() -> None:
    told = {typed.split()[0].lower() for typed, _, _ in GOOD}
    assert told == set(SUBCOMMANDS) - {
        *("timeline", "alerts", "why", "list", "silences", "help"),
        *("reopen", "close"),  # of what is over: test_course.py
    }


ELSEWHERE = [
    ("ic INC-42 <@U0BO>", ic()),
    ("comms 42 <@U0BO>", AssignRole(incident=N, role=Role.COMMUNICATIONS, user=BO, by=ANA)),
    ("role 42 ops <@U0BO>", AssignRole(incident=N, role=Role.OPERATIONS, user=BO, by=ANA)),
    ("status #42 identified", SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA)),
    ("severity inc42 sev1", SetSeverity(incident=N, severity=Severity.SEV1, by=ANA)),
    ("update 42 it works", SendUpdate(incident=N, text="it works", by=ANA)),
    ("resolve <#C0INC42|inc-42-checkout> Rolled back", Resolve(incident=N, resolution="Rolled back", by=ANA)),
]


@pytest.mark.parametrize(("typed", "command"), ELSEWHERE)
async def test_in_any_other_channel_the_incident_is_named_after_the_verb(typed: str, command: Command) -> None:
    front = Front()
    await front.command(typed, channel=GENERAL)
    assert front.desk.taken == [command]


OF_AN_INCIDENT = [
    "ic",
    "comms",
    "role ops",
    "status identified",
    "severity sev1",
    "update x",
    "update",
    "resolve x",
    "timeline",
]


@pytest.mark.parametrize("typed", OF_AN_INCIDENT)
async def test_without_an_incident_a_verb_says_which_are_open_and_how_to_name_one(typed: str) -> None:
    front = Front()
    told = said(await front.command(typed, channel=GENERAL))
    assert front.desk.taken == []
    assert all(
        part in told for part in ("belongs to no incident", "INC-42 (Checkout is down)", "INC-43", f"/incident {typed}")
    )


@pytest.mark.parametrize("typed", OF_AN_INCIDENT)
async def test_an_incident_that_is_not_there_is_said_so(typed: str) -> None:
    verb, _, rest = typed.partition(" ")
    told = said(await Front().command(f"{verb} INC-7 {rest}", channel=GENERAL))
    assert "There is no INC-7." in told


@pytest.mark.parametrize("typed", OF_AN_INCIDENT)
async def test_what_is_typed_in_one_incidents_channel_never_reaches_another(typed: str) -> None:
    front = Front()
    verb, _, rest = typed.partition(" ")
    told = said(await front.command(f"{verb} INC-43 {rest}"))
    assert (front.desk.taken, front.opened) == ([], [])
    assert "the channel of INC-42, and you named INC-43" in told


WRONG = [
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
    ("declare service:auth x service:checkout", "two services"),
    ("declare service: auth", "right behind the colon"),
]


@pytest.mark.parametrize(("typed", "why"), WRONG, ids=[typed for typed, _ in WRONG])
async def test_what_is_wrong_is_said_with_what_was_typed_and_how_it_is_meant(typed: str, why: str) -> None:
    front = Front()
    told = said(await front.command(typed))
    assert (front.desk.taken, front.opened) == ([], [])
    usage = SUBCOMMANDS[typed.partition(" ")[0]].USAGE.replace("<", "&lt;").replace(">", "&gt;")
    assert why in told
    assert f"`/incident {usage}`" in told
    assert "You typed: `/incident " in told


@pytest.mark.parametrize("typed", ["ic", "severity sev1", "update x", "update", "resolve x", "resolve"])
async def test_a_resolved_incident_does_not_change(typed: str) -> None:
    front = Front()
    front.desk.incidents[N] = an_incident(status=Status.RESOLVED)
    assert "is resolved, so it no longer changes" in said(await front.command(typed))
    assert (front.desk.taken, front.opened) == ([], [])


@pytest.mark.parametrize(
    ("typed", "form", "metadata"),
    [
        ("declare", Form.DECLARE, {"alert": None}),
        ("declare sev1 service:auth", Form.DECLARE, {"alert": None}),
        ("update", Form.UPDATE, {"incident": 42}),
        ("update INC-42", Form.UPDATE, {"incident": 42}),
        ("resolve", Form.RESOLVE, {"incident": 42}),
    ],
)
async def test_a_bare_verb_opens_its_form(typed: str, form: Form, metadata: dict[str, object]) -> None:
    front = Front()
    answer = await front.command(typed, trigger_id="t.1")
    ((trigger, view),) = front.opened
    assert (trigger, view["callback_id"], json.loads(view["private_metadata"])) == ("t.1", form, metadata)
    assert (answer.status, answer.body, front.desk.taken) == (200, b"", [])


async def test_the_declare_form_keeps_what_was_typed_already() -> None:
    front = Front()
    await front.command("declare sev1 service:auth")
    view = json.dumps(front.opened[0][1])
    assert '"initial_option": {"text": {"type": "plain_text", "text": "SEV-1"' in view
    assert '"initial_option": {"text": {"type": "plain_text", "text": "auth"' in view


async def test_when_slack_opens_no_form_the_way_without_one_is_shown() -> None:
    front = Front(slack_fails=TryLater("down"))
    told = said(await front.command("update"))
    assert "Slack did not open the form" in told
    assert "`/incident update how it stands`" in told


@pytest.mark.parametrize("typed", ["", "  ", "help", "HELP", "help nonsense-first declare"])
async def test_help_shows_every_verb(typed: str) -> None:
    told = said(await Front().command(typed))
    if typed.strip().lower() in {"", "help"}:
        assert all(f"/incident {verb}" in told for verb in SUBCOMMANDS)
    else:
        assert "/incident help" in told


@pytest.mark.parametrize("verb", list(SUBCOMMANDS))
async def test_help_of_a_verb_shows_examples_that_work(verb: str) -> None:
    told = said(await Front().command(f"help {verb}"))
    for example in SUBCOMMANDS[verb].EXAMPLES:
        assert f"/incident {example}" in told
        front = Front()
        if verb in {"reopen", "close"}:
            front.desk.incidents[N] = an_incident(status=Status.RESOLVED)
        answer = await front.command(example.replace("@ana", "<@U0ANA|ana>"))
        assert "You typed" not in said(answer)
        assert answer.status == 200


async def test_the_list_shows_the_gravest_first() -> None:
    front = Front()
    front.desk.incidents[IncidentId(43)] = an_incident(43, severity=Severity.SEV1, declared_at=front.clock.now())
    front.clock.move(timedelta(minutes=5))
    told = said(await front.command("list", channel=GENERAL))
    assert told.index("INC-43") < told.index("INC-42")


async def test_the_timeline_of_a_resolved_incident_can_still_be_read() -> None:
    front = Front()
    front.desk.incidents[N] = an_incident(status=Status.RESOLVED)
    assert "Timeline of INC-42" in said(await front.command("timeline 42", channel=GENERAL))
