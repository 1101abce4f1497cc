"""What is said once: moments, reminders, duties, notices, the timeline; each short, with what to do next."""

from dataclasses import replace

import pytest
from hypothesis import given
from inline_snapshot import snapshot

from bot.domain.alert_events import AlertAttached
from bot.domain.events import (
    DeliveryFailed,
    Event,
    IncidentResolved,
    UpdateSent,
)
from bot.domain.ids import MessageTs, UserId
from bot.domain.model import Status
from bot.domain.work import Place, Reminder
from bot.views.blocks import date
from bot.views.moments import moment
from bot.views.notices import admin_notice, failure
from bot.views.reminders import reminder
from bot.views.timeline import describe, timeline_message
from tests.views.happenings import A1, DECLARED, EVENTS, EVERY, LINK, SAID
from tests.views.limits import buttons, check, labels, marked, words
from tests.views.reader import read, seen
from tests.views.samples import AT, BO, CLEO, INCIDENT, LED, NAMES, timeline
from tests.views.test_blocks import TEXT


def test_every_kind_of_event_has_its_sentence() -> None:
    assert {name: describe(event, NAMES) for name, event in EVENTS.items()} == snapshot(
        {
            "declared": "Ana Lima declared INC-42 as SEV-2: checkout is down",
            "attached": "Alert attached: 5xx (firing since 21 Nov 2026 14:20 UTC)",
            "acknowledged": "Bo Chen acknowledged the alert: 5xx",
            "ended": "Alert ended at 21 Nov 2026 14:30 UTC: 5xx",
            "opened": "The channel #inc-42 was opened",
            "took": "Bo Chen took command",
            "took over": "Bo Chen took command from Ana Lima",
            "handed over": "Ana Lima handed over command to Bo Chen",
            "asked": "Ana Lima asked Bo Chen to be the Scribe; until they accept, U0CLEO keeps it",
            "declined": "Bo Chen cannot be the Scribe; U0CLEO still is",
            "taken back": "Ana Lima took back the offer of Scribe to Bo Chen; U0CLEO still is",
            "not answered": "Bo Chen has not answered whether they take over as Scribe from U0CLEO",
            "came late": "Bo Chen joined the channel",
            "ticked": "Bo Chen has done 2 of the 5 duties of Scribe",
            "given": "Ana Lima gave Bo Chen the role of Scribe",
            "given on": "Ana Lima gave Bo Chen the role of Scribe, until now U0CLEO",
            "status": "Bo Chen moved the status from Investigating to Monitoring",
            "worse": "Bo Chen raised the severity from SEV-2 to SEV-1",
            "better": "Bo Chen lowered the severity from SEV-2 to SEV-3",
            "update": "Bo Chen sent an update: rolling back",
            "snoozed": "Bo Chen put the next update off until 21 Nov 2026 14:30 UTC: we wait",
            "overdue": "An update was due at 21 Nov 2026 14:30 UTC",
            "vacant": "Nobody was in command yet",
            "reminded": "Reminder 2 of an update was posted",
            "reminded of command": "Reminder 1 that nobody was in command was posted",
            "reminded of triage": "Reminder 1 that it was still in triage was posted",
            "said": "Bo Chen wrote: @Ana Lima look [a.png]",
            "edited": "Bo Chen changed a message to: look here",
            "deleted": "A message was deleted",
            "noted": "Bo Chen noted: traffic moved",
            "impact": "Bo Chen set when the impact started, 21 Nov 2026 14:20 UTC: first 500s",
            "paged": "The pager accepted the page",
            "page acknowledged": "The pager recorded that somebody has taken the page up",
            "page resolved": "The pager closed its incident",
            "silence": "The pager has not accepted the page since 21 Nov 2026 14:30 UTC. On call: Bo Chen, U0CLEO",
            "silence, nobody": "The pager has not accepted the page since 21 Nov 2026 14:30 UTC. On call: nobody",
            "not acknowledged": "Nobody had acknowledged it within 2 min, the target of SEV-1",
            "failed": "Muster could not set the channel's topic: missing_scope",
            "asked for comms": "Bo Chen asked for a channel for communications",
            "comms": "#inc-42-comms-checkout was opened for communications, as Bo Chen asked",
            "comms archived": "The channel for communications was archived",
            "resolved": "Bo Chen resolved the incident: rolled back",
        }
    )


def test_who_has_no_name_keeps_the_id() -> None:
    assert describe(EVENTS["given on"], {}) == "U0ANA gave U0BO the role of Scribe, until now U0CLEO"


@pytest.mark.parametrize("name", ["attached", "ended", "snoozed", "impact", "silence"])
def test_a_moment_is_told_in_the_channel_by_each_readers_clock_and_on_the_timeline_in_utc(name: str) -> None:
    said = moment(EVENTS[name], INCIDENT, Place.CHANNEL)
    assert said
    assert "<!date^" in words(said)
    assert "UTC" in said.text
    assert "<!date^" not in said.text, "who sees no blocks may have nothing that reads it"
    assert "<!date^" not in words(timeline_message(*timeline(DECLARED, EVENTS[name])))


def test_in_the_channel_and_under_the_announcement_only_what_people_must_know_is_said() -> None:
    said = {place: [name for name, event in EVENTS.items() if moment(event, INCIDENT, place)] for place in Place}
    assert said == snapshot(
        {
            Place.CHANNEL: [
                "attached",
                "acknowledged",
                "ended",
                "took",
                "took over",
                "handed over",
                "asked",
                "declined",
                "taken back",
                "not answered",
                "given",
                "given on",
                "status",
                "worse",
                "better",
                "update",
                "snoozed",
                "impact",
                "paged",
                "silence",
                "silence, nobody",
                "failed",
                "comms",
                "comms archived",
                "resolved",
            ],
            Place.ANNOUNCEMENT: ["status", "worse", "better", "update", "resolved"],
            Place.COMMS: ["status", "worse", "better", "update", "resolved"],
        }
    )


@pytest.mark.parametrize("place", Place)
@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_every_moment_keeps_slacks_limits(event: Event, place: Place) -> None:
    message = moment(event, INCIDENT, place)
    if message:
        check(message)
        assert INCIDENT.label in message.text


def test_a_handover_mentions_both() -> None:
    message = moment(EVENTS["handed over"], INCIDENT, Place.CHANNEL)
    assert message
    assert words(message) == "<@U0ANA> handed over command to <@U0BO>"
    assert message.text == "INC-42: <@U0ANA> handed over command to <@U0BO>"


def test_an_update_is_said_as_it_was_written() -> None:
    message = moment(EVENTS["update"], INCIDENT, Place.ANNOUNCEMENT)
    assert message
    assert words(message).startswith("*Update* from <@U0BO>\nrolling\nback\n")
    assert message.text == "Update on INC-42: rolling\nback"


def test_the_end_is_said_with_what_fixed_it_and_what_follows() -> None:
    message = moment(EVENTS["resolved"], INCIDENT, Place.CHANNEL)
    assert message
    told = ["Resolved by @U0BO after 10 min", "rolled back", "The postmortem draft follows here"]
    assert (seen(message), labels(message)) == ([*told, "Reopen Incident"], ["Reopen Incident"])


@given(TEXT)
def test_what_people_wrote_calls_nobody_again(text: str) -> None:
    written = text.replace("http", "")
    ours = {"@U0BO", date(AT)[1:-1], date(AT + EVERY)[1:-1]}
    for event in (
        UpdateSent(at=AT, by=BO, text=written, update_every=EVERY),
        IncidentResolved(at=AT, by=BO, resolution=written),
        DeliveryFailed(at=AT, what="slack.topic", reason=written),
        AlertAttached(at=AT, alert=A1, title=written, starts_at=AT),
    ):
        message = moment(event, INCIDENT, Place.CHANNEL)
        assert message
        check(message)
        assert {one for marks in marked(message) for one in read(marks).controls} <= ours
        assert set(read(message.text).controls) <= {"@U0BO"}


def test_a_reminder_goes_to_who_owes_the_update_and_says_what_to_type() -> None:
    message = reminder(replace(LED, reminding=(BO,)), Reminder.UPDATE, 1)
    assert seen(message) == snapshot(
        [
            "@U0BO: an update is due on INC-42. Two sentences are enough.",
            "Send Update",
            "Snooze",
            "Or type /incident update <how it stands>",
        ]
    )
    assert message.text == "INC-42: an update is due. Type /incident update and how it stands."
    both = replace(LED, reminding=(CLEO, BO))
    assert words(reminder(both, Reminder.UPDATE, 1)).startswith("<@U0CLEO>, <@U0BO>: ")
    assert words(reminder(INCIDENT, Reminder.UPDATE, 1)).startswith("an update is due")
    assert {one["value"] for one in buttons(message)} == {"42"}


def test_a_later_reminder_says_that_it_is_one() -> None:
    assert "the update is still due" in words(reminder(LED, Reminder.UPDATE, 3))
    shown = words(reminder(LED, Reminder.UPDATE, 3))
    assert "Due since <!date^" in shown
    assert shown.endswith("Reminder 3")
    assert "Due since" not in words(reminder(LED, Reminder.UPDATE, 1))


def test_a_reminder_of_triage_says_how_to_answer_and_has_no_buttons_of_its_own() -> None:
    suspected = replace(INCIDENT, status=Status.TRIAGE)
    message = reminder(suspected, Reminder.TRIAGE, 2)
    assert seen(message) == snapshot(
        [
            "@U0ANA: is INC-42 an incident? Nobody has said so since 21 Nov 2026 14:30 UTC.",
            (
                "Press Accept or Decline on the card above, or type /incident accept INC-42"
                " or /incident decline INC-42 why · Reminder 2"
            ),
        ]
    )
    assert labels(message) == []
    nobody = replace(suspected, declared_by=None, responders=())
    assert words(reminder(nobody, Reminder.TRIAGE, 1)).startswith("is INC-42 an incident?")


def test_a_reminder_of_the_empty_chair_says_how_to_take_it() -> None:
    message = reminder(INCIDENT, Reminder.COMMAND, 1)
    assert seen(message) == snapshot(
        [
            "@U0ANA: nobody is in command of INC-42. Whoever is here can take it.",
            "Take Command",
            "Or type /incident ic, for somebody else /incident ic @person",
        ]
    )
    assert labels(message) == ["Take Command"]


def test_failures_are_told_in_words_not_in_the_names_of_our_work() -> None:
    message = failure(INCIDENT, "slack.topic", "missing_scope")
    assert words(message).startswith("I could not *set the channel's topic* for INC-42 checkout is down.")
    assert "missing_scope" in words(message)
    check(message)
    notice = admin_notice("slack.group", "channel_not_found: <!channel>")
    check(notice)
    assert words(notice) == "Muster could not write the message of a group of alerts\nchannel_not_found: <!channel>"
    assert read(notice.text).controls == []
    assert words(admin_notice("INC-42", "")) == "Muster: INC-42"


def test_the_timeline_shows_the_latest_twenty_and_how_many_came_before() -> None:
    said = [replace(SAID, ts=MessageTs(f"{n}.1"), text=f"message {n}", files=()) for n in range(25)]
    incident, rows = timeline(DECLARED, *said)
    message = timeline_message(incident, rows)
    check(message)
    shown = words(message)
    assert "and 6 earlier" in shown
    assert "message 24" in shown
    assert "message 4 " not in shown
    assert f"`21 Nov 14:30` <@U0BO> wrote: message 24 (<{LINK}|message>)" in shown


def test_the_timeline_of_huge_messages_still_fits() -> None:
    incident, rows = timeline(DECLARED, *[replace(SAID, text="<&>" * 10_000)] * 30)
    check(timeline_message(incident, rows))


def test_a_deleted_message_is_not_shown_again() -> None:
    incident, rows = timeline(DECLARED, SAID, EVENTS["edited"], EVENTS["deleted"])
    shown = words(timeline_message(incident, rows))
    assert "look" not in shown
    assert shown.count("A message that was deleted later") == 2


@given(TEXT)
def test_recorded_words_call_nobody_again(text: str) -> None:
    incident, rows = timeline(DECLARED, replace(SAID, text=text), replace(SAID, ts=MessageTs("2"), text="<@U0CLEO>"))
    message = timeline_message(incident, rows)
    check(message)
    live = {one for marks in marked(message) for one in read(marks).controls}
    assert live <= {"@U0ANA", "@U0BO", f"{LINK}|message"}


def test_the_machine_itself_is_called_muster() -> None:
    event = replace(DECLARED, by=None)
    assert describe(event, {UserId("U1"): "x"}).startswith("Muster declared")
