"""Runbooks by command and by button, through signed requests."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.checklists import Checklist, Step
from bot.domain.ids import IncidentId, ServiceName
from bot.domain.policy import Service
from bot.domain.runbooks import Runbook
from bot.domain.task_commands import OpenRunbook, TickStep
from bot.views.actions import Action
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, POLICY, Front, an_incident, said

N = IncidentId(42)
CHECKOUT, REDIS = (
    Runbook(name="checkout", title="Checkout errors", steps=("Look",), services=(ServiceName("checkout"),)),
    Runbook(name="redis", title="Redis is full", steps=("Look",)),
)
OPEN = Checklist(
    n=1, name="checkout", title="Checkout errors", steps=(Step(text="Look"), Step(text="Act")), by=ANA, at=START
)


def front(*open_ones: Checklist, books: tuple[Runbook, ...] = (CHECKOUT, REDIS), **changes: Any) -> Front:
    made = Front(policy=replace(POLICY, runbooks=books))
    made.desk.incidents[N] = an_incident(runbooks=open_ones, **{"service": ServiceName("checkout"), **changes})
    return made


@pytest.mark.parametrize(("typed", "name"), [("runbook", "checkout"), ("runbook redis", "redis")])
async def test_the_only_one_is_opened_at_once(typed: str, name: str) -> None:
    there = front()
    assert "comes into the channel" in said(await there.command(typed))
    assert there.desk.taken == [OpenRunbook(incident=N, name=name, by=ANA)]


@pytest.mark.parametrize("runbook", [None, "https://books.example/redis"])
async def test_any_of_its_services_leads_to_its_runbook_by_name_or_by_address(runbook: str | None) -> None:
    auth = Service(name=ServiceName("auth"), runbook_url=runbook)
    book = REDIS if runbook else replace(REDIS, services=(auth.name,))
    policy = replace(POLICY, runbooks=(book,), services={**POLICY.services, auth.name: auth})
    there = Front(policy=policy)
    there.desk.incidents[N] = an_incident(service=ServiceName("checkout"), also=(auth.name,))
    assert "comes into the channel" in said(await there.command("runbook"))


async def test_several_and_those_that_are_open_are_shown_to_choose_from() -> None:
    there = front(books=(CHECKOUT, replace(REDIS, services=CHECKOUT.services)))
    assert said(await there.command("runbook")).count("Open Checklist") == 2
    assert "0 of 2 steps done" in said(await front(OPEN).command("runbook"))
    assert there.desk.taken == []


async def test_none_says_so() -> None:
    assert "No runbook says" in said(await front().command("runbook kafka"))
    assert "No runbook fits" in said(await front(service=None).command("runbook"))


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("runbook done 2", TickStep(incident=N, n=1, step=2, done=True, by=ANA)),
        ("runbook done 1.1", TickStep(incident=N, n=1, step=1, done=True, by=ANA)),
        ("runbook undo 2", TickStep(incident=N, n=1, step=2, done=False, by=ANA)),
    ],
)
async def test_a_step_is_ticked_by_typing(typed: str, command: TickStep) -> None:
    there = front(OPEN)
    assert "Step" in said(await there.command(typed))
    assert there.desk.taken == [command]


async def test_the_answer_names_the_runbook_since_a_number_alone_is_a_step_of_the_newest() -> None:
    newest = replace(OPEN, n=2, name="redis", title="Redis is full")
    there = front(OPEN, newest)
    assert "Step 2 of “Redis is full” is done." in said(await there.command("runbook done 2"))
    assert "Step 2 of “Checkout errors” is done." in said(await there.command("runbook done 1.2"))


async def test_without_an_open_one_nothing_is_ticked() -> None:
    assert "No runbook is open here" in said(await front().command("runbook done 2"))


@pytest.mark.parametrize(
    ("action", "value", "command"),
    [
        (Action.OPEN_CHECKLIST, "42 redis", OpenRunbook(incident=N, name="redis", by=ANA)),
        (Action.TICK_STEP, "42 1 2", TickStep(incident=N, n=1, step=2, done=True, by=ANA)),
        (Action.UNTICK_STEP, "42 1 2", TickStep(incident=N, n=1, step=2, done=False, by=ANA)),
    ],
)
async def test_buttons_open_and_tick(action: Action, value: str, command: object) -> None:
    there = front(OPEN)
    await there.click(action, value)
    await there.app.drain()
    assert (there.desk.taken, there.whispered) == ([command], [])


@pytest.mark.parametrize(
    ("action", "value"), [(Action.TICK_STEP, "42 1"), (Action.TICK_STEP, "x 1 1"), (Action.OPEN_CHECKLIST, "x redis")]
)
async def test_a_button_that_says_nothing_useful_changes_nothing(action: Action, value: str) -> None:
    there = front(OPEN)
    await there.click(action, value)
    await there.app.drain()
    assert (there.desk.taken, len(there.whispered)) == ([], 1)
