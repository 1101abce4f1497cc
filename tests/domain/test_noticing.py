"""Who is missing is noticed once: holders of roles who are gone, and roles that a long SEV-1 should have."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.commands import AssignRole, Resolve, SetSeverity
from bot.domain.ids import IncidentId, UserId
from bot.domain.latecomers import LatecomerJoined, SendSummary
from bot.domain.loud import is_loud
from bot.domain.model import Severity
from bot.domain.noticed import AwaitStructure, HolderGone, HolderPaused, StructureProposed
from bot.domain.people_commands import NoticeGone, NoticePause, NoticeReturn, StructureDue
from bot.domain.roles_model import Role
from tests.domain.story import ANA, BO, CLEO, START, Story

N = IncidentId(42)
DEE = UserId("U0DEE")
HALF_AN_HOUR = timedelta(minutes=30)
HOUR = timedelta(hours=1)


def left(user: UserId = BO) -> NoticeGone:
    return NoticeGone(incident=N, user=user, how="left")


def paused(user: UserId = BO, begins: timedelta = timedelta(0), ends: timedelta = 6 * HOUR) -> NoticePause:
    """Return what Slack tells of somebody's do-not-disturb, from when until when after the start."""
    return NoticePause(incident=N, user=user, begins=START + begins, ends=START + ends)


def led() -> Story:
    story = Story().declared().opened()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    return story


def due(story: Story) -> list[timedelta]:
    return [one.due - START for one in story.last.effects if isinstance(one.work, AwaitStructure)]


def test_a_holder_who_leaves_is_missed_once_and_still_holds_the_role() -> None:
    story = led()
    story.do(left())
    (event,) = story.last.events
    assert isinstance(event, HolderGone)
    assert (event.user, event.roles, event.how) == (BO, (Role.COMMANDER,), "left")
    assert story.kinds() == ["slack.say", "slack.card", "slack.announce"]
    story.do(NoticeGone(incident=N, user=BO, how="deactivated"))
    assert story.last.events == ()
    assert story.incident.commander == BO


def test_who_comes_back_and_leaves_again_is_missed_again() -> None:
    story = led()
    story.do(NoticeReturn(incident=N, user=BO))
    assert story.happened() == ["latecomer_joined"], "nobody missed them"
    story.do(left())
    story.do(NoticeReturn(incident=N, user=BO))
    assert (story.happened(), story.incident.gone) == (["holder_back"], ())
    story.do(left())
    assert story.happened() == ["holder_gone"]


def test_who_comes_late_is_told_how_it_stands_once_however_often_they_come() -> None:
    story = led()
    story.do(NoticeReturn(incident=N, user=DEE))
    (event,) = story.last.events
    assert isinstance(event, LatecomerJoined)
    assert event.user == DEE
    assert story.work() == [SendSummary(incident=N, user=DEE)]
    story.do(NoticeReturn(incident=N, user=DEE))
    assert (story.last.events, story.work()) == ((), [])


def test_whom_muster_brought_in_when_the_channel_was_made_is_not_told() -> None:
    story = led()
    assert story.incident.briefed == (ANA, CLEO)
    story.do(NoticeReturn(incident=N, user=ANA))
    assert (story.last.events, story.work()) == ((), [])


def test_who_comes_late_to_what_is_over_is_told_too() -> None:
    story = led()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    story.do(NoticeReturn(incident=N, user=DEE))
    assert story.work() == [SendSummary(incident=N, user=DEE)]


def test_who_takes_a_role_is_not_missed_any_more() -> None:
    story = led()
    story.do(left())
    story.do(AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=BO))
    assert story.incident.gone == ()


def test_nobody_misses_who_holds_no_role_or_when_it_is_over() -> None:
    story = led()
    story.do(left(ANA))
    assert story.last.events == ()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    story.do(left())
    assert story.last.events == ()
    story.current = None
    assert (story.do(left()).events, story.do(NoticeReturn(incident=N, user=BO)).events) == ((), ())


def test_a_holder_who_pauses_notifications_is_spoken_of_once_a_pause_in_the_channel() -> None:
    story = led()
    story.do(paused())
    (event,) = story.last.events
    assert isinstance(event, HolderPaused)
    assert (event.user, event.roles, event.until) == (BO, (Role.COMMANDER,), START + 6 * HOUR)
    assert not event.has_pager
    assert is_loud(event)
    assert story.kinds() == ["slack.say"]
    story.do(paused(), at=HOUR)
    story.do(paused(ends=5 * HOUR), at=2 * HOUR)
    assert story.last.events == (), "they hear of it sooner than the channel was told"
    story.do(paused(ends=8 * HOUR), at=3 * HOUR)
    assert story.happened() == ["holder_paused"], "the channel was told too early an end"
    story.do(paused(begins=9 * HOUR, ends=10 * HOUR), at=9 * HOUR)
    assert story.happened() == ["holder_paused"]
    assert story.incident.commander == BO


def test_who_hears_again_and_pauses_again_is_spoken_of_again() -> None:
    story = led()
    story.do(paused())
    nightly = paused(begins=20 * HOUR, ends=30 * HOUR)
    story.do(nightly, at=HOUR)
    assert (story.happened(), story.kinds(), story.incident.paused) == (["holder_awake"], [], {})
    story.do(nightly, at=HOUR)
    assert story.last.events == ()
    story.do(paused(), at=2 * HOUR)
    assert story.happened() == ["holder_paused"]


def test_hours_that_have_not_begun_or_are_over_say_nothing_and_slacks_clock_may_be_a_little_ahead() -> None:
    story = led()
    for begins, ends in ((HOUR, 2 * HOUR), (-2 * HOUR, -HOUR), (-HOUR, timedelta(0))):
        story.do(paused(begins=begins, ends=ends))
        assert story.last.events == ()
    story.do(paused(begins=timedelta(seconds=30)))
    assert story.happened() == ["holder_paused"]


def test_that_they_have_a_pager_of_their_own_is_known_by_then() -> None:
    story = led()
    story.policy = replace(story.policy, own_pagers=frozenset({"person:U0BO"}))
    story.do(paused())
    (event,) = story.last.events
    assert isinstance(event, HolderPaused)
    assert event.has_pager


def test_nobody_speaks_of_who_pauses_without_a_role_or_is_missed_already_or_when_it_is_over() -> None:
    story = led()
    story.do(paused(ANA))
    assert story.last.events == ()
    story.do(left())
    story.do(paused())
    assert story.last.events == ()
    story.do(NoticeReturn(incident=N, user=BO))
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    story.do(paused())
    assert story.last.events == ()
    story.current = None
    assert story.do(paused()).events == ()


def test_a_sev1_is_looked_at_after_half_an_hour_and_its_vacant_roles_are_proposed_once() -> None:
    story = Story().declared(Severity.SEV1)
    assert due(story) == [HALF_AN_HOUR]
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    story.do(StructureDue(incident=N), at=HALF_AN_HOUR)
    (event,) = story.last.events
    assert isinstance(event, StructureProposed)
    assert event.vacant == (Role.OPERATIONS, Role.COMMUNICATIONS, Role.PLANNING, Role.SCRIBE)
    story.do(StructureDue(incident=N), at=2 * HALF_AN_HOUR)
    assert story.last.events == ()


def test_what_became_a_sev1_later_is_looked_at_later_and_what_is_less_grave_by_then_is_not() -> None:
    story = Story().declared()
    assert due(story) == []
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA), at=timedelta(minutes=20))
    assert due(story) == [timedelta(minutes=50)]
    story.do(StructureDue(incident=N), at=HALF_AN_HOUR)
    assert (story.last.events, due(story)) == ((), [timedelta(minutes=50)])
    story.do(SetSeverity(incident=N, severity=Severity.SEV2, by=ANA))
    story.do(StructureDue(incident=N), at=timedelta(hours=1))
    assert story.last.events == ()


def test_an_incident_that_has_all_its_roles_is_left_alone() -> None:
    story = Story().declared(Severity.SEV1)
    for role in Role:
        story.do(AssignRole(incident=N, role=role, user=BO, by=BO))
    story.do(StructureDue(incident=N), at=HALF_AN_HOUR)
    assert (story.last.events, story.work()) == ((), [])
