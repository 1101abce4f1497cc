"""What people say, and what came of our own work."""

from datetime import timedelta

from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.events import DeliveryFailed
from bot.domain.group_work import ShowGroup
from bot.domain.ids import ChannelId, IncidentId, MessageTs
from bot.domain.message_events import MessagePosted
from bot.domain.page_events import PagerAnswered
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordMessage
from bot.domain.result_commands import ConfirmPage, RecordOnCall, ReportFailure
from bot.domain.work import PageAction, RefreshOnCall, SetTopic, TellFailure, WarnAdmins
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
