"""Undo: the last change is taken back by an event of its own; what people heard is not, and it says what to do."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.course_commands import Close, Reopen
from bot.domain.course_events import IncidentAbsorbed, IncidentAccepted, IncidentMerged
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.events import Event, RoleAssigned, SeverityChanged, TimelineRow
from bot.domain.evolve import fold
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.links import Relation
from bot.domain.model import Incident, Severity, Status
from bot.domain.noticed import AwaitStructure
from bot.domain.people_commands import AnswerHandover, CallPeople, Invite, NoticeGone
from bot.domain.permissions import Act, act_of
from bot.domain.postmortem import compile_postmortem
from bot.domain.roles_model import Role
from bot.domain.task_commands import (
    AddAction,
    ChangeAction,
    EndAction,
    LinkThing,
    ReopenAction,
    UndoChange,
    UnlinkThing,
)
from bot.domain.unacknowledged import AwaitAcknowledgement
from bot.domain.undoing import Last, last_change
from bot.domain.undone import Change, ChangeUndone
from bot.domain.work import Reminder, SendDuties, Timer
from bot.errors import Refused
from tests.domain.story import ANA, BO, CLEO, POLICY, START, Story

N, M = IncidentId(42), IncidentId(7)
CLEO_CALLED = Callee(kind=CalleeKind.PERSON, name=CLEO)
URL = "https://status.example/7"


class Undoing(Story):
    """A story that keeps its timeline, so that its last change can be undone."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[TimelineRow] = []
        self.other: Incident | None = None

    def then(self, *commands: Command) -> "Undoing":
        for command in commands:
            self._keep(self.do(command).events)
        return self

    def _keep(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self.rows.append(TimelineRow(incident=N, seq=len(self.rows) + 1, event=event, hash=""))

    def last_one(self) -> Last:
        return last_change(self.incident, self.rows)

    def undo(self, **changes: object) -> ChangeUndone:
        found = self.last_one()
        command = UndoChange(incident=N, seq=found.seq, what=found.what, other=found.other, by=CLEO)
        command = replace(command, **changes)  # type: ignore[arg-type] # the test names real fields
        state = State(incident=self.incident, into=self.other, rows=tuple(self.rows))
        self.last = decide(state, command, self.now, self.policy)
        self.current = self.last.incident
        self._keep(self.last.events)
        undone = self.last.events[0]
        assert isinstance(undone, ChangeUndone)
        assert fold([row.event for row in self.rows]) == self.incident, "an incident is the fold of what was undone too"
        return undone


def begun(severity: Severity = Severity.SEV3) -> Undoing:
    story = Undoing()
    story.declared(severity)
    story._keep(story.last.events)
    return story


def test_a_status_is_as_it_was_and_so_is_when_it_was_mitigated() -> None:
    story = begun().then(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    story.then(SetStatus(incident=N, status=Status.MONITORING, by=ANA))
    undone = story.undo()
    assert (story.incident.status, story.incident.mitigated_at) == (Status.IDENTIFIED, None)
    assert (undone.by, undone.what, undone.of) == (CLEO, Change.STATUS, 3)
    assert "slack.say" in story.kinds()
    story.undo()
    assert story.incident.status is Status.INVESTIGATING, "undone again, it goes on to the change before"
    with pytest.raises(Refused, match="Nothing was changed"):
        story.last_one()


def test_an_earlier_mitigation_stays() -> None:
    story = begun().then(SetStatus(incident=N, status=Status.MONITORING, by=ANA))
    story.now += timedelta(minutes=5)
    story.then(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    story.undo()
    assert (story.incident.status, story.incident.mitigated_at) == (Status.MONITORING, START)


def test_a_severity_is_as_it_was_and_its_clocks_start_anew() -> None:
    story = begun(Severity.SEV1).then(SetSeverity(incident=N, severity=Severity.SEV4, by=ANA))
    story.now += timedelta(minutes=5)
    story.undo()
    incident = story.incident
    assert (incident.severity, incident.grave_since) == (Severity.SEV1, story.now)
    assert incident.update_due == story.now + POLICY.severities[Severity.SEV1].update_every
    assert Timer(incident=N, about=Reminder.UPDATE) in story.work()
    assert AwaitStructure(incident=N) in story.work()
    target = [one.due for one in story.last.effects if one.work == AwaitAcknowledgement(incident=N)]
    assert target == [story.now], "the target of SEV-1 has passed"
    lowered = begun().then(SetSeverity(incident=N, severity=Severity.SEV4, by=ANA))
    lowered.undo()
    assert lowered.incident.grave_since is None
    doubtful = Undoing().then(Declare(title="Is it slow?", by=ANA, severity=Severity.SEV3, triage=True))
    doubtful.then(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA))
    doubtful.undo()
    assert (doubtful.incident.severity, doubtful.incident.update_due) == (Severity.SEV3, None), (
        "in triage no clock runs"
    )


@pytest.mark.parametrize("role", [Role.COMMANDER, Role.SCRIBE])
def test_a_role_that_nobody_had_is_vacant_again(role: Role) -> None:
    story = begun().then(AssignRole(incident=N, role=role, user=BO, by=ANA))
    undone = story.undo()
    assert (story.incident.roles, story.incident.duties, undone.user) == ({}, {}, None)
    assert [work.user for work in story.work() if isinstance(work, SendDuties)] == [BO]
    vacant = Timer(incident=N, about=Reminder.COMMAND)
    assert (vacant in story.work()) is (role is Role.COMMANDER)
    (held,) = compile_postmortem(story.incident, story.rows, (), POLICY).holdings
    assert (held.user, held.until) == (BO, story.now)


def test_a_role_that_was_taken_is_with_who_had_it() -> None:
    story = begun().then(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.then(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    story.undo()
    assert story.incident.commander == ANA
    assert [work.user for work in story.work() if isinstance(work, SendDuties)] == [BO, ANA]
    assert story.incident.duties[Role.COMMANDER].seq == story.incident.events
    holdings = compile_postmortem(story.incident, story.rows, (), POLICY).holdings
    assert [one.user for one in holdings] == [ANA, BO, ANA]
    story.current = replace(story.incident, duties={})
    story.then(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO))
    story.current = replace(story.incident, duties={})
    found = story.last_one()
    command = UndoChange(incident=N, seq=found.seq, what=found.what, by=CLEO)
    decision = decide(State(incident=story.incident, rows=tuple(story.rows)), command, START, POLICY)
    assert not [one for one in decision.effects if isinstance(one.work, SendDuties)], "of old no duties are known"
    assert compile_postmortem(story.incident, [*story.rows], (), POLICY).severity_changes == ()


ADD = AddAction(incident=N, text="alert on it", by=ANA, owner=BO, due=date(2026, 12, 1))


@pytest.mark.parametrize(
    ("commands", "is_open"),
    [
        ((ADD,), False),
        ((ADD, EndAction(incident=N, n=1, by=BO)), True),
        ((ADD, EndAction(incident=N, n=1, by=BO), ReopenAction(incident=N, n=1, by=BO)), False),
        ((ADD, ChangeAction(incident=N, n=1, by=ANA, user=CLEO)), True),
        ((ADD, ChangeAction(incident=N, n=1, by=ANA, moves=True)), True),
    ],
)
def test_of_action_items_the_row_behind_tells_what_is_so_again(commands: tuple[Command, ...], is_open: bool) -> None:
    story = begun().then(*commands)
    before = len(story.rows)
    assert story.undo().what is Change.ACTION
    (one,) = story.incident.actions
    assert (one.owner, one.due, one.is_open) == (BO, date(2026, 12, 1), is_open)
    assert len(story.rows) == before + 2
    if before > 2:
        story.undo()
        assert len(story.rows) == before + 4, "what was put back is no change that somebody made"


def test_a_day_that_is_over_by_now_is_put_back_too() -> None:
    story = begun().then(ADD)
    story.now += timedelta(days=20)
    story.then(ChangeAction(incident=N, n=1, by=ANA, moves=True, due=date(2026, 12, 24)))
    story.undo()
    (one,) = story.incident.actions
    assert (one.due, one.is_overdue(story.now)) == (date(2026, 12, 1), True)


@pytest.mark.parametrize("command", [LinkThing(incident=N, by=BO, url=URL), UnlinkThing(incident=N, by=BO, url=URL)])
def test_links_are_taken_away_or_put_back(command: Command) -> None:
    story = begun().then(LinkThing(incident=N, by=BO, url=URL, relation=Relation.CAUSED_BY))
    there = isinstance(command, UnlinkThing)
    if there:
        story.then(command)
    story.undo()
    assert [one.relation for one in story.incident.links] == ([Relation.CAUSED_BY] if there else [])


def test_another_relation_is_what_it_was_and_both_sides_follow() -> None:
    story = begun().then(LinkThing(incident=N, by=BO, url=URL))
    story.then(LinkThing(incident=N, by=BO, url=URL, relation=Relation.DUPLICATE))
    story.undo()
    assert [one.relation for one in story.incident.links] == [Relation.RELATED]
    other = replace(story.incident, id=M, channel=ChannelId("C7"), links=())
    made = decide(State(incident=story.incident, into=other), LinkThing(incident=N, by=BO, to=M), START, POLICY)
    story.current, story.other = made.incident, made.other.incident if made.other else None
    story._keep(made.events)
    story.undo()
    assert story.last.other
    assert story.last.other.incident
    assert story.last.other.incident.links == ()


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        ((Resolve(incident=N, resolution="x", by=ANA),), "Open it again"),
        ((Resolve(incident=N, resolution="x", by=ANA), Reopen(incident=N, reason="x", by=ANA)), "End it"),
        ((Resolve(incident=N, resolution="x", by=ANA), Close(incident=N, by=ANA)), "Everybody was told"),
        ((SendUpdate(incident=N, text="x", by=ANA),), "Send another"),
        ((CallPeople(incident=N, callees=(CLEO_CALLED,), why="x", by=ANA),), "has heard it"),
        ((Invite(incident=N, users=(BO,), groups=(), by=ANA),), "is in the channel"),
        (
            (
                AssignRole(incident=N, role=Role.SCRIBE, user=ANA, by=ANA),
                AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA),
            ),
            "handover withdraw",
        ),
        (
            (
                AssignRole(incident=N, role=Role.SCRIBE, user=ANA, by=ANA),
                AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA),
                AnswerHandover(incident=N, n=1, accepts=True, by=BO),
            ),
            "They accepted",
        ),
        (
            (
                AssignRole(incident=N, role=Role.SCRIBE, user=ANA, by=ANA),
                NoticeGone(incident=N, user=ANA, how="left"),
                AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO),
            ),
            "has left",
        ),
        ((SetSeverity(incident=N, severity=Severity.SEV1, by=ANA),), "paged somebody"),
        ((replace(ADD, owner=None), ChangeAction(incident=N, n=1, by=ANA, user=BO)), "nobody's before"),
    ],
)
def test_what_cannot_be_undone_says_what_to_do_instead(commands: tuple[Command, ...], why: str) -> None:
    with pytest.raises(Refused, match=why):
        begun().then(*commands).last_one()


def test_what_the_machine_or_the_pager_did_is_not_undone() -> None:
    story = begun()
    every = timedelta(minutes=5)
    raised = SeverityChanged(at=START, severity=Severity.SEV2, previous=Severity.SEV3, update_every=every)
    taken = RoleAssigned(at=START, by=ANA, role=Role.COMMANDER, user=ANA, takes_page=True)
    for event, why in ((raised, "Muster itself"), (taken, "acknowledged the page")):
        with pytest.raises(Refused, match=why):
            last_change(story.incident, [TimelineRow(incident=N, seq=2, event=event, hash="")])


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (IncidentAccepted(at=START, by=ANA, update_every=timedelta(minutes=5)), "it was none"),
        (IncidentMerged(at=START, by=ANA, into=M, title="x"), "merged into INC-7"),
        (IncidentAbsorbed(at=START, by=ANA, incident=M, title="x"), "INC-7 was merged into this one"),
    ],
)
def test_what_became_of_the_incident_is_not_undone_by_reopening_what_is_open(event: Event, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        last_change(begun().incident, [TimelineRow(incident=N, seq=2, event=event, hash="")])
    assert "reopen" not in str(refused.value)


def test_only_the_change_that_was_shown_is_undone() -> None:
    story = begun().then(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    with pytest.raises(Refused, match="changed meanwhile"):
        story.undo(seq=1)


def test_who_may_do_it_may_take_it_back() -> None:
    acts = {what: act_of(UndoChange(incident=N, seq=1, what=what, by=ANA)) for what in Change}
    assert acts == {
        Change.STATUS: Act.STATUS,
        Change.SEVERITY: Act.SEVERITY,
        Change.ROLE: Act.ROLE,
        Change.LINK: Act.LINK,
        Change.ACTION: Act.ACTION,
    }
