"""Who takes a page up in Slack stops its ringing in the pager, and the other way round; nothing is sent back."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from bot.domain.alert_events import AlertAcknowledged
from bot.domain.calls import Callee, CalleeKind, PageCallee
from bot.domain.commands import AcknowledgeAlert, AssignRole, Declare, ReportAlert, Resolve
from bot.domain.course_commands import Reopen
from bot.domain.evolve import fold
from bot.domain.group_work import ShowGroup
from bot.domain.ids import AlertId, IncidentId
from bot.domain.model import PageTaken, Severity
from bot.domain.page_commands import HearPager, PagerWord
from bot.domain.page_events import PagerTold
from bot.domain.paging import SILENT_AFTER, call_key, page_key
from bot.domain.people_commands import CallPeople
from bot.domain.policy import Policy
from bot.domain.result_commands import PageOverdue
from bot.domain.roles_model import Role
from bot.domain.work import Page, PageAction, Place, Say
from tests.domain.story import ANA, BO, POLICY, START, Story, reported

N = IncidentId(42)
MINUTE = timedelta(minutes=1)
ACKNOWLEDGE = Page(incident=N, action=PageAction.ACKNOWLEDGE)


def word(
    story: Story, word: PagerWord, name: str = "Ana Lima", *, at: timedelta = MINUTE, **changes: object
) -> HearPager:
    heard = HearPager(incident=N, key=page_key(story.incident), word=word, name=name, told_at=START + at)
    return replace(heard, **{"rings": word == "unacknowledged", **changes})  # type: ignore[arg-type] # real fields


def from_an_alert(*, acknowledged: bool = False) -> Story:
    story = Story()
    story.do(ReportAlert(report=reported()))
    assert story.alert
    if acknowledged:
        story.do(AcknowledgeAlert(alert=story.alert.id, by=BO))
    story.do(Declare(by=ANA, severity=Severity.SEV1, alert=story.alert.id))
    return story


def test_who_takes_up_the_alert_of_an_incident_takes_up_its_page() -> None:
    story = from_an_alert()
    story.do(AcknowledgeAlert(alert=AlertId("any"), by=BO), at=MINUTE)
    assert ACKNOWLEDGE in story.work()
    assert story.incident.page_taken == PageTaken(at=START + MINUTE)
    assert not story.incident.page_is_out


def test_who_had_taken_up_the_alert_before_has_not_taken_up_the_page() -> None:
    story = from_an_alert(acknowledged=True)
    assert any(isinstance(event, AlertAcknowledged) for event in story.last.events)
    assert ACKNOWLEDGE not in story.work()
    assert story.incident.page_is_out


def test_the_pager_is_asked_once_whoever_takes_it_up_after() -> None:
    story = from_an_alert()
    story.do(AcknowledgeAlert(alert=AlertId("any"), by=BO), at=MINUTE)
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    assert ACKNOWLEDGE not in story.work()
    again = Story().declared()
    again.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    assert ACKNOWLEDGE in again.work()
    again.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    assert ACKNOWLEDGE not in again.work()


def test_where_nobody_is_paged_the_pager_is_told_nothing() -> None:
    story = from_an_alert()
    story.current = replace(story.incident, paged=False)
    story.do(AcknowledgeAlert(alert=AlertId("any"), by=BO), at=MINUTE)
    assert ACKNOWLEDGE not in story.work()


def test_an_acknowledgement_in_the_pager_counts_is_said_and_is_not_sent_back() -> None:
    story = from_an_alert()
    story.do(word(story, "acknowledged"), at=2 * MINUTE)
    event = PagerTold(at=START + MINUTE, word="acknowledged", name="Ana Lima", told_at=START + MINUTE)
    assert story.last.events == (event,)
    assert Say(incident=N, place=Place.CHANNEL, seq=story.incident.events, event=event) in story.work()
    assert any(isinstance(work, ShowGroup) for work in story.work())
    assert "pager.page" not in story.kinds()
    assert story.incident.acknowledged_at == START + MINUTE
    assert story.incident.page_taken == PageTaken(at=START + MINUTE, in_pager=True, name="Ana Lima")
    story.do(AcknowledgeAlert(alert=AlertId("any"), by=BO), at=3 * MINUTE)
    assert ACKNOWLEDGE not in story.work()


@pytest.mark.parametrize("said", ["acknowledged", "resolved", "reassigned"])
def test_whoever_answers_the_page_shows_that_the_pager_had_it_and_nobody_is_called_in_slack(said: PagerWord) -> None:
    story = Story().declared()
    story.do(word(story, said, at=MINUTE / 2))
    story.do(PageOverdue(incident=N), at=SILENT_AFTER)
    assert (story.happened(), story.kinds()) == ([], [])


def test_what_muster_itself_asked_for_comes_back_and_changes_nothing() -> None:
    story = from_an_alert()
    story.do(AcknowledgeAlert(alert=AlertId("any"), by=BO), at=MINUTE)
    before = story.incident
    story.do(word(story, "acknowledged", "", at=2 * MINUTE))
    assert (story.incident, story.kinds()) == (before, [])
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    before = story.incident
    story.do(word(story, "resolved", "", at=3 * MINUTE))
    assert (story.incident, story.kinds()) == (before, [])


def test_a_person_who_answers_after_somebody_in_slack_is_told_of_all_the_same() -> None:
    story = from_an_alert()
    story.do(AcknowledgeAlert(alert=AlertId("any"), by=BO), at=MINUTE)
    story.do(word(story, "acknowledged", at=2 * MINUTE))
    assert "slack.say" in story.kinds()


def test_a_machine_may_take_the_page_up_and_that_is_nobodys_acknowledgement() -> None:
    story = Story().declared()
    story.do(word(story, "acknowledged", ""))
    assert "slack.say" in story.kinds()
    assert story.incident.page_taken == PageTaken(at=START, in_pager=True)
    assert story.incident.acknowledged_at is None


def test_a_page_that_rings_again_can_be_taken_up_again() -> None:
    story = Story().declared()
    story.do(word(story, "acknowledged"), at=MINUTE)
    story.do(word(story, "unacknowledged", "", at=30 * MINUTE), at=30 * MINUTE)
    assert "slack.say" in story.kinds()
    assert story.incident.page_is_out
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    assert ACKNOWLEDGE in story.work()


def test_what_was_taken_up_in_slack_meanwhile_does_not_ring_for_an_older_word() -> None:
    story = Story().declared()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA), at=3 * MINUTE)
    story.do(word(story, "unacknowledged", ""), at=4 * MINUTE)
    assert not story.incident.page_is_out


def test_who_is_given_the_page_is_called_unless_they_had_answered_already() -> None:
    story = Story().declared()
    story.do(word(story, "acknowledged"), at=MINUTE)
    story.do(word(story, "reassigned", to=("Bo",), at=2 * MINUTE))
    assert not story.incident.page_is_out
    story.do(word(story, "reassigned", to=("Bo",), at=3 * MINUTE, rings=True))
    assert story.incident.page_is_out


def test_in_whatever_order_the_words_come_the_newest_counts() -> None:
    story = Story().declared()
    words = [
        word(story, "acknowledged", at=1 * MINUTE),
        word(story, "unacknowledged", "", at=2 * MINUTE),
        word(story, "acknowledged", "Bo", at=3 * MINUTE),
        word(story, "resolved", "Cleo", at=4 * MINUTE),
    ]
    for order in permutations(words):
        told = Story().declared()
        said = []
        for one in order:
            told.do(one, at=10 * MINUTE)
            spoken = [work.event for work in told.work() if isinstance(work, Say)]
            said += [event.told_at for event in spoken if isinstance(event, PagerTold)]
        assert told.incident.page_taken == PageTaken(at=START + 4 * MINUTE, in_pager=True, name="Cleo")
        assert told.incident.acknowledged_at == START + MINUTE
        assert said == sorted(said), "what is older than what was said already is not said any more"


def test_what_comes_late_is_recorded_when_a_person_did_it_and_the_end_stays_the_end() -> None:
    story = Story().declared()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=5 * MINUTE)
    story.do(word(story, "acknowledged"), at=6 * MINUTE)
    assert (story.happened(), story.kinds()) == (["pager_told"], [])
    assert story.incident.acknowledged_at == START + MINUTE
    late = Story().declared()
    late.do(word(late, "resolved", at=5 * MINUTE), at=5 * MINUTE)
    late.do(word(late, "unacknowledged", ""), at=6 * MINUTE)
    assert (late.happened(), late.kinds()) == ([], [])


def test_what_another_muster_paged_is_not_ours() -> None:
    story = Story().declared()
    strange = replace(word(story, "acknowledged"), key="muster-inc-42-0000")
    for odd in (story, called(Story().declared()), Story(Policy()).declared(), Story()):
        odd.do(strange)
        assert (odd.happened(), odd.kinds()) == ([], [])


SERVICE = Callee(kind=CalleeKind.SERVICE, name="checkout")


def called(story: Story) -> Story:
    """Let the phones of the service ring for a call of its own, in an incident whose own page stays out."""
    story.do(CallPeople(incident=N, callees=(SERVICE,), why="It leaks", by=ANA))
    return story


def of_call(story: Story, said: PagerWord, name: str = "Cleo Park", **changes: Any) -> HearPager:
    return word(story, said, name, key=call_key(story.incident, story.incident.calls[-1]), **changes)


def test_who_answers_a_call_in_the_pager_is_named_and_the_incidents_own_page_goes_on_ringing() -> None:
    story = called(Story().declared())
    story.do(of_call(story, "acknowledged"), at=2 * MINUTE)
    event = PagerTold(
        at=START + MINUTE, word="acknowledged", name="Cleo Park", told_at=START + MINUTE, n=1, callee=SERVICE
    )
    assert story.last.events == (event,)
    assert Say(incident=N, place=Place.CHANNEL, seq=story.incident.events, event=event) in story.work()
    (call,) = story.incident.calls
    assert (call.taken_at, call.taken_by, call.told_at) == (START + MINUTE, "Cleo Park", START + MINUTE)
    assert call.accepted_at, "who answers shows that the pager has it"
    assert story.incident.acknowledged_at == START + MINUTE
    assert story.incident.page_is_out


def test_a_call_that_rings_again_is_said_to_and_the_newest_word_counts() -> None:
    story = called(Story().declared())
    story.do(of_call(story, "acknowledged"), at=MINUTE)
    story.do(of_call(story, "unacknowledged", "", at=3 * MINUTE), at=3 * MINUTE)
    assert "slack.say" in story.kinds()
    story.do(of_call(story, "resolved", "Bo", at=2 * MINUTE), at=4 * MINUTE)
    assert "slack.say" not in story.kinds(), "it is older than what was said"
    assert [one.taken_at for one in story.incident.calls] == [None]
    story.do(of_call(story, "reassigned", "Bo", to=("Dita",), at=5 * MINUTE), at=5 * MINUTE)
    assert (story.happened(), story.incident.calls[0].taken_at) == (["pager_told"], None)
    story.do(of_call(story, "resolved", "", at=6 * MINUTE), at=6 * MINUTE)
    assert [(one.taken_at, one.taken_by) for one in story.incident.calls] == [(START + 6 * MINUTE, "")]
    assert story.incident.acknowledged_at == START + MINUTE
    story.do(of_call(story, "resolved", "", at=7 * MINUTE), at=7 * MINUTE)
    assert story.happened() == [], "a machine's word that changes nothing"


def test_of_several_calls_the_one_that_was_answered_is_meant() -> None:
    story = called(Story(replace(POLICY, own_pagers=frozenset({"person:U0BO"}))).declared())
    story.do(CallPeople(incident=N, callees=(Callee(kind=CalleeKind.PERSON, name=BO),), why="It leaks", by=ANA))
    story.do(of_call(story, "acknowledged", "Bo"), at=MINUTE)
    assert [one.taken_by for one in story.incident.calls] == ["", "Bo"]


def test_a_call_from_before_the_incident_was_reopened_is_over_and_the_pager_knows_the_next_by_another_name() -> None:
    story = called(Story().declared())
    before = of_call(story, "acknowledged", at=9 * MINUTE)
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=5 * MINUTE)
    story.do(Reopen(incident=N, reason="It is back", by=ANA), at=8 * MINUTE)
    story.do(before, at=9 * MINUTE)
    assert (story.happened(), story.kinds()) == ([], [])
    called(story)
    assert call_key(story.incident, story.incident.calls[-1]) == "muster-inc-42-7k3x-again-1-2"
    story.do(of_call(story, "acknowledged", at=20 * MINUTE), at=20 * MINUTE)
    assert [one.taken_by for one in story.incident.calls] == ["", "Cleo Park"]
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA), at=21 * MINUTE)
    over = [work for work in story.work() if isinstance(work, PageCallee)]
    assert over == [PageCallee(incident=N, n=2, over=True)], "the first is quiet already"


def test_the_record_alone_tells_who_has_taken_the_page_up() -> None:
    story = Story()
    events = [*story.declared().last.events, *called(story).last.events]
    calls = (of_call(story, "acknowledged"), of_call(story, "resolved", at=2 * MINUTE))
    for one in (word(story, "acknowledged"), word(story, "unacknowledged", "", at=2 * MINUTE), *calls):
        events += story.do(one, at=3 * MINUTE).events
    events += story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA)).events
    assert fold(events) == story.incident


def test_the_pager_knows_the_incident_by_one_name_though_its_channels_was_taken() -> None:
    incident = Story().declared().incident
    assert page_key(incident) == "muster-inc-42-7k3x"
    assert page_key(replace(incident, channel_name=f"{incident.channel_name}-2")) == page_key(incident)
