"""What the channel reads when somebody is missing."""

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.noticed import HolderAwake, HolderBack, HolderGone, HolderPaused, StructureProposed
from bot.domain.roles_model import CustomRole, Role
from bot.domain.unacknowledged import AcknowledgementMissed
from bot.domain.work import Place
from bot.views.moments import moment
from bot.views.timeline import describe
from tests.views.limits import buttons, check, labels
from tests.views.reader import seen
from tests.views.samples import AT, BO, INCIDENT, LED, NAMES

GONE = HolderGone(at=AT, user=BO, roles=(Role.COMMANDER, CustomRole("Database Expert")), how="left")
PAUSED = HolderPaused(
    at=AT, user=BO, roles=(Role.COMMANDER, Role.SCRIBE), until=AT + timedelta(hours=6), has_pager=False
)
PROPOSED = StructureProposed(at=AT, vacant=(Role.OPERATIONS, Role.SCRIBE))


def test_who_is_gone_is_named_with_their_roles_and_a_button_for_each() -> None:
    message = moment(GONE, LED, Place.CHANNEL)
    assert message
    check(message)
    assert seen(message)[0] == "@U0BO, Incident Commander, Database Expert, has left the channel"
    assert labels(message) == ["Take Command", "Take Database Expert"]
    assert [one["value"] for one in buttons(message)] == ["42 ic", "42 Database Expert"]
    assert moment(GONE, LED, Place.ANNOUNCEMENT) is None


def test_whose_notifications_are_paused_is_named_until_when_with_how_to_wake_them_and_a_button_for_each_role() -> None:
    message = moment(PAUSED, LED, Place.CHANNEL)
    assert message
    check(message)
    assert seen(message) == snapshot(
        [
            (
                "@U0BO, Incident Commander, Scribe, has notifications paused until 21 Nov 2026 20:30 UTC and no pager "
                "of their own. Phone them, or wake others: /incident page <service> why"
            ),
            "Take Command",
            "Take Scribe",
            "Whoever takes a role has it at once",
        ]
    )
    assert message.text == snapshot(
        "INC-42: <@U0BO>, Incident Commander, Scribe, has notifications paused until 21 Nov 2026 20:30 UTC"
    )
    assert [one["value"] for one in buttons(message)] == ["42 ic", "42 scribe"]
    by_pager = moment(replace(PAUSED, has_pager=True), LED, Place.CHANNEL)
    assert by_pager
    assert "To wake them: /incident page @person why" in seen(by_pager)[0]
    assert moment(PAUSED, LED, Place.ANNOUNCEMENT) is None


def test_a_long_sev1_is_asked_to_fill_its_roles() -> None:
    message = moment(PROPOSED, LED, Place.CHANNEL)
    assert message
    check(message)
    assert seen(message) == snapshot(
        [
            (
                "@U0BO: INC-42 has been SEV-1 for long. It goes better when each of these roles is somebody's: "
                "Operations Lead, Scribe"
            ),
            "Take Operations Lead",
            "Take Scribe",
            "Or give them out: /incident role ops @person",
        ]
    )
    nobody = moment(PROPOSED, INCIDENT, Place.CHANNEL)
    assert nobody
    assert seen(nobody)[0].startswith("INC-42 has been")


def test_the_timeline_tells_of_all_of_it() -> None:
    back = HolderBack(at=AT, user=BO)
    ended = HolderGone(at=AT, user=BO, roles=(Role.SCRIBE,), how="deactivated")
    awake = HolderAwake(at=AT, user=BO)
    assert [describe(event, NAMES) for event in (back, ended, PROPOSED, PAUSED, awake)] == [
        "Bo Chen is in the channel again",
        "Bo Chen, Scribe, has no active account any more",
        "SEV-1 for long, and vacant: Operations Lead, Scribe",
        "Bo Chen, Incident Commander, Scribe, has notifications paused until 21 Nov 2026 20:30 UTC",
        "Bo Chen hears notifications again",
    ]
    assert moment(back, LED, Place.CHANNEL) is None
    assert moment(awake, LED, Place.CHANNEL) is None


def test_a_target_that_passed_is_told_with_what_to_do_and_a_button_to_take_command() -> None:
    event = AcknowledgementMissed(at=AT, severity=Severity.SEV1, within=timedelta(minutes=2), further=True)
    missed = replace(INCIDENT, unacknowledged_at=AT)
    message = moment(event, missed, Place.CHANNEL)
    assert message
    check(message)
    assert message.text == (
        "Nobody has acknowledged INC-42 within 2 min, the target of SEV-1. Wake the next level: `/incident escalate`."
    )
    assert seen(message) == snapshot(
        [
            (
                "Nobody has acknowledged INC-42 within 2 min, the target of SEV-1. "
                "Wake the next level: /incident escalate."
            ),
            "Take Command",
        ]
    )
    below = moment(event, missed, Place.ANNOUNCEMENT)
    assert below
    assert seen(below) == snapshot(
        [
            (
                "Nobody has acknowledged INC-42 within 2 min, the target of SEV-1. "
                "Wake the next level: /incident escalate INC-42."
            )
        ]
    )
    called = moment(replace(event, level=1), missed, Place.CHANNEL)
    alone = moment(replace(event, further=False), missed, Place.ANNOUNCEMENT)
    assert called
    assert alone
    assert (seen(called)[0], seen(alone)[0]) == snapshot(
        (
            (
                "Nobody has acknowledged INC-42 within 2 min, the target of SEV-1. "
                "Level 1 of its escalation path is called."
            ),
            (
                "Nobody has acknowledged INC-42 within 2 min, the target of SEV-1. "
                "Wake somebody by name: /incident page INC-42 @person why."
            ),
        )
    )


def test_what_waited_for_slack_is_not_told_when_it_is_not_true_any_more() -> None:
    event = AcknowledgementMissed(at=AT, severity=Severity.SEV1, within=timedelta(minutes=2))
    over = replace(INCIDENT, unacknowledged_at=AT, status=Status.RESOLVED)
    anew = replace(INCIDENT, unacknowledged_at=None)
    for place in Place:
        assert [moment(event, one, place) for one in (over, anew, replace(LED, unacknowledged_at=AT))] == [None] * 3


@pytest.mark.parametrize("further", [True, False])
def test_the_longest_target_fits(*, further: bool) -> None:
    event = AcknowledgementMissed(
        at=AT, severity=Severity.SEV4, within=timedelta(days=29, hours=23, minutes=59), further=further
    )
    far = replace(INCIDENT, id=IncidentId(10**12), unacknowledged_at=AT)
    for place in Place:
        message = moment(event, far, place)
        assert message
        check(message)
