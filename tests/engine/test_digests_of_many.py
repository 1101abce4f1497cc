"""A digest of thousands is taken in a part at a time, and tells everything once, whoever dies in between."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.copying import replace
from bot.domain.digests import AT_ONCE
from bot.engine.jobs import Done, Job, Perform
from bot.errors import TryLater
from tests.engine.test_digests import HOUR, HOURLY, fire, texts, the_groups
from tests.engine.world import World
from tests.fakes.records import Fault
from tests.fakes.slack import Killed
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

MANY = 2 * AT_ONCE + 50
GRAVE = (7, MANY - 7)
Wrap = Callable[[str, Perform], Perform]


@pytest.fixture
async def many(world: World) -> World:
    """Return a world in which many groups wait for their digest; a few are graver than the others."""
    world.policy = replace(world.policy, routes=(replace(HOURLY, matchers=()),))
    world.start()
    await fire(world, *(number for number in range(MANY) if number not in GRAVE))
    await fire(world, *GRAVE, severity=AlertSeverity.WARNING)
    return world


class Closings:
    """Counts how often a digest is closed, and lets that fail as a test wants it."""

    def __init__(self, world: World, failing: dict[int, BaseException]) -> None:
        self.count, self._failing = 0, failing
        world.wrap = self._wrap
        world.start()

    def _wrap(self, kind: str, perform: Perform) -> Perform:
        async def counted(job: Job) -> Done:
            self.count += 1
            if error := self._failing.pop(self.count, None):
                raise error
            return await perform(job)

        return counted if kind == "digest.close" else perform


def told(world: World) -> list[str]:
    """Return the titles of the alerts that the one digest lists, in order."""
    (digest,) = world.slack.said("alerts")
    return [part.partition(" fires")[0] for part in str(digest.blocks).split(": *")[1:]]


async def test_many_are_told_in_one_message_that_names_the_first_of_all(many: World) -> None:
    closings = Closings(many, {})
    first = sorted(await the_groups(many), key=lambda one: (one.severity is not AlertSeverity.WARNING, one.id))[:20]
    await many.advance(HOUR)
    assert texts(many) == [f"Digest: {MANY} alerts fired, {MANY} still firing"]
    assert closings.count == 3
    assert told(many) == [one.title.removesuffix(" fires") for one in first]
    assert not any(group.news for group in await the_groups(many))
    must_hold(await of_world(many), at_rest=True)
    await many.advance(2 * HOUR)
    assert len(texts(many)) == 1, "what was told is no news"


@pytest.mark.parametrize("error", [Killed("between two parts"), TryLater("later"), RuntimeError("nobody foresaw it")])
async def test_what_is_cut_off_between_two_parts_goes_on_there(many: World, error: BaseException) -> None:
    Closings(many, {2: error})
    await many.advance(HOUR)
    await many.advance(timedelta(minutes=10))
    assert texts(many) == [f"Digest: {MANY} alerts fired, {MANY} still firing"]
    must_hold(await of_world(many), at_rest=True)


async def test_what_fires_between_two_parts_is_told_once_in_this_digest_or_the_next(many: World) -> None:
    Closings(many, {2: TryLater("later", after=timedelta(minutes=2))})
    await many.advance(HOUR)
    assert texts(many) == []
    must_hold(await of_world(many), at_rest=False)
    await fire(many, *range(MANY, MANY + 30))
    many.slack.fail(Fault.KILLED_AFTER, method="chat.postMessage")
    await many.advance(3 * HOUR)
    counts = [int(text.split()[1]) for text in texts(many)]
    assert sum(counts) == MANY + 30
    assert len(counts) == 2
    must_hold(await of_world(many), at_rest=True)


async def test_exactly_as_many_as_one_part_holds_are_told_too(world: World) -> None:
    world.policy = replace(world.policy, routes=(replace(HOURLY, matchers=()),))
    world.start()
    await fire(world, *range(AT_ONCE))
    await world.advance(HOUR)
    assert texts(world) == [f"Digest: {AT_ONCE} alerts fired, {AT_ONCE} still firing"]
