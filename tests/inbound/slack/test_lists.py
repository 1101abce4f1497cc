"""`/incident list` with filters and `/incident history`, through signed requests."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.ids import IncidentId, ServiceName
from bot.domain.model import Severity, Status
from bot.domain.roles_model import Role
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, BO, Front, an_incident, said

AUTH = ServiceName("auth")
HOUR = timedelta(hours=1)


def front() -> Front:
    made = Front()
    there: dict[int, dict[str, Any]] = {
        42: {
            "title": "Checkout is down",
            "service": ServiceName("checkout"),
            "severity": Severity.SEV1,
            "also": (AUTH,),
        },
        43: {"title": "Search is slow", "roles": {Role.SCRIBE: ANA}},
        40: {"title": "Old search", "status": Status.RESOLVED, "resolved_at": START + 2 * HOUR},
        41: {"title": "Old checkout", "status": Status.CLOSED, "resolved_at": START + HOUR, "declared_by": ANA},
    }
    made.desk.incidents = {
        IncidentId(number): an_incident(number, **{"declared_by": BO, **changes}) for number, changes in there.items()
    }
    return made


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("list", {42, 43}),
        ("list open", {42, 43}),
        ("list mine", {43}),
        ("list SEV-1", {42}),
        ("list sev1 sev2", {42, 43}),
        ("list service:Checkout", {42}),
        ("list service:AUTH", {42}),
        ("list service:search service:auth", {42}),
        ("list service:search,auth", {42}),
        ("list is slow", {43}),
        ("list resolved", {40, 41}),
        ("list resolved mine", {41}),
        ("list resolved search", {40}),
        ("history", {40, 41}),
    ],
)
async def test_a_list_shows_those_that_are_meant(typed: str, numbers: set[int]) -> None:
    told = said(await front().command(typed))
    assert {number for number in range(40, 44) if f"*INC-{number}*" in told} == numbers


async def test_history_is_newest_first_and_says_how_long_each_took() -> None:
    told = said(await front().command("history"))
    assert told.index("*INC-41*") < told.index("*INC-40*")
    assert "took 1 h" in told
    assert "took 2 h" in told
    assert "2 ended incidents" in told


async def test_nothing_found_is_told_apart_from_nothing_there() -> None:
    there = front()
    assert "No open incident matches what you typed; 2 are open." in said(await there.command("list payments"))
    assert "No ended incident matches what you typed; 2 ended last." in said(await there.command("list resolved x"))
    there.desk.incidents = {}
    assert "No incident is open." in said(await there.command("list payments"))
    assert "No incident has ended yet." in said(await there.command("history"))


async def test_a_severity_that_there_is_not_is_said_so() -> None:
    assert "There is no severity “sev9”" in said(await front().command("list sev9"))


async def test_what_is_found_is_shown_open_or_over_and_nothing_is_said_so() -> None:
    told = said(await front().command("find CHECKOUT"))
    assert {number for number in range(40, 44) if f"*INC-{number}*" in told} == {41, 42}
    for typed, numbers in (("service:AUTH", {42}), ("service:auth,x down", {42}), ("service:auth search", set())):
        told = said(await front().command(f"find {typed}"))
        assert {number for number in range(40, 44) if f"*INC-{number}*" in told} == numbers
    assert "Nothing found for “certificate”." in said(await front().command("find certificate"))
