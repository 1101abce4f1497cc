"""What happened to an alert, as it is told: in order, each with its time, and what still waits."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.domain.alerts_model import Acknowledgement, AlertStatus
from bot.domain.explaining import Explained, Waiting
from bot.domain.groups_model import Became, Judgement, Past, Verdict
from bot.domain.history import KEPT
from bot.domain.ids import ChannelId, MessageTs
from bot.domain.matchers import matchers_of
from bot.domain.model import PageTaken
from bot.domain.mutes import Mute, MuteKind
from bot.domain.muting import Silence
from bot.domain.policy import Policy
from bot.domain.routing import Route
from bot.domain.rules import DeclareRule
from bot.views.blocks import Message
from bot.views.why import why
from tests.views import reader
from tests.views.limits import check, words
from tests.views.samples import ALERT, ANA, AT, BO, INCIDENT, POLICY, RESOLVED
from tests.views.test_flapping import FLAPS
from tests.views.test_group import GROUP

URL = "https://acme.slack.com/"
MINUTE = timedelta(minutes=1)
MUTE = Mute(kind=MuteKind.SILENCE, name="S-1", by=ANA, reason="known", until=AT + 9 * MINUTE)
LONE = replace(GROUP, labels={"service": "checkout"})
KNOWN = Explained(group=LONE, lead=ALERT)
PAST = (
    Past(at=AT + 2 * MINUTE, what=Became.QUIET, mute=MUTE),
    Past(at=AT + 3 * MINUTE, what=Became.HEARD),
    Past(at=AT + 4 * MINUTE, what=Became.TAKEN, by=ANA),
    Past(at=AT + 5 * MINUTE, what=Became.GIVEN, by=ANA, text=BO),
    Past(at=AT + 6 * MINUTE, what=Became.HUSHED, by=BO),
    Past(at=AT + 7 * MINUTE, what=Became.UNHUSHED, by=ANA),
    Past(at=AT + 8 * MINUTE, what=Became.JOINED, text="INC-42"),
    Past(at=AT + 9 * MINUTE, what=Became.OVER),
    Past(at=AT + 10 * MINUTE, what=Became.AGAIN),
    Past(at=AT + 11 * MINUTE, what=Became.FLAPS),
    Past(at=AT + 50 * MINUTE, what=Became.STEADY, text="firing"),
    Past(at=AT + 66 * MINUTE, what=Became.OVER),
)
SILENCE = Silence(
    id=1,
    matchers=matchers_of("service=checkout"),
    by=ANA,
    reason="known",
    created_at=AT + MINUTE,
    starts_at=AT + MINUTE,
    ends_at=AT + 9 * MINUTE,
    ended_at=AT + 3 * MINUTE,
    ended_by=BO,
)
ENDED = replace(
    LONE,
    status=AlertStatus.RESOLVED,
    severities={},
    ended_at=AT + 65 * MINUTE,
    past=PAST,
    judged=Judgement(verdict=Verdict.NOISE, by=BO, at=AT + 70 * MINUTE),
)
PAGED = replace(
    RESOLVED,
    paged=True,
    page_asked_at=AT,
    pager_silent_at=AT + MINUTE,
    page_accepted_at=AT + 2 * MINUTE,
    page_taken=PageTaken(at=AT + 3 * MINUTE, in_pager=True, name="Cleo <!here>"),
)
WHOLE = Explained(
    group=ENDED,
    lead=ALERT,
    incident=PAGED,
    silence=SILENCE,
    message=(ChannelId("C0ALERTS"), MessageTs(f"{int(AT.timestamp())}.000100")),
    notes=(MessageTs(f"{int(AT.timestamp()) + 30}.000100"),),
)


def seen(known: Explained, policy: Policy = POLICY) -> list[str]:
    return reader.seen(told(known, policy))


def told(known: Explained, policy: Policy = POLICY) -> Message:
    message = why(known, policy, URL)
    check(message)
    return message


def test_all_of_it_is_told_in_order() -> None:
    assert seen(WHOLE) == snapshot(
        [
            "Why: Checkout fails on api_1",
            "Resolved · Critical",
            "21 Nov 2026 14:26:00 UTC · It began, by its source",
            "21 Nov 2026 14:26:00 UTC · It came in from Alertmanager, for #alerts; grouped by service=checkout",
            "21 Nov 2026 14:30:00 UTC · INC-42 was declared as SEV-1 by @U0ANA",
            "21 Nov 2026 14:30:00 UTC · The pager was asked to wake somebody",
            "21 Nov 2026 14:30:00 UTC · Its message was written in #C0ALERTS",
            "21 Nov 2026 14:30:30 UTC · Its thread was told what changed",
            "21 Nov 2026 14:31:00 UTC · S-1 was made by @U0ANA: known",
            "21 Nov 2026 14:31:00 UTC · The pager was silent: who is on call was told in Slack",
            "21 Nov 2026 14:32:00 UTC · Silenced until 21 Nov 2026 14:39 UTC by @U0ANA: known (S-1)",
            "21 Nov 2026 14:32:00 UTC · The pager accepted the page",
            "21 Nov 2026 14:33:00 UTC · Nothing keeps it quiet any more",
            "21 Nov 2026 14:33:00 UTC · S-1 was ended before its time by @U0BO",
            "21 Nov 2026 14:33:00 UTC · Acknowledged in PagerDuty by Cleo <!here>",
            "21 Nov 2026 14:34:00 UTC · Acknowledged by @U0ANA",
            "21 Nov 2026 14:35:00 UTC · Assigned to @U0BO by @U0ANA",
            "21 Nov 2026 14:36:00 UTC · Silenced until it is resolved by @U0BO",
            "21 Nov 2026 14:37:00 UTC · That silence was ended by @U0ANA",
            "21 Nov 2026 14:38:00 UTC · Belongs to INC-42",
            "21 Nov 2026 14:39:00 UTC · All of it is over",
            "21 Nov 2026 14:40:00 UTC · Fires again",
            "21 Nov 2026 14:41:00 UTC · Flaps: it comes and goes, and is told calmly",
            "21 Nov 2026 15:20:00 UTC · Flaps no more: it is firing",
            "21 Nov 2026 15:35:00 UTC · It ended, by its source",
            "21 Nov 2026 15:35:00 UTC · INC-42 was resolved",
            "21 Nov 2026 15:36:00 UTC · All of it is over",
            "21 Nov 2026 15:40:00 UTC · Noise, says @U0BO",
            "Route",
            "No route matches: the channel of its service, else that of all alerts",
            "Nothing waits: all that was decided is done.",
            "It is called g1",
        ]
    )


def test_without_an_incident_nobody_was_paged_and_what_waits_is_told_with_what_is_in_the_way() -> None:
    waiting = (
        Waiting(kind="slack.group", due=AT, attempts=3, error="Slack is away"),
        Waiting(kind="slack.group_news", due=AT, given_up=True),
    )
    assert seen(replace(KNOWN, waiting=waiting)) == snapshot(
        [
            "Why: Checkout fails on api_1",
            "Firing, 7 of 12 · Critical · Nobody was paged: no incident was declared from it",
            "21 Nov 2026 14:26:00 UTC · It began, by its source",
            "21 Nov 2026 14:26:00 UTC · It came in from Alertmanager, for #alerts; grouped by service=checkout",
            "Route",
            "No route matches: the channel of its service, else that of all alerts",
            "Not done yet",
            "To write the message of a group of alerts, due 21 Nov 2026 14:30:00 UTC, tried 3 times: Slack is away",
            "To tell what changed in a group of alerts, given up",
            "It is called g1",
        ]
    )


def test_an_incident_that_nobody_was_paged_for_says_so() -> None:
    assert any(line.endswith("by @U0ANA; it pages nobody") for line in seen(replace(KNOWN, incident=INCIDENT)))
    alone = replace(INCIDENT, declared_by=None, paged=True)
    assert any(line.endswith("by Muster") for line in seen(replace(KNOWN, incident=alone)))


def test_the_route_is_told_with_the_reason_and_that_it_would_be_another_today() -> None:
    way = Route(matchers=matchers_of("service=checkout"), channel="checkout")
    routed = replace(POLICY, routes=(*(Route(matchers=matchers_of(f"team=t{one}")) for one in range(9)), way))
    went = replace(GROUP, path=routed.routed(ALERT.report).path, channel="checkout")
    lines = seen(replace(KNOWN, group=went), routed)
    assert '→ routes[9]: {service="checkout"} matches' in lines
    assert "and 2 more" in lines
    assert "By the configuration of now it would go another way" in seen(replace(KNOWN, group=went))
    assert "No route matched then" in seen(KNOWN, routed)
    assert not any("Route" in line for line in seen(replace(KNOWN, lead=None)))


def test_where_it_went_on_to_is_told_with_what_became_of_it_there() -> None:
    routes = (Route(channel="alerts", goes_on=True), Route(channel="audit"))
    went = replace(GROUP, path="/{}", copies=("audit",))
    copies = ((ChannelId("C0AUDIT"), MessageTs("1795271405.000100")),)
    lines = seen(replace(KNOWN, group=went, copies=copies), replace(POLICY, routes=routes))
    assert "→ #audit: a copy of its message" in lines
    assert any("A copy of it was written in #C0AUDIT" in line for line in lines)


def test_what_was_before_it_was_remembered_and_what_is_not_kept_any_more_is_said() -> None:
    taken = replace(GROUP, acknowledged=Acknowledgement(by=ANA, at=AT))
    assert any("Acknowledged by @U0ANA" in line for line in seen(replace(KNOWN, group=taken)))
    many = replace(GROUP, past=(Past(at=AT, what=Became.AGAIN),) * KEPT)
    assert "Earlier steps than these are not kept" in seen(replace(KNOWN, group=many))


def test_what_came_in_a_storm_says_so() -> None:
    past = [Past(at=AT, what=Became.STORM, text=stand) for stand in ("nowhere", "thread")]
    known = Explained(group=replace(GROUP, past=(*past, Past(at=AT, what=Became.ALONE))))
    shown = words(why(known, POLICY, URL))
    assert "In an alert storm: no message of its own" in shown
    assert "In an alert storm: its message is in the thread" in shown
    assert "Its message stands by itself, beside the alert storm" in shown


def test_which_rules_count_it_and_why_not_is_told_as_long_as_it_has_no_incident() -> None:
    rules = (
        DeclareRule(name="search", matchers=matchers_of("service=search")),
        DeclareRule(name="many", matchers=matchers_of("service=checkout"), min_firing=20, after=MINUTE),
    )
    policy = replace(POLICY, declare=rules)
    told = words(why(KNOWN, policy, URL))
    assert '✗ search: service is "checkout", wanted is service="search"' in told
    assert '→ many: counts {service="checkout"}, 20 firing, for 1m' in told
    taken = replace(LONE, acknowledged=Acknowledgement(by=ANA, at=AT))
    assert "Acknowledged: no rule declares it" in words(why(replace(KNOWN, group=taken), policy, URL))
    declared = replace(LONE, incident=INCIDENT.id)
    ruled = replace(INCIDENT, declared_by=None, rule="many")
    told = words(why(replace(KNOWN, group=declared, incident=ruled), policy, URL))
    assert "*Rules*" not in told
    assert "INC-42 was declared as SEV-1 by rule *many*" in told


def test_who_took_the_page_up_in_slack_is_told_as_well() -> None:
    told = seen(replace(WHOLE, incident=replace(PAGED, page_taken=PageTaken(at=AT))))
    assert "21 Nov 2026 14:30:00 UTC · Somebody in Slack took the page up" in told


def test_what_is_told_in_a_digest_says_so() -> None:
    known = Explained(group=replace(GROUP, digest="1h"))
    assert ", told in its digest (1h); grouped by" in words(why(known, POLICY, URL))


def test_no_step_is_lost_to_long_reasons() -> None:
    mute = replace(MUTE, reason="&" * 150)
    many = tuple(Past(at=AT + n * MINUTE, what=Became.QUIET, mute=mute) for n in range(KEPT))
    steps = [one for one in seen(Explained(group=replace(LONE, past=many))) if one.endswith("(S-1)")]
    assert len(steps) == KEPT


def test_what_flaps_says_so() -> None:
    (_, standing, *_) = seen(Explained(group=replace(LONE, turns=FLAPS, muted=0)))
    assert standing.startswith("Flapping, firing now, 7 of 12 · ")
