"""Handovers: the next holder accepts or declines, the one before holds until then; what a role asks is ticked off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import AssignRole, Command, Resolve
from bot.domain.course_commands import Reopen
from bot.domain.duties import duties_of
from bot.domain.events import Event, RoleAssigned
from bot.domain.evolve import fold
from bot.domain.handovers import AwaitHandover, DutiesTicked, HandoverEnded, HandoverUnanswered, ShowHandover
from bot.domain.ids import IncidentId, UserId
from bot.domain.people_commands import AnswerHandover, HandoverOverdue, NoticeGone, TickDuties, WithdrawHandover
from bot.domain.roles_model import CustomRole, HandoverEnd, Role, label_of
from bot.domain.work import Say, SendDuties
from bot.errors import Refused
from tests.domain.story import ANA, BO, CLEO, POLICY, START, Story

N = IncidentId(42)
DITA = UserId("U0DITA")
EXPERT = CustomRole("Database Expert")


def offered(to: UserId = BO, by: UserId = ANA) -> Story:
    """Return a story in which Ana is in command and somebody was asked to take over."""
    story = Story().declared().opened()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=to, by=by), at=timedelta(minutes=1))
    return story


def ends(story: Story) -> list[HandoverEnd | None]:
    return [one.end for one in story.incident.handovers]


def test_who_is_to_have_what_another_holds_is_asked_and_the_other_holds_it_until_then() -> None:
    story = offered()
    assert (story.incident.commander, story.happened()) == (ANA, ["handover_offered"])
    asked = story.incident.offered(Role.COMMANDER)
    assert asked
    assert (asked.to, asked.by, asked.holder) == (BO, ANA, ANA)
    assert story.kinds() == ["slack.say", "slack.handover", "timer.handover", "slack.card", "slack.announce"]
    due = next(one.due for one in story.last.effects if isinstance(one.work, AwaitHandover))
    assert due == START + timedelta(minutes=6)


def test_accepting_passes_the_role_on_and_names_both() -> None:
    story = offered()
    story.do(AnswerHandover(incident=N, n=1, accepts=True, by=BO), at=timedelta(minutes=2))
    (event,) = story.last.events
    assert event == RoleAssigned(
        at=START + timedelta(minutes=2), by=ANA, role=Role.COMMANDER, user=BO, previous=ANA, handover=1
    )
    assert (story.incident.commander, ends(story)) == (BO, [HandoverEnd.ACCEPTED])
    assert ShowHandover(incident=N, n=1, user=BO) in story.work()
    (hers, his) = (work for work in story.work() if isinstance(work, SendDuties))
    assert (hers.user, his.user) == (ANA, BO), "her list no longer says that the role is hers"
    assert hers.seq < his.seq


def test_who_is_gone_is_not_written_to_when_another_has_their_role() -> None:
    for how in ("left", "deactivated"):
        story = offered()
        story.do(NoticeGone(incident=N, user=ANA, how=how))
        story.do(AnswerHandover(incident=N, n=1, accepts=True, by=BO))
        assert [work.user for work in story.work() if isinstance(work, SendDuties)] == [BO]


@pytest.mark.parametrize("accepts", [True, False])
def test_only_who_was_asked_answers_and_the_others_are_told_who_that_is(accepts: bool) -> None:
    story = offered()
    with pytest.raises(Refused, match="Only who was asked") as refused:
        story.do(AnswerHandover(incident=N, n=1, accepts=accepts, by=CLEO))
    assert refused.value.who == (BO,)


def test_declining_leaves_the_role_where_it_is_and_is_said() -> None:
    story = offered()
    story.do(AnswerHandover(incident=N, n=1, accepts=False, by=BO))
    (event,) = story.last.events
    assert isinstance(event, HandoverEnded)
    assert (event.how, story.incident.commander, ends(story)) == ("declined", ANA, [HandoverEnd.DECLINED])
    assert any(isinstance(work, Say) for work in story.work())
    with pytest.raises(Refused, match="This handover is over"):
        story.do(AnswerHandover(incident=N, n=1, accepts=True, by=BO))


def test_what_was_never_offered_cannot_be_accepted() -> None:
    with pytest.raises(Refused, match="This handover is over"):
        Story().declared().do(AnswerHandover(incident=N, n=1, accepts=True, by=BO))


def test_the_holder_who_offered_and_the_commander_may_take_it_back_and_nobody_else() -> None:
    story = Story().declared().opened()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO))
    before = story.do(AssignRole(incident=N, role=Role.SCRIBE, user=CLEO, by=DITA)).incident
    with pytest.raises(Refused, match="can take the offer back") as refused:
        story.do(WithdrawHandover(incident=N, n=1, by=CLEO))
    assert refused.value.who == (BO,)
    for by in (BO, DITA, ANA):
        story.current = before
        story.do(WithdrawHandover(incident=N, n=1, by=by))
        assert ends(story) == [HandoverEnd.WITHDRAWN]
        assert story.incident.roles[Role.SCRIBE] == BO


def test_an_offer_to_somebody_else_and_whoever_takes_the_role_overtake_it() -> None:
    story = offered()
    story.do(AssignRole(incident=N, role=Role.SCRIBE, user=ANA, by=ANA))
    story.do(AssignRole(incident=N, role=Role.SCRIBE, user=DITA, by=ANA))
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    assert story.last.events == (), "they were asked already"
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=ANA))
    assert ends(story) == [HandoverEnd.OVERTAKEN, None, None]
    assert {work.n for work in story.work() if isinstance(work, ShowHandover)} == {1, 3}
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=DITA, by=DITA))
    assert story.incident.commander == DITA, "taking it for oneself is at once"
    assert ends(story) == [HandoverEnd.OVERTAKEN, None, HandoverEnd.OVERTAKEN]
    assert ShowHandover(incident=N, n=3, user=CLEO) in story.work()


def test_a_vacant_role_is_given_at_once() -> None:
    story = Story().declared()
    story.do(AssignRole(incident=N, role=EXPERT, user=BO, by=ANA))
    assert (story.incident.roles, story.happened()) == ({EXPERT: BO}, ["role_assigned"])
    assert label_of(EXPERT) == "Database Expert"
    assert list(story.incident.held_by(BO)) == [EXPERT]


def test_that_no_answer_came_is_said_once() -> None:
    story = offered()
    story.do(HandoverOverdue(incident=N, n=1), at=timedelta(minutes=6))
    (event,) = story.last.events
    assert isinstance(event, HandoverUnanswered)
    assert (story.kinds(), story.incident.commander) == (["slack.say"], ANA)
    story.do(HandoverOverdue(incident=N, n=1))
    assert story.last.events == ()
    story.do(AnswerHandover(incident=N, n=1, accepts=True, by=BO))
    assert story.incident.commander == BO, "late is not too late"


def test_what_was_answered_or_is_over_is_not_asked_after() -> None:
    story = offered()
    story.do(AnswerHandover(incident=N, n=1, accepts=False, by=BO))
    story.do(HandoverOverdue(incident=N, n=1), at=timedelta(minutes=6))
    assert story.last.events == ()
    story = offered()
    story.do(AnswerHandover(incident=N, n=1, accepts=False, by=BO))
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=ANA))
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    shown = [work for work in story.work() if isinstance(work, ShowHandover)]
    assert shown == [ShowHandover(incident=N, n=2, user=CLEO)], "the question that stands is closed"
    story.do(HandoverOverdue(incident=N, n=2), at=timedelta(minutes=6))
    assert story.last.events == ()


def test_what_nobody_answered_before_the_end_is_asked_anew_after_it_or_not_at_all() -> None:
    story = offered()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    story.do(Reopen(incident=N, reason="errors are back", by=CLEO))
    assert ends(story) == [HandoverEnd.OVER]
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    assert ShowHandover(incident=N, n=2, user=BO) in story.work()


def test_duties_are_ticked_off_by_the_holder_and_recorded() -> None:
    story = offered()
    seq = story.incident.duties[Role.COMMANDER].seq
    story.do(TickDuties(incident=N, role=Role.COMMANDER, seq=seq, done=(2, 0, 99), by=ANA))
    (event,) = story.last.events
    assert isinstance(event, DutiesTicked)
    assert (event.done, event.of) == ((0, 2), len(duties_of(Role.COMMANDER, POLICY)))
    assert story.incident.duties[Role.COMMANDER].done == (0, 2)
    assert story.work() == [SendDuties(incident=N, role=Role.COMMANDER, user=ANA, seq=seq)]
    story.do(TickDuties(incident=N, role=Role.COMMANDER, seq=seq, done=(0, 2), by=ANA))
    assert story.last.events == ()


def test_a_list_of_a_role_that_passed_on_is_closed() -> None:
    story = offered()
    seq = story.incident.duties[Role.COMMANDER].seq
    story.do(AnswerHandover(incident=N, n=1, accepts=True, by=BO))
    ticks: list[Command] = [
        TickDuties(incident=N, role=Role.COMMANDER, seq=seq, done=(1,), by=ANA),
        TickDuties(incident=N, role=Role.SCRIBE, seq=seq, done=(1,), by=ANA),
        TickDuties(incident=N, role=Role.COMMANDER, seq=story.incident.events, done=(1,), by=ANA),
    ]
    for tick in ticks:
        with pytest.raises(Refused, match="any more"):
            story.do(tick)
    assert story.incident.duties[Role.COMMANDER].done == ()


def test_custom_roles_have_the_duties_that_are_configured() -> None:
    policy = replace(POLICY, roles={EXPERT: ("Check the replicas",)})
    assert duties_of(EXPERT, policy) == ("Check the replicas",)
    assert duties_of(EXPERT, POLICY) == ()


def test_an_incident_is_the_fold_of_its_handovers() -> None:
    story = Story()
    events: list[Event] = []
    for command in (
        AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA),
        AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=CLEO),
        AnswerHandover(incident=N, n=1, accepts=False, by=BO),
        AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=ANA),
        HandoverOverdue(incident=N, n=2),
        AnswerHandover(incident=N, n=2, accepts=True, by=CLEO),
        TickDuties(incident=N, role=Role.COMMANDER, seq=7, done=(1,), by=CLEO),
    ):
        if story.current is None:
            events += story.declared().last.events
        events += story.do(command).events
    assert fold(events) == story.incident
