"""Roles, status, severity, updates and the end."""

from datetime import timedelta

import pytest

from bot.domain.commands import AssignRole, Command, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.events import Event, IncidentDeclared, RoleAssigned
from bot.domain.evolve import evolve, fold
from bot.domain.ids import IncidentId, MessageTs
from bot.domain.message_events import MessageDeleted
from bot.domain.model import Severity, Status
from bot.domain.places import place
from bot.domain.read_back import ReadBack
from bot.domain.roles_model import Role
from bot.domain.work import InvitePeople, Page, PageAction, Place, Reminder, Say, SendDuties, Timer
from bot.errors import Refused
from tests.domain.story import ANA, BO, CLEO, START, Story

N = IncidentId(42)


def test_taking_command_is_said_shown_and_stops_the_pager() -> None:
    story = Story().declared().opened()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA), at=timedelta(minutes=1))
    assert story.incident.commander == BO
    assert story.incident.acknowledged_at == START + timedelta(minutes=1)
    assert story.kinds() == [
        "slack.invite",
        "slack.say",
        "slack.duties",
        "slack.card",
        "slack.announce",
        "slack.topic",
        "pager.page",
    ]
    assert Page(incident=N, action=PageAction.ACKNOWLEDGE) in story.work()


def test_what_is_done_to_a_channel_waits_until_it_is_open_and_then_is_for_everybody_named_so_far() -> None:
    story = Story().declared()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    assert {"slack.invite", "slack.topic", "slack.bookmark"}.isdisjoint(story.kinds())
    story.opened()
    assert {"slack.invite", "slack.topic", "slack.bookmark"} <= set(story.kinds())
    assert InvitePeople(incident=N, users=(ANA, CLEO, BO)) in story.work()


def test_a_handover_names_both_and_does_not_acknowledge_twice() -> None:
    story = Story().declared()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=CLEO))
    event = story.last.events[0]
    assert isinstance(event, RoleAssigned)
    assert (event.previous, event.user) == (ANA, CLEO)
    assert "pager.page" not in story.kinds()
    assert "slack.invite" not in story.kinds()


def test_giving_a_role_to_its_holder_changes_nothing() -> None:
    story = Story().declared()
    command = AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA)
    story.do(command)
    assert any(isinstance(work, SendDuties) for work in story.work())
    story.do(command)
    assert (story.last.events, story.work()) == ((), [])


def test_a_status_is_said_in_the_channel_and_under_the_announcement() -> None:
    story = Story().declared()
    story.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    assert {work.place for work in story.work() if isinstance(work, Say)} == {Place.CHANNEL, Place.ANNOUNCEMENT}
    story.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=BO))
    assert story.work() == []


def test_monitoring_means_mitigated_until_it_is_taken_back() -> None:
    story = Story().declared()
    story.do(SetStatus(incident=N, status=Status.MONITORING, by=ANA), at=timedelta(minutes=20))
    assert story.incident.mitigated_at == START + timedelta(minutes=20)
    story.do(SetStatus(incident=N, status=Status.INVESTIGATING, by=ANA))
    assert story.incident.mitigated_at is None


def test_a_graver_severity_pages_once_and_rewinds_the_update_clock() -> None:
    story = Story().declared(Severity.SEV3)
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA), at=timedelta(hours=1))
    assert Page(incident=N, action=PageAction.TRIGGER) in story.work()
    assert story.incident.update_due == START + timedelta(hours=1, minutes=10)
    story.do(SetSeverity(incident=N, severity=Severity.SEV2, by=ANA))
    assert "pager.page" not in story.kinds()
    story.do(SetSeverity(incident=N, severity=Severity.SEV2, by=ANA))
    assert story.work() == []


def test_an_update_rewinds_the_clock() -> None:
    story = Story().declared()
    story.do(SendUpdate(incident=N, text="Rolling back", by=BO), at=timedelta(minutes=12))
    assert story.incident.last_update
    assert story.incident.last_update.text == "Rolling back"
    timers = [effect for effect in story.last.effects if isinstance(effect.work, Timer)]
    assert [(effect.work, effect.due) for effect in timers] == [
        (Timer(incident=N, about=Reminder.UPDATE), START + timedelta(minutes=42))
    ]


def test_resolving_ends_pages_and_reminders_and_asks_for_the_draft() -> None:
    story = Story().declared()
    story.do(Resolve(incident=N, resolution="Rolled back 4.2", by=ANA), at=timedelta(minutes=30))
    assert story.incident.status is Status.RESOLVED
    assert story.incident.update_due is None
    assert Page(incident=N, action=PageAction.RESOLVE) in story.work()
    assert story.kinds()[-2:] == ["slack.read_back", "slack.postmortem"]
    reading, draft = story.last.effects[-2:]
    assert reading.work == ReadBack(incident=N, final=True)
    assert place(reading.work).lane == place(draft.work).lane, "so the draft waits for the reading"
    assert reading.urgency == draft.urgency


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (SetStatus(incident=N, status=Status.RESOLVED, by=ANA), "/incident resolve"),
        (SendUpdate(incident=N, text=" \u202e ", by=ANA), "/incident update"),
        (Resolve(incident=N, resolution="", by=ANA), "Say what fixed it"),
    ],
)
def test_what_is_missing_is_asked_for(command: Command, says: str) -> None:
    with pytest.raises(Refused, match=says):
        Story().declared().do(command)


@pytest.mark.parametrize(
    "command",
    [
        SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA),
        SetSeverity(incident=N, severity=Severity.SEV1, by=ANA),
        SendUpdate(incident=N, text="late", by=ANA),
        Resolve(incident=N, resolution="again", by=ANA),
        AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA),
    ],
)
def test_a_resolved_incident_no_longer_changes(command: Command) -> None:
    story = Story().declared()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    with pytest.raises(Refused, match="INC-42 is resolved"):
        story.do(command)


def test_an_unknown_incident_is_refused() -> None:
    with pytest.raises(Refused, match="no such incident"):
        Story().do(Resolve(incident=N, resolution="what?", by=ANA))


def test_the_fold_of_the_timeline_is_the_incident() -> None:
    story = Story()
    events: list[Event] = []
    for command in (
        AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA),
        SetStatus(incident=N, status=Status.MONITORING, by=ANA),
        SendUpdate(incident=N, text="Better", by=ANA),
        Resolve(incident=N, resolution="Rolled back", by=ANA),
    ):
        if not events:
            events += story.declared().last.events
        events += story.do(command).events
    assert fold(events) == story.incident
    assert story.incident.events == len(events)


def test_a_timeline_begins_with_its_declaration() -> None:
    with pytest.raises(ValueError, match="begins with its declaration"):
        evolve(None, MessageDeleted(at=START, ts=MessageTs("1.2")))
    assert fold([]) is None
    declared = Story().declared().last.events[0]
    assert isinstance(declared, IncidentDeclared)
