"""A page and the real pager's answers, through the engine: heard once, never an alert of its own, never sent back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, Resolve
from bot.domain.ids import IncidentId
from bot.domain.model import Severity
from bot.domain.page_commands import HearPager
from bot.domain.paging import SILENT_AFTER, page_key
from bot.domain.people_commands import CallPeople
from bot.engine.deliveries import Delivery
from bot.engine.intake import keep
from bot.engine.reading import Reader
from bot.inbound.alerts import SOURCES
from bot.inbound.alerts.pagerduty import NAME
from bot.inbound.http import guarded
from bot.inbound.remembering import page_news_of, reader_of
from tests.engine.test_intake import stored
from tests.engine.test_reports import FIRST
from tests.engine.world import ANA, CHECKOUT, CLEO, World
from tests.fakes.pagerduty import AlertState, FakePagerDuty
from tests.fakes.pagerduty_webhooks import webhook
from tests.outbound.paging import pager_of

MINUTE = timedelta(minutes=1)
N = IncidentId(1)


@pytest.fixture
async def pagerduty(world: World) -> AsyncIterator[FakePagerDuty]:
    """A PagerDuty on the loopback interface, asked by the real pager."""
    async with FakePagerDuty() as fake:
        with pager_of(fake, policy=world.policy) as pager:
            world.pager.page = pager.page  # type: ignore[method-assign]
            world.start()
            yield fake


async def declared(world: World) -> str:
    """Declare an incident from an alert; return what the pager calls it."""
    fired = await world.do(ReportAlert(report=FIRST))
    assert fired.alert
    done = await world.do(Declare(by=ANA, severity=Severity.SEV1, service=CHECKOUT, alert=fired.alert.id))
    assert done.incident
    await world.settle()
    return page_key(done.incident)


async def told(world: World, *bodies: bytes) -> None:
    """Let PagerDuty post, as often as it likes."""
    now = world.clock.now()
    await keep(world.engine, [Delivery(source=NAME, received_at=now, body=body) for body in bodies], world.clock)
    await world.settle()


async def said(world: World) -> list[str]:
    name = (await world.incident()).channel_name
    return [text for text in world.said_in(name) if "PagerDuty" in text and "Checkout is down" not in text]


async def groups(world: World) -> list[str]:
    return [one.text for one in world.slack.said("alerts") if one.thread is None]


async def test_a_page_that_was_taken_up_in_slack_stops_ringing_and_its_echo_says_nothing(
    world: World, pagerduty: FakePagerDuty
) -> None:
    key = await declared(world)
    group = (await world.incident()).groups[0]
    assert pagerduty.alerts[key].state is AlertState.TRIGGERED
    await world.do(AcknowledgeAlert(alert=group, by=CLEO))
    await world.settle()
    assert pagerduty.alerts[key].state is AlertState.ACKNOWLEDGED
    rows = len(await world.timeline())
    await told(world, webhook(key, "acknowledged", world.clock.now()))
    assert len(await world.timeline()) == rows
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.settle()
    assert pagerduty.alerts[key].state is AlertState.RESOLVED
    await told(world, webhook(key, "resolved", world.clock.now()))
    actions = [event["event_action"] for event in pagerduty.alerts[key].events]
    assert actions == ["trigger", "acknowledge", "resolve"]
    assert len(await groups(world)) == 1, "no page comes back as an alert"


async def test_who_answers_in_pagerduty_has_acknowledged_and_that_is_not_sent_back(
    world: World, pagerduty: FakePagerDuty
) -> None:
    key = await declared(world)
    answered = webhook(key, "acknowledged", world.clock.now(), agent="Ana <!channel> Lima")
    await told(world, webhook(key, "triggered", world.clock.now()), answered)
    (spoken,) = await said(world)
    assert "Ana &lt;!channel&gt; Lima acknowledged the page in PagerDuty" in spoken
    (shown,) = [one for one in world.slack.said("alerts") if one.thread is None]
    assert "Acknowledged in PagerDuty by Ana &lt;!channel&gt; Lima" in str(shown.blocks)
    await world.advance(2 * MINUTE)
    assert [event["event_action"] for event in pagerduty.alerts[key].events] == ["trigger"]


async def test_the_same_post_a_hundred_times_and_a_death_say_it_once(world: World) -> None:
    key = await declared(world)
    answered = webhook(key, "acknowledged", world.clock.now(), agent="Ana Lima")
    await told(world, *[answered] * 50)
    await world.die()
    await told(world, *[answered] * 50)
    assert len(await said(world)) == 1
    assert len([row for row in await world.timeline() if row.event.kind == "pager_told"]) == 1


async def test_words_that_overtake_each_other_end_as_they_happened(world: World) -> None:
    key, now = await declared(world), world.clock.now()
    await world.advance(10 * MINUTE)
    await told(world, webhook(key, "resolved", now + 3 * MINUTE, agent="Ana Lima"))
    await told(world, webhook(key, "unacknowledged", now + 2 * MINUTE))
    await told(world, webhook(key, "acknowledged", now + MINUTE, agent="Bo Chen"))
    incident = await world.incident()
    assert incident.page_taken
    assert incident.page_taken.name == "Ana Lima"
    assert incident.acknowledged_at == now + MINUTE
    (spoken,) = await said(world)
    assert "closed the page" in spoken
    assert incident.status.is_open


async def test_who_answers_a_call_of_its_own_is_said_once_and_stands_in_the_timeline(
    world: World, pagerduty: FakePagerDuty
) -> None:
    with pager_of(pagerduty, policy=world.policy) as pager:
        world.pager.call = pager.call  # type: ignore[method-assign]
        world.start()
        page = await declared(world)
        callee = Callee(kind=CalleeKind.SERVICE, name=CHECKOUT)
        await world.do(CallPeople(incident=N, callees=(callee,), why="It leaks", by=ANA))
        await world.settle()
        key = next(one for one in pagerduty.alerts if one != page)
        answered = webhook(key, "acknowledged", world.clock.now(), agent="Cleo Park")
        await told(world, answered, answered)
        await world.die()
        await told(world, answered)
        (spoken,) = [one for one in await said(world) if "acknowledged" in one]
        assert "Cleo Park acknowledged the page of checkout in PagerDuty" in spoken
        assert [row.event.kind for row in await world.timeline()].count("pager_told") == 1
        (call,) = (await world.incident()).calls
        assert call.taken_by == "Cleo Park"
        assert [event["event_action"] for event in pagerduty.alerts[key].events] == ["trigger"]


async def test_what_was_taken_up_while_the_pager_was_down_is_told_to_it_after_the_page(world: World) -> None:
    world.pager.down = True
    await declared(world)
    await world.do(AcknowledgeAlert(alert=(await world.incident()).groups[0], by=CLEO))
    await world.advance(5 * MINUTE)
    await world.die()
    world.pager.down = False
    await world.advance(2 * MINUTE)
    assert world.pager.accepted == [(N, "trigger"), (N, "acknowledge")]


async def test_an_answer_in_pagerduty_shows_that_it_has_the_page_and_nobody_is_called_in_slack(world: World) -> None:
    world.pager.down = True  # it took the page, and its reply was lost
    key = await declared(world)
    await told(world, webhook(key, "acknowledged", world.clock.now(), agent="Cleo"))
    await world.advance(2 * SILENT_AFTER)
    assert [one for one in world.slack.said(CLEO) if (one.marker or "").startswith("call:")] == []


@pytest.mark.parametrize("word", ["triggered", "acknowledged", "reassigned", "reopened", "resolved"])
async def test_no_page_of_any_muster_opens_an_alert(world: World, word: str) -> None:
    await told(world, webhook("muster-inc-1-0000", word, world.clock.now(), agent="Ana"))
    await told(world, webhook(f"muster-inc-{'9' * 40}-0000", word, world.clock.now(), agent="Ana"))
    assert await groups(world) == []


async def test_news_that_cannot_be_read_is_kept_apart_and_what_comes_after_it_is_read(world: World) -> None:
    def stumble(_body: bytes) -> HearPager | None:
        raise KeyError("somebody's words")

    sources = {NAME: guarded(replace(SOURCES[NAME], page_news=stumble))}
    reader = Reader(world.engine, reader_of(sources), world.clock, page_news=page_news_of(sources))
    world.wrap = lambda kind, perform: reader.read if kind == "intake.read" else perform
    world.start()
    await told(world, webhook("muster-inc-1-7k3x", "acknowledged", world.clock.now()), SOURCES[NAME].sample)
    assert [status for status, _ in await stored(world)] == ["quarantined", "read"]
    assert len(await groups(world)) == 1
    (warning,) = world.slack.said("muster-admin")
    assert "our reader of pagerduty failed (KeyError)" in warning.text + str(warning.blocks)
