"""What is remembered of a group's past: every turn with its time and who made it, and no more than enough."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.alerts_model import Acknowledgement, AlertSeverity, AlertStatus
from bot.domain.flapping import Flapping, Turns
from bot.domain.grouping import alone
from bot.domain.groups_model import Assignment, Became, Group, Hush, Past
from bot.domain.history import KEPT, remembered
from bot.domain.ids import IncidentId, UserId
from bot.domain.mutes import Mute, MuteKind
from bot.domain.policy import Policy
from bot.domain.storms_model import Stand, StormId
from tests.domain.test_finding import ALERT

ANA, BO = UserId("U0ANA"), UserId("U0BO")
FIRES = alone(ALERT, Policy())
AT, LATER = FIRES.opened_at, FIRES.opened_at + timedelta(minutes=9)
OVER = replace(FIRES, status=AlertStatus.RESOLVED, severities={})
TAKEN = Acknowledgement(by=ANA, at=AT)
MUTE = Mute(kind=MuteKind.SILENCE, name="S-1", by=BO, reason="known")
QUIET = replace(FIRES, mute=MUTE, muted=1)


def steps(before: Group | None, after: Group) -> list[Past]:
    return list(remembered(before, after, LATER).past)


def test_what_people_do_is_remembered_with_their_own_time() -> None:
    given = Assignment(user=BO, by=ANA, at=AT)
    hushed = Hush(by=BO, at=AT)
    after = replace(FIRES, acknowledged=TAKEN, assigned=given, hushed=hushed, incident=IncidentId(7))
    assert steps(FIRES, after) == [
        Past(at=AT, what=Became.TAKEN, by=ANA),
        Past(at=AT, what=Became.GIVEN, by=ANA, text=BO),
        Past(at=AT, what=Became.HUSHED, by=BO),
        Past(at=LATER, what=Became.JOINED, text="INC-7"),
    ]
    assert steps(after, after) == []
    assert steps(after, replace(after, hushed=None)) == [Past(at=LATER, what=Became.UNHUSHED)]
    heard = replace(after, hushed=None, unhushed=Hush(by=ANA, at=LATER))
    assert steps(after, heard) == [Past(at=LATER, what=Became.UNHUSHED, by=ANA)]


def test_the_end_and_firing_again_are_remembered() -> None:
    hushed = replace(OVER, hushed=Hush(by=BO, at=AT), acknowledged=TAKEN)
    assert steps(FIRES, OVER) == [Past(at=LATER, what=Became.OVER)]
    assert steps(hushed, FIRES) == [Past(at=LATER, what=Became.AGAIN)]
    assert steps(None, OVER) == [Past(at=LATER, what=Became.OVER)]


def test_what_keeps_it_quiet_is_remembered_once_for_each_reason_and_that_it_is_heard_again() -> None:
    other = replace(MUTE, name="S-2")
    longer = replace(MUTE, until=LATER)
    assert steps(None, QUIET) == [Past(at=LATER, what=Became.QUIET, mute=MUTE)]
    assert steps(QUIET, replace(QUIET, mute=longer)) == []
    assert steps(QUIET, replace(QUIET, mute=other)) == [Past(at=LATER, what=Became.QUIET, mute=other)]
    assert steps(QUIET, FIRES) == [Past(at=LATER, what=Became.HEARD)]
    assert steps(QUIET, OVER) == [Past(at=LATER, what=Became.OVER)]


def test_while_it_flaps_only_that_is_remembered_and_how_it_stands_when_it_is_steady() -> None:
    flaps = Turns(flapping=Flapping(since=AT, turns=4, last=LATER, within=timedelta(minutes=30)))
    comes, goes = replace(FIRES, turns=flaps), replace(OVER, turns=flaps)
    assert steps(OVER, comes) == [Past(at=LATER, what=Became.AGAIN), Past(at=LATER, what=Became.FLAPS)]
    assert steps(comes, goes) == steps(goes, comes) == []
    assert steps(goes, OVER) == [Past(at=LATER, what=Became.STEADY, text="resolved")]


def test_another_group_has_a_past_of_its_own() -> None:
    newer = replace(FIRES, id=ALERT.id + "2", severities={AlertSeverity.INFO: 1})  # type: ignore[arg-type] # any id
    assert steps(replace(OVER, acknowledged=TAKEN), newer) == []


def test_only_the_last_steps_are_kept() -> None:
    group = FIRES
    for number in range(KEPT + 5):
        after = replace(group, status=AlertStatus.FIRING if group.is_over else AlertStatus.RESOLVED)
        group = remembered(group, after, AT + timedelta(minutes=number))
    assert len(group.past) == KEPT
    assert group.past[-1].at == AT + timedelta(minutes=KEPT + 4)


def test_where_its_message_stands_in_a_storm_is_remembered() -> None:
    nowhere = replace(FIRES, stand=Stand.NOWHERE, storm=StormId("a"))
    alone = replace(nowhere, stand=Stand.CHANNEL)
    assert steps(None, nowhere) == [Past(at=LATER, what=Became.STORM, text="nowhere")]
    assert steps(nowhere, alone) == [Past(at=LATER, what=Became.ALONE, text="channel")]
    assert steps(alone, alone) == steps(None, replace(FIRES, stand=Stand.UNPLACED)) == []
