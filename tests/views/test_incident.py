"""Card, announcement, topic, bookmark and list say how an incident stands, and offer what can be done."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from inline_snapshot import snapshot

from bot.domain.alerts_model import AlertSeverity, AlertStatus
from bot.domain.ids import AlertId, ServiceName, UserId
from bot.domain.model import Incident, Severity, Status, Update
from bot.domain.policy import Policy, Service
from bot.domain.roles_model import Role
from bot.domain.snoozing import Snooze
from bot.views.announcement import announcement
from bot.views.bookmark import Bookmark, bookmark
from bot.views.card import incident_card
from bot.views.joining import or_declare_anyway
from bot.views.lists import incident_list
from bot.views.summary import incident_summary
from bot.views.topic import topic
from tests.views.limits import buttons, check, labels, marked, words
from tests.views.reader import read, seen
from tests.views.samples import ALERT, ANA, AT, BO, INCIDENT, LED, NOW, POLICY, REPORT, RESOLVED, TOLD
from tests.views.test_blocks import TEXT

ENDED = replace(ALERT, id=AlertId("b"), status=AlertStatus.RESOLVED, ended_at=NOW)


def test_the_card_of_a_new_incident_shows_who_is_missing_and_how_to_step_in() -> None:
    message = incident_card(INCIDENT, [ALERT], POLICY, NOW)
    assert message.text == "INC-42 checkout is down: SEV-1, investigating. Nobody is in command."
    assert seen(message) == snapshot(
        [
            "INC-42 checkout is down",
            "Severity",
            "SEV-1 · Critical: most customers cannot use us, or data is at risk",
            "Status",
            "Investigating",
            "Incident Commander",
            "Nobody yet",
            "Service",
            "checkout",
            "Declared",
            "21 Nov 2026 14:30 UTC by @U0ANA",
            "Alerts",
            "Firing: Checkout fails for 12% of customers, since 21 Nov 2026 14:25 UTC",
            "Next update due 15:00 UTC · Runbook: runbooks.example · Alertmanager at prometheus.example:9090",
            "Take Command",
            "Send Update",
            "Resolve Incident",
            "Take a role",
            "Operations Lead",
            "Communications Lead",
            "Planning Lead",
            "Scribe",
            "Merge Into Another Incident",
            "Add Action Item",
            "Put Off Next Update",
            "Open Comms Channel",
        ]
    )
    assert labels(message) == ["Take Command", "Send Update", "Resolve Incident", "Take a role", "…"]
    assert {button.get("value", "42") for button in buttons(message)} == {"42"}
    assert [button.get("style") for button in buttons(message)] == ["primary", None, None, None, None]


def test_what_a_rule_declared_says_so() -> None:
    ruled = replace(INCIDENT, declared_by=None, rule="checkout-critical")
    assert "21 Nov 2026 14:30 UTC by rule checkout-critical" in seen(incident_card(ruled, [], POLICY, NOW))
    assert "Declared 21 Nov 2026 14:30 UTC by rule checkout-critical" in str(seen(announcement(ruled, POLICY, NOW)))
    assert "21 Nov 2026 14:30 UTC" in seen(incident_card(replace(ruled, rule=None), [], POLICY, NOW))


def test_the_card_shows_who_holds_which_role_and_the_last_update() -> None:
    message = incident_card(TOLD, [], POLICY, NOW)
    assert [name for name, one in zip(labels(message), buttons(message), strict=True) if one.get("style")] == [
        "Send Update"
    ]
    lines = seen(message)
    assert lines[lines.index("Incident Commander") + 1] == "@U0BO"
    assert lines[lines.index("Scribe") + 1] == "@U0ANA"
    assert "Last update by @U0BO, 21 Nov 2026 14:40 UTC" in lines
    assert "We are rolling back." in lines
    assert "Next update due 15:00 UTC · Runbook: runbooks.example" in lines
    assert labels(message) == ["Send Update", "Resolve Incident", "Take a role", "Hand Over Role", "…"]
    assert message.text.endswith("Last update: We are rolling back.")


def test_the_card_says_that_an_update_is_overdue() -> None:
    assert "Update overdue since 15:00 UTC" in words_of(TOLD, AT + timedelta(minutes=31))
    assert "Update overdue since 15:00 UTC" in words_of(TOLD, AT + timedelta(minutes=30))


def test_an_update_due_in_days_is_shown_with_its_day() -> None:
    assert "Next update due 28 Nov 2026 14:30 UTC" in words_of(replace(TOLD, update_due=AT + timedelta(days=7)), NOW)


def words_of(incident: Incident, now: object = NOW) -> str:
    message = incident_card(incident, [], Policy(), now)  # type: ignore[arg-type] # a moment
    return "\n".join(seen(message))


def test_the_card_of_a_resolved_incident_says_what_fixed_it_and_offers_to_reopen_or_close_it() -> None:
    message = incident_card(RESOLVED, [ENDED], POLICY, NOW)
    lines = seen(message)
    assert "Resolved 21 Nov 2026 15:35 UTC after 1 h 5 min" in lines
    assert "Rolled back release 2026-11-20." in lines
    assert labels(message) == ["Reopen Incident", "Add Action Item", "Close Incident"]
    assert labels(incident_card(replace(RESOLVED, status=Status.CLOSED), [], POLICY, NOW)) == ["Reopen Incident"]
    assert "update due" not in words(message)


def test_the_card_lists_the_alerts_that_still_fire_first_and_says_how_many_more() -> None:
    many = [ENDED, *(replace(ALERT, id=AlertId(str(n)), report=replace(REPORT, summary=f"No {n}")) for n in range(6))]
    lines = seen(incident_card(LED, many, POLICY, NOW))
    listed = [one for one in lines if one.startswith(("Firing: ", "Resolved: "))]
    assert len(listed) == 5
    assert all(one.startswith("Firing: No") for one in listed)
    assert "and 2 more" in lines


def test_the_card_lists_what_differs_in_the_severity_alone_once() -> None:
    grave = replace(ALERT, kin="k")
    lesser = replace(grave, id=AlertId("a2"), report=replace(REPORT, severity=AlertSeverity.WARNING))
    over = replace(ENDED, kin="k")
    lines = seen(incident_card(LED, [lesser, over, grave], POLICY, NOW))
    assert [one.partition(":")[0] for one in lines if "Checkout fails" in one] == ["Firing"]


def test_the_announcement_says_what_how_bad_and_where() -> None:
    message = announcement(TOLD, POLICY, NOW)
    assert seen(message) == snapshot(
        [
            "INC-42 checkout is down",
            "SEV-1 · Investigating · Service: checkout · Incident Commander: @U0BO · #C0INC42",
            "Last update by @U0BO, 21 Nov 2026 14:40 UTC",
            "We are rolling back.",
            (
                "Critical: most customers cannot use us, or data is at risk · Declared 21 Nov 2026 14:30 UTC by @U0ANA "
                "· Next update due 15:00 UTC"
            ),
            "Join Channel",
            "Subscribe",
        ]
    )
    (join, subscribe) = buttons(message)
    assert (subscribe["value"], "url" in subscribe) == ("42", False)
    assert join["url"] == "https://slack.com/app_redirect?channel=C0INC42"


def test_the_announcement_waits_for_the_channel_and_ends_with_the_incident() -> None:
    waiting = announcement(replace(INCIDENT, channel=None), POLICY, NOW)
    assert labels(waiting) == []
    assert "#inc-42-checkout-is-down-7k3" in words(waiting)
    over = announcement(RESOLVED, POLICY, NOW)
    assert labels(over) == []
    assert over.text == "INC-42 checkout is down: SEV-1, resolved. Rolled back release 2026-11-20."
    assert "Resolved 21 Nov 2026 15:35 UTC after 1 h 5 min" in seen(over)


def test_bare_addresses_in_an_update_can_be_followed_and_show_where_they_lead() -> None:
    text = "See https://status.example/a?b=1&c=2. <https://evil.example|status.example>"
    told = replace(TOLD, last_update=Update(text=text, by=BO, at=AT))
    live = [one for text in marked(announcement(told, POLICY, NOW)) for one in read(text).controls]
    assert "https://status.example/a?b=1&amp;c=2" in live
    assert "https://evil.example" in live
    assert not [one for one in live if "evil" in one and "|" in one]


def test_a_list_says_of_a_private_incident_that_it_is_one() -> None:
    for one in (TOLD, replace(TOLD, status=Status.RESOLVED, resolved_at=NOW)):
        assert " · private · " in words(incident_list([replace(one, private=True)], NOW))
        assert "private" not in words(incident_list([one], NOW))


@given(TEXT, TEXT)
def test_no_text_of_an_incident_is_live(title: str, text: str) -> None:
    written = text.replace("http", "")
    told = replace(
        TOLD,
        title=title,
        service=ServiceName(text),
        last_update=Update(text=written, by=BO, at=AT),
        channel_name=text,
    )
    over = replace(told, status=Status.RESOLVED, resolved_at=NOW, resolution=written)
    for incident in (told, over):
        for message in (
            incident_card(incident, [], Policy(), NOW),
            announcement(incident, Policy(), NOW),
            incident_list([incident], NOW),
        ):
            check(message)
            live = {one.partition("^")[0] for marks in marked(message) for one in read(marks).controls}
            assert live <= {"!date", "#C0INC42", "@U0ANA", "@U0BO"}
            assert read(message.text).controls == []


@given(TEXT)
def test_the_topic_fits_and_calls_nobody_but_the_commander(title: str) -> None:
    written = topic(replace(LED, title=title * 10))
    assert len(written) <= 250
    assert read(written).controls == ["@U0BO"]


def test_the_topic_says_the_weightiest_first() -> None:
    led = "SEV-1 · Investigating · Incident Commander: <@U0BO>"
    assert topic(LED) == f"{led} · checkout is down"
    assert topic(replace(LED, overdue=1)) == f"{led} · Update overdue · checkout is down"
    assert topic(replace(INCIDENT, update_due=None)) == (
        "SEV-1 · Investigating · Incident Commander: nobody yet · checkout is down"
    )
    assert topic(RESOLVED) == "SEV-1 · Resolved · Incident Commander: <@U0BO> · checkout is down"


def test_the_card_says_why_an_update_was_put_off() -> None:
    snoozed = replace(TOLD, snooze=Snooze(reason="We wait <!here>", by=BO))
    assert "Next update due 15:00 UTC, put off: We wait <!here>" in words_of(snoozed, NOW)


def test_the_bookmark_is_the_runbook_else_the_alerts_source_else_none() -> None:
    assert bookmark(INCIDENT, [], POLICY) == Bookmark("Runbook: checkout", "https://runbooks.example/checkout")
    bare = replace(ALERT, runbook_url="javascript:x")
    assert bookmark(INCIDENT, [bare], Policy()) == Bookmark(
        "Alertmanager at prometheus.example:9090",
        "http://prometheus.example:9090/graph?g0.expr=a%20%3E%201&g0.tab=1",
    )
    assert bookmark(INCIDENT, [], Policy()) is None


def test_the_list_teaches_by_example_when_nothing_is_open() -> None:
    message = incident_list([], NOW)
    assert seen(message) == ["No incident is open.", "To open one, type /incident declare sev2 checkout is down"]


def test_the_list_shows_each_open_incident_in_two_lines() -> None:
    other = replace(LED, id=7, title="login is slow", severity=Severity.SEV3, roles={Role.COMMANDER: ANA})  # type: ignore[arg-type] # a number
    assert seen(incident_list([INCIDENT, other], NOW)) == snapshot(
        [
            "2 open incidents",
            "INC-42 checkout is down",
            "SEV-1 · Investigating · nobody in command · open for 20 min · Next update due 15:00 UTC · #C0INC42",
            "INC-7 login is slow",
            "SEV-3 · Investigating · @U0ANA · open for 20 min · Next update due 15:00 UTC · #C0INC42",
        ]
    )


def test_a_long_list_is_cut_and_says_by_how_much() -> None:
    message = incident_list([INCIDENT] * 60, NOW)
    check(message)
    assert "and 40 more" in words(message)
    assert UserId("U0ANA") not in message.text


LONGEST = tuple(ServiceName(f"{n}{'<&' * 50}"[:100]) for n in range(10))


def test_ten_services_with_the_longest_names_fit_and_cost_nothing_else_its_place() -> None:
    wide = replace(LED, service=LONGEST[0], also=LONGEST[1:])
    for message in (
        incident_card(wide, [ALERT], POLICY, NOW),
        announcement(wide, POLICY, NOW),
        incident_summary(wide, [], [ALERT], POLICY, NOW),
        or_declare_anyway([wide], LONGEST, "{}", "declare x"),
    ):
        check(message)
        assert LONGEST[0][:60] in "".join(seen(message))
    assert "Services" in seen(incident_card(wide, [], POLICY, NOW))
    assert "<#C0INC42>" in str(announcement(wide, POLICY, NOW).blocks[1]), "the channel stands behind the services"
    mark = bookmark(wide, [], Policy(services={LONGEST[0]: Service(name=LONGEST[0], runbook_url="https://a.example")}))
    assert mark is not None
    assert mark.title.startswith("Runbook: 0")


def test_several_services_are_named_with_the_leading_one_first() -> None:
    both = replace(INCIDENT, also=(ServiceName("search"),))
    assert "checkout, search" in seen(incident_card(both, [], POLICY, NOW))
    assert "Services: checkout, search" in str(seen(announcement(both, POLICY, NOW)))
