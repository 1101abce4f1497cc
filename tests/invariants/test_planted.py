"""A checker that cannot fail proves nothing: for every invariant a wrong is planted, and the checker names it."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.commands import AcknowledgeAlert, AssignRole, Declare, Resolve, SendUpdate, SetStatus
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.roles_model import Role
from bot.store.tables import lanes
from tests.engine.test_story import deliver
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.invariants import damage
from tests.invariants.check import FILES, found_wrong
from tests.invariants.damage import Damage, write
from tests.invariants.from_fake import of_world
from tests.invariants.picture import EVERY, Log, Picture
from tests.invariants.spoilt import SPOILT
from tests.invariants.spoilt_alerts import SPOILT_ALERTS

N = IncidentId(1)
SECRET = "xoxb-canary-of-this-test"
LATE = timedelta(seconds=5)


async def lived(world: World) -> Log:
    """Let two incidents be lived through, one to its end; return what was accepted."""
    log = Log()
    await deliver(world)
    (shown,) = world.slack.said("alerts")
    alert = (shown.marker or "").removeprefix("group:")
    await world.do(AcknowledgeAlert(alert=alert, by=BO))  # type: ignore[arg-type] # as a button carries it
    await world.do(Declare(title="Checkout is down", by=ANA, alert=alert, severity=Severity.SEV2, service=CHECKOUT))  # type: ignore[arg-type] # as above
    await world.advance(timedelta(minutes=31))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    await world.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await world.do(SendUpdate(incident=N, text="Rolling back", by=ANA))
    await world.advance(timedelta(minutes=1))
    channel = (await world.incident()).channel
    assert channel
    said = world.message(channel, "1772440001.000100", by=BO, text="<!channel> it leaks")
    await world.do(said)
    await world.do(Declare(title="Search <!here> is slow", by=ANA, severity=Severity.SEV1))
    await world.advance(timedelta(minutes=1))
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(timedelta(minutes=1))
    log.declared, log.resolved, log.webhooks = [N, IncidentId(2)], {N}, 1
    log.messages, log.assigned = Counter({(N, said.ts): 1}), Counter({(N, Role.COMMANDER, BO): 1})
    return log


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """A world that has lived and is at rest, the file of its database, and what was accepted."""

    world: World
    file: Path
    log: Log


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Live once for all tests of this module; each works on a copy."""
    file = tmp_path_factory.mktemp("lived") / "muster.db"

    async def live() -> Lived:
        world = await World(f"sqlite+aiosqlite:///{file}").open()
        log = await lived(world)
        await world.close()
        return Lived(world=world, file=file, log=log)

    return asyncio.run(live())


@pytest.fixture
async def world(lived_once: Lived, tmp_path: Path) -> AsyncIterator[World]:
    """The same world again, to be damaged."""
    copy = shutil.copy(lived_once.file, tmp_path / "muster.db")
    world, old = World(f"sqlite+aiosqlite:///{copy}"), lived_once.world
    world.clock, world.slack, world.pager = deepcopy((old.clock, old.slack, old.pager))
    world.start()
    yield world
    await world.close()


@pytest.fixture
def log(lived_once: Lived) -> Log:
    """What was accepted."""
    return deepcopy(lived_once.log)


async def look(world: World, log: Log | None = None) -> Picture:
    return await of_world(world, log=log, late=LATE, secrets=[SECRET])


def named(seen: Picture, *, at_rest: bool = True) -> set[str]:
    return {one.invariant for one in found_wrong(seen, at_rest=at_rest)}


async def test_where_all_is_well_nothing_is_found(world: World, log: Log) -> None:
    seen = await look(world, log)
    assert [str(one) for one in found_wrong(seen, at_rest=True)] == []
    assert len(EVERY) >= 28
    assert {one.check.__module__ for one in EVERY} == {file.__name__ for file in FILES}
    assert any(one.marker and one.marker.startswith("reminder:") for one in seen.messages)
    assert len(seen.pages[N, 0]) >= 3


async def twice(world: World) -> None:
    said = next(one for one in world.slack.said() if (one.marker or "").startswith("said:1:"))
    channel = world.slack.channels[said.channel]
    world.slack._say(channel, said.text, marker=said.marker, blocks=said.blocks)


async def never(world: World) -> None:
    world.slack.delete(next(one for one in world.slack.said() if (one.marker or "").startswith("said:1:")))


async def no_alert(world: World) -> None:
    world.slack.delete(world.slack.said("alerts")[0])


async def no_draft(world: World) -> None:
    world.slack.delete(next(one for one in world.slack.said() if one.filename))


async def two_drafts(world: World) -> None:
    said = next(one for one in world.slack.said() if one.filename)
    world.slack._say(world.slack.channels[said.channel], said.text, filename=said.filename)


async def out_of_order(world: World) -> None:
    first, *_, last = [one for one in world.slack.said() if (one.marker or "").startswith("said:1:")]
    first.marker, last.marker = last.marker, first.marker


async def card_below(world: World) -> None:
    first, second, *_ = [one for one in world.slack.said((await world.incident()).channel_name) if one.marker]
    first.marker, second.marker = second.marker, first.marker


async def reply_elsewhere(world: World) -> None:
    said = next(one for one in world.slack.said() if (one.marker or "").startswith("announced:1:"))
    said.thread = next(one.ts for one in world.slack.said("incidents") if one.marker == "announcement:2")


async def orphan(world: World) -> None:
    await world.slack.open_channel("inc-9-nobody-knows-it")


async def strangers_channel(world: World) -> None:
    world.slack.channel((await world.incident()).channel_name).creator = ANA


async def nobody_came(world: World) -> None:
    world.slack.channel((await world.incident()).channel_name).members.remove(BO)


async def old_topic(world: World) -> None:
    world.slack.channel((await world.incident()).channel_name).topic = "SEV-2, Investigating"


async def two_bookmarks(world: World) -> None:
    channel = world.slack.channel((await world.incident()).channel_name)
    channel.bookmarks += channel.bookmarks * 2


def says(markup: str) -> Damage:
    async def harm(world: World) -> None:
        world.slack.said("incidents")[0].text += markup

    return harm


async def reminded_too_often(world: World) -> None:
    world.slack._say(world.slack.channel((await world.incident()).channel_name), "Again", marker="reminder:1:update:7")


async def reminded_after_the_end(world: World) -> None:
    world.clock.move(timedelta(minutes=5))
    said = next(one for one in world.slack.said() if (one.marker or "").startswith("reminder:1:update:"))
    world.slack.delete(said)
    world.slack._say(world.slack.channels[said.channel], said.text, marker=said.marker)


async def never_paged(world: World) -> None:
    world.pager.asked = [one for one in world.pager.asked if one[-1] != "trigger"]


async def never_closed(world: World) -> None:
    world.pager.asked = [one for one in world.pager.asked if one[-1] != "resolve"]


async def paged_after_the_end(world: World) -> None:
    world.pager.asked = [*world.pager.asked[1:], world.pager.asked[0]]


async def secret_in_slack(world: World) -> None:
    world.slack.said("incidents")[0].text += SECRET


async def leased_for_ever(world: World) -> None:
    lease = {"leased_until": world.clock.now() + timedelta(days=1), "token": "a:1"}
    await write(world, lanes.update().values(**lease))


async def leased_by_nobody(world: World) -> None:
    await write(world, lanes.update().values(leased_until=world.clock.now() + timedelta(seconds=9), token=None))


async def left_leased(world: World) -> None:
    lease = {"leased_until": world.clock.now() - timedelta(hours=1), "token": "a:1"}
    await write(world, lanes.update().where(lanes.c.name == "timer:2:update").values(**lease))


# What is done, which invariant names it, and whether it must be seen although things are still on their way.
PLANTED: list[tuple[Damage, str, bool]] = [
    (damage.a_row_is_missing, "I10", True),
    (damage.the_last_row_is_missing, "I10", True),
    (damage.a_row_was_rewritten, "I10", True),
    (damage.a_row_was_rewritten_and_chained_anew, "I10", True),
    (damage.a_row_cannot_be_read, "I10", True),
    (damage.a_rows_time_was_changed, "I10", True),
    (damage.the_incident_was_changed, "I10", True),
    (damage.the_incident_cannot_be_read, "I10", True),
    (damage.a_column_of_the_incident_was_changed, "I10", True),
    (damage.the_incident_is_gone, "I10", True),
    (damage.an_incident_is_gone_with_its_timeline, "I1", True),
    (damage.a_group_counts_wrongly, "I25", True),
    (damage.a_storm_counts_wrongly, "I25", True),
    (damage.nobody_looks_whether_a_storm_is_over, "I25", True),
    (damage.an_effect_has_no_lane, "I19", True),
    (damage.a_lane_sleeps_past_its_work, "I19", True),
    (left_leased, "I19", False),
    (damage.a_delivery_is_not_read, "I19", False),
    (damage.an_effect_was_set_aside, "I20", False),
    (damage.a_timer_of_the_second_is_lost, "I6", True),
    (twice, "I4", True),
    (never, "I4", True),
    (no_alert, "I4", True),
    (no_draft, "I4", True),
    (two_drafts, "I4", True),
    (out_of_order, "I5", True),
    (card_below, "I5", True),
    (reply_elsewhere, "I5", True),
    (orphan, "I3", False),
    (strangers_channel, "I3", True),
    (nobody_came, "I3", False),
    (old_topic, "I3", False),
    (two_bookmarks, "I3", False),
    (says(" <!channel>"), "I15", True),
    (says(" <@U0STRANGER>"), "I15", True),
    (says(" <#C0STRANGE|general>"), "I15", True),
    (says(" <!subteam^S0|all>"), "I15", True),
    (reminded_too_often, "I6", True),
    (reminded_after_the_end, "I9", True),
    (never_paged, "I8", False),
    (never_closed, "I8", False),
    (paged_after_the_end, "I9", True),
    (secret_in_slack, "I14", True),
    (leased_for_ever, "I18", True),
    (leased_by_nobody, "I18", True),
]


@pytest.mark.parametrize(
    ("harm", "invariant", "always"), PLANTED, ids=[f"{number}-{harm.__name__}" for harm, number, _ in PLANTED]
)
async def test_what_is_planted_is_named(world: World, log: Log, harm: Damage, invariant: str, always: bool) -> None:
    await harm(world)
    seen = await look(world, log)
    assert invariant in named(seen)
    assert (invariant in named(seen, at_rest=False)) is always


async def test_what_is_painted_is_named(world: World, log: Log) -> None:
    """As above for what is easier painted into a picture than planted in a world."""
    seen = await look(world, log)
    missed = [name for name, (invariant, spoil) in SPOILT.items() if invariant not in named(spoil(seen), at_rest=False)]
    assert missed == []


def test_every_invariant_has_a_wrong_that_shows_it() -> None:
    planted = {invariant for _, invariant, _ in PLANTED} | {invariant for invariant, _ in SPOILT.values()}
    of_alerts = {one.id for one in EVERY if one.check in {check for check, _ in SPOILT_ALERTS.values()}}
    assert planted | of_alerts == {one.id for one in EVERY}
