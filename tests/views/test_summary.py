"""What somebody reads who comes late."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.ids import MessageTs
from bot.domain.keeping_events import MessageMarked
from bot.domain.model import Status
from bot.domain.note_events import NoteTaken
from bot.domain.roles_model import Role
from bot.views.summary import TRIED, incident_summary
from tests.views.happenings import DECLARED, SAID
from tests.views.limits import check
from tests.views.reader import seen
from tests.views.samples import ALERT, AT, BO, INCIDENT, NOW, POLICY, RESOLVED, TOLD, timeline

MINUTE = timedelta(minutes=1)


def noted(text: str, minutes: int) -> NoteTaken:
    return NoteTaken(at=NOW, by=BO, text=text, happened_at=AT + minutes * MINUTE)


def test_a_latecomer_reads_how_it_stands_what_was_tried_and_where_to_look() -> None:
    _, rows = timeline(DECLARED, noted("drained eu-west-1, no change", 9), noted("restarted the pods", 4))
    message = incident_summary(TOLD, rows, [ALERT], POLICY, NOW)
    check(message)
    assert seen(message) == snapshot(
        [
            "INC-42 checkout is down",
            "Severity",
            "SEV-1 · Critical: most customers cannot use us, or data is at risk",
            "Status",
            "Investigating",
            "Since",
            "21 Nov 2026 14:30 UTC, 20 min ago",
            "Incident Commander",
            "@U0BO",
            "Service",
            "checkout",
            "Last update by @U0BO, 21 Nov 2026 14:40 UTC",
            "We are rolling back.",
            "Worth knowing",
            "14:34 UTC @U0BO noted: restarted the pods",
            "14:39 UTC @U0BO noted: drained eu-west-1, no change",
            "Alerts",
            "Firing: Checkout fails for 12% of customers, since 21 Nov 2026 14:25 UTC",
            "Next update due 15:00 UTC · Runbook: runbooks.example · Alertmanager at prometheus.example:9090",
            "#C0INC42 · All that has happened: /incident timeline INC-42",
        ]
    )


def test_what_somebody_marked_is_worth_knowing_with_its_link() -> None:
    mark = MessageMarked(at=AT, by=BO, ts=SAID.ts, how="reaction")
    said = replace(SAID, text="It is the pool", files=())
    _, rows = timeline(DECLARED, said, replace(said, ts=MessageTs("2.1"), text="Lunch?"), mark)
    shown = str(seen(incident_summary(TOLD, rows, [], POLICY, NOW)))
    assert "14:30 UTC @U0BO wrote: It is the pool (message)" in shown
    assert "Lunch?" not in shown


def test_what_nobody_has_done_yet_is_said_plainly() -> None:
    shown = seen(incident_summary(INCIDENT, timeline(DECLARED)[1], [], POLICY, NOW))
    assert "No update has been sent yet." in shown
    assert "Nobody yet" in str(shown)
    assert "Worth knowing" not in str(shown)


def test_only_the_last_things_worth_knowing_are_shown_the_newest_at_the_end() -> None:
    _, rows = timeline(DECLARED, *(noted(f"try {n}.", n) for n in range(TRIED + 2)))
    shown = str(seen(incident_summary(TOLD, rows, [], POLICY, NOW)))
    assert "try 1." not in shown
    assert shown.index("try 2.") < shown.index("try 6.")


def test_of_what_is_over_it_says_how_it_ended() -> None:
    shown = str(seen(incident_summary(RESOLVED, timeline(DECLARED)[1], [], POLICY, NOW + timedelta(days=2))))
    assert "Rolled back release 2026-11-20." in shown
    assert "ago" not in shown
    assert "No update has been sent" not in str(
        seen(
            incident_summary(replace(INCIDENT, status=Status.RESOLVED, roles={Role.COMMANDER: BO}), (), [], POLICY, NOW)
        )
    )
