"""A declaration, killed in the middle of its first, second … eighth call to Slack: one channel, one of everything."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from bot.domain.model import IncidentId
from bot.sandbox.errors import SandboxError
from bot.sandbox.state.records import Channel
from tests.e2e.deaths import LATENCY, in_the_middle_of_call
from tests.e2e.house import House, house
from tests.e2e.walk import PATIENCE
from tests.peers.until import until

pytestmark = pytest.mark.timeout(240)

# conversations.create, then side by side invite, card, announcement, topic, bookmark, and who has really come.
CALLS: Final = 8
PEOPLE: Final = {"U0MUSTER", "U0ANA", "U0CLEO"}


def rooms(opened: House, number: int) -> list[Channel]:
    return [one for one in opened.sandbox.workspace.channels.values() if one.name.startswith(f"inc-{number}-")]


def is_ready(opened: House, number: int) -> bool:
    """Tell whether an incident's channel has all that it should have."""
    posts = opened.sandbox.workspace.posts_by_marker
    return any(
        set(room.members) == PEOPLE and room.bookmarks and f"Number {number}" in room.topic.value
        for room in rooms(opened, number)
    ) and bool(posts[f"card:{number}"] and posts[f"announcement:{number}"])


async def declare_and_die(opened: House, number: int) -> None:
    """Declare incident `number`, and die in the middle of its call of that number."""
    await opened.muster.until_ready()
    dying = asyncio.ensure_future(in_the_middle_of_call(opened, number)())
    with suppress(SandboxError):  # Slack may tell Ana that nobody answered
        await opened.people.person("ana").command(f"/incident declare sev1 Number {number} service:checkout")
    await dying


async def test_one_of_everything_wherever_it_died(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}", delay=LATENCY) as opened:
        opened.sandbox.limits.enabled = False  # eight declarations in a few seconds
        for number in range(1, CALLS + 1):
            await declare_and_die(opened, number)
        for number in range(1, CALLS + 1):
            await until(lambda number=number: is_ready(opened, number), what=f"INC-{number}", timeout=PATIENCE)  # type: ignore[misc] # mypy does not see the default
            assert await opened.desk.incident(IncidentId(number)) is not None
        await opened.muster.until_ready()
        assert {number: len(rooms(opened, number)) for number in range(1, CALLS + 1)} == dict.fromkeys(
            range(1, CALLS + 1), 1
        )
        assert [len(room.bookmarks) for number in range(1, CALLS + 1) for room in rooms(opened, number)] == [1] * CALLS
        posted = {marker: count for marker, count in opened.sandbox.workspace.posts_by_marker.items() if count != 1}
        assert posted == {}, "no marker twice"
        assert [alert.pages for alert in opened.pagerduty.alerts.values()] == [1] * CALLS
        assert opened.interrupted > CALLS
