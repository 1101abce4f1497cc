"""What people say, and what came of our own work."""

from datetime import timedelta

import pytest

from bot.domain.commands import Resolve
from bot.domain.course_commands import Reopen
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.events import DeliveryFailed
from bot.domain.group_work import ShowGroup
from bot.domain.ids import ChannelId, IncidentId, MessageTs
from bot.domain.message_events import MessagePosted
from bot.domain.model import Milestone
from bot.domain.note_events import MilestoneSet, NoteTaken
from bot.domain.page_events import PagerAnswered
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordMessage, SetMilestone, TakeNote
from bot.domain.result_commands import ConfirmPage, RecordOnCall, ReportFailure
from bot.domain.work import PageAction, Place, RefreshOnCall, Say, SetTopic, TellFailure, WarnAdmins
from bot.errors import Refused
from tests.domain.story import ANA, CHECKOUT, CLEO, POLICY, START, Story

N = IncidentId(42)
C, TS = ChannelId("C1"), MessageTs("1763694000.000100")
SAID = RecordMessage(channel=C, ts=TS, by=ANA, said_at=START, text="Errors since 02:58", permalink="https://x.example")


def test_what_people_say_is_recorded_with_its_own_time() -> None:
    story = Story().declared()
    story.do(SAID, at=timedelta(minutes=3))
    assert story.last.events == (
        MessagePosted(at=START, by=ANA, ts=TS, text="Errors since 02:58", permalink="https://x.example"),
    )
    story.do(RecordEdit(channel=C, ts=TS, by=ANA, text="since 02:57", permalink="https://x.example"))
    assert story.happened() == ["message_edited"]
    story.do(RecordDeletion(channel=C, ts=TS))
    assert story.happened() == ["message_deleted"]


def test_other_channels_are_none_of_our_business() -> None:
    assert decide(State(), SAID, START, POLICY).events == ()


def test_the_pagers_answer_is_recorded() -> None:
    story = Story().declared()
    story.do(ConfirmPage(incident=N, action=PageAction.TRIGGER))
    assert story.last.events == (PagerAnswered(at=START, action="trigger"),)


def test_what_cannot_be_done_is_told_to_a_person() -> None:
    story = Story().declared()
    story.do(ReportFailure(incident=N, work=SetTopic(incident=N), reason="is_archived"))
    assert story.last.events == (DeliveryFailed(at=START, what="slack.topic", reason="is_archived"),)
    failure = TellFailure(incident=N, seq=2, what="slack.topic", reason="is_archived")
    assert story.work() == [failure]
    story.do(ReportFailure(incident=N, work=failure, reason="user gone"))
    assert story.work() == [WarnAdmins(subject="INC-42", text="slack.topic: is_archived")]


def test_what_belongs_to_no_incident_is_told_to_the_admins_and_their_own_failure_to_nobody() -> None:
    story = Story()
    story.do(ReportFailure(incident=None, work=ShowGroup(group="a"), reason="not in #alerts"))  # type: ignore[arg-type] # an id
    warning = story.work()[0]
    assert warning == WarnAdmins(subject="slack.group", text="not in #alerts")
    story.do(ReportFailure(incident=None, work=warning, reason="not in #admin"))
    assert story.work() == []


def test_who_is_on_call_is_asked_again_after_a_key_was_refused() -> None:
    story = Story()
    story.do(ReportFailure(incident=None, work=RefreshOnCall(), reason="PagerDuty does not accept the key (401)"))
    assert [(e.work.kind, e.due - START) for e in story.last.effects] == [
        ("slack.admin", timedelta()),
        ("pager.on_call", timedelta(minutes=5)),
    ]


def test_the_roster_is_remembered_and_asked_for_again() -> None:
    decision = decide(State(), RecordOnCall(roster={CHECKOUT: (CLEO,)}), START, POLICY)
    assert decision.roster == {CHECKOUT: (CLEO,)}
    assert [(e.work, e.due) for e in decision.effects] == [(RefreshOnCall(), START + timedelta(minutes=5))]


def test_a_note_is_kept_where_it_happened_and_told_to_nobody() -> None:
    story = Story().declared()
    earlier = START - timedelta(minutes=20)
    story.do(TakeNote(incident=N, text=" Traffic moved ", by=ANA, happened_at=earlier), at=timedelta(minutes=5))
    assert story.last.events == (NoteTaken(at=story.now, by=ANA, text="Traffic moved", happened_at=earlier),)
    story.do(TakeNote(incident=N, text="Back again", by=ANA))
    assert story.last.events == (NoteTaken(at=story.now, by=ANA, text="Back again", happened_at=story.now),)
    assert story.work() == []


def test_of_an_incident_that_there_is_not_nothing_is_noted() -> None:
    with pytest.raises(Refused, match="There is no such incident"):
        decide(State(), TakeNote(incident=N, text="Traffic moved", by=ANA), START, POLICY)


def test_a_milestone_that_people_know_better_is_kept_and_told_in_the_channel_once() -> None:
    story = Story().declared()
    began = START - timedelta(minutes=50)
    told = SetMilestone(incident=N, milestone=Milestone.IMPACT_STARTED, happened_at=began, by=ANA, text="first 500s")
    story.do(told)
    event = MilestoneSet(at=START, by=ANA, milestone=Milestone.IMPACT_STARTED, happened_at=began, text="first 500s")
    assert story.last.events == (event,)
    assert story.work() == [Say(incident=N, place=Place.CHANNEL, seq=2, event=event)]
    assert story.incident.milestones == {Milestone.IMPACT_STARTED: began}
    story.do(told)
    assert (story.happened(), story.work()) == ([], [])


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (TakeNote(incident=N, text="x", by=ANA, happened_at=START + timedelta(minutes=2)), "still to come"),
        (TakeNote(incident=N, text=" ", by=ANA), "worth remembering"),
        (
            SetMilestone(incident=N, milestone=Milestone.RESOLVED, happened_at=START + timedelta(hours=1), by=ANA),
            "still to come",
        ),
    ],
)
def test_what_cannot_have_happened_is_refused(command: TakeNote | SetMilestone, why: str) -> None:
    story = Story().declared()
    with pytest.raises(Refused, match=why):
        story.do(command)


def test_what_was_said_of_an_end_goes_with_the_end_when_the_incident_is_reopened() -> None:
    story = Story().declared()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    for milestone in (Milestone.DETECTED, Milestone.MITIGATED, Milestone.RESOLVED):
        story.do(SetMilestone(incident=N, milestone=milestone, happened_at=START, by=ANA))
    story.do(Reopen(incident=N, reason="errors are back", by=ANA))
    assert story.incident.milestones == {Milestone.DETECTED: START}
