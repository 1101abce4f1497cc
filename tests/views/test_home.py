"""The Home tab: what waits for who opened it comes first, then what is open and what fires, within Slack's limits."""

from dataclasses import replace

from inline_snapshot import snapshot

from bot.domain.calls import Call, Callee, CalleeKind
from bot.domain.finding import Finding, Found, Wanted
from bot.domain.home import Home
from bot.domain.ids import GroupId, IncidentId, ServiceName
from bot.domain.model import Incident
from bot.domain.roles_model import Handover, HandoverEnd, Role
from bot.views.home import home_view
from tests.views.limits import check_home, texts
from tests.views.reader import read
from tests.views.samples import ANA, BO, CLEO, INCIDENT, LED, NOW
from tests.views.test_firing import LONE, URL

NOTHING = Finding(wanted=Wanted())
EMPTY = Home(user=ANA, incidents=(), mine=NOTHING, firing=NOTHING)


def seen(home: Home) -> list[str]:
    view = home_view(home, URL, NOW)
    check_home(view)
    return [read(line).seen for text in texts(view) for line in str(text["text"]).split("\n")]


def firing(count: int) -> Finding:
    rows = tuple(
        Found(group=replace(LONE, id=GroupId(f"{number:020x}"), service=ServiceName(f"service {number}")))
        for number in range(count)
    )
    return Finding(wanted=Wanted(), shown=rows, total=count, quiet=2)


def incident(number: int) -> Incident:
    return replace(LED, id=IncidentId(number), roles={Role.COMMANDER: ANA})


def test_where_nothing_goes_on_it_says_so_and_offers_to_declare() -> None:
    assert seen(EMPTY) == snapshot(
        [
            "Declare Incident",
            "Waiting for you",
            "Nothing waits for you.",
            "Open incidents",
            "No incident is open.",
            "Firing now",
            "No alert fires.",
            "As of 21 Nov 2026 14:50 UTC; open the tab anew to see how it stands then",
        ]
    )


def test_what_waits_comes_first_with_what_can_be_done_about_it() -> None:
    mine = Finding(wanted=Wanted(mine=True), shown=(Found(group=LONE),), total=1)
    home = replace(EMPTY, user=BO, incidents=(LED, replace(INCIDENT, id=IncidentId(43))), mine=mine, firing=firing(1))
    assert seen(home) == snapshot(
        [
            "Declare Incident",
            "Waiting for you",
            "INC-42 checkout is down",
            "You are the Incident Commander · SEV-1 · Next update due 15:00 UTC · #C0INC42",
            "Send Update",
            "checkout",
            "Critical · Checkout fails",
            "since 21 Nov 2026 14:26 UTC (24 min) · 0a1b2c3",
            "Acknowledge",
            "Silence",
            "1 hour",
            "4 hours",
            "Until resolved",
            "Why?",
            "Open incidents",
            "INC-42 checkout is down",
            "SEV-1 · Investigating · @U0BO · open for 20 min · Next update due 15:00 UTC · #C0INC42",
            "INC-43 checkout is down",
            "SEV-1 · Investigating · nobody in command · open for 20 min · Next update due 15:00 UTC · #C0INC42",
            "Firing now",
            "service 0",
            "Critical · Checkout fails",
            "since 21 Nov 2026 14:26 UTC (24 min) · 0000000",
            "Acknowledge",
            "Silence",
            "1 hour",
            "4 hours",
            "Until resolved",
            "Why?",
            "2 quiet · All of it: /incident alerts all",
            "As of 21 Nov 2026 14:50 UTC; open the tab anew to see how it stands then",
        ]
    )


def test_whoever_declared_and_handed_on_nothing_owes_the_update() -> None:
    told = seen(replace(EMPTY, incidents=(INCIDENT,)))
    assert "Send Update" in told
    assert any(line.startswith("You declared it") for line in told)


def test_what_does_not_fit_is_counted() -> None:
    home = replace(EMPTY, incidents=tuple(incident(number) for number in range(14)), mine=firing(20), firing=firing(40))
    told = seen(home)
    assert "and 20 more: /incident alerts mine, /incident list" in told
    assert "and 4 more: /incident list" in told
    assert "and 30 more · 2 quiet · All of it: /incident alerts all" in told
    assert any(line.startswith("As of ") for line in told)


def test_who_is_asked_to_take_a_role_answers_right_here() -> None:
    asked = Handover(n=1, role=Role.COMMANDER, to=ANA, by=BO, holder=BO, at=NOW)
    told = replace(asked, n=2, end=HandoverEnd.DECLINED)
    home = replace(EMPTY, incidents=(replace(LED, handovers=(asked, told)),))
    assert seen(home)[:5] == [
        "Declare Incident",
        "Waiting for you",
        "@U0BO asks you to be the Incident Commander of INC-42 checkout is down",
        "Accept Role",
        "Decline Role",
    ]
    assert "Nothing waits for you." not in seen(home)
    assert "Nothing waits for you." in seen(replace(home, user=CLEO))


def test_who_is_on_call_stands_at_the_end_oneself_first() -> None:
    services = {ServiceName("checkout"): (BO, ANA), ServiceName("search"): (BO,)}
    shown = seen(replace(EMPTY, on_call=services))
    assert shown[-5:-1] == ["On call", "You: checkout", "checkout: @U0BO, @U0ANA", "search: @U0BO"]
    assert "You are not." in seen(replace(EMPTY, user=CLEO, on_call=services))
    many = {ServiceName(f"service {n}"): (ANA,) for n in range(20)}
    assert {"and 5 more"} <= set(seen(replace(EMPTY, on_call=many)))


def test_a_call_waits_until_who_is_called_has_a_role_or_somebody_takes_it_up_in_the_pager() -> None:
    callee = Callee(kind=CalleeKind.PERSON, name=CLEO)
    call = Call(n=1, callee=callee, by_pager=True, told=(CLEO,), why="Nobody here knows <!here> checkout")
    there = replace(LED, calls=(call,))
    assert seen(replace(EMPTY, user=CLEO, incidents=(there,)))[2:5] == [
        "You are called to INC-42 checkout is down",
        "Nobody here knows <!here> checkout · SEV-1 · #C0INC42",
        "Open incidents",
    ]
    answered = (
        replace(there, roles={Role.OPERATIONS: CLEO}),
        replace(there, calls=(replace(call, taken_at=NOW),)),
        replace(there, reopened=1),
    )
    for one in answered:
        assert "You are called" not in str(seen(replace(EMPTY, user=CLEO, incidents=(one,))))
    assert "You are called" not in str(seen(replace(EMPTY, user=BO, incidents=(there,))))
