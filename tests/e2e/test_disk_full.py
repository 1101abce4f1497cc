"""The disk is full: whoever wants something kept is told so, nothing breaks, and all goes on when there is room again.

The kernel lets the process's files grow no further (RLIMIT_FSIZE), which needs no rights and no disk of one's own. What
pages need while there is no room: a page is marked in the database before it is sent, or a crash would page twice. So
one that was accepted before waits, and goes out as soon as the mark can be written.
"""

import resource
from http import HTTPStatus
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import House, Webhook, house
from tests.e2e.plot import messages
from tests.peers.until import until

pytestmark = pytest.mark.timeout(240)


def write_ahead_log(folder: Path) -> int:
    return (folder / "muster.db-wal").stat().st_size


def no_room(opened: House, folder: Path) -> None:
    """Let no file of the bot grow beyond what its largest has now."""
    _, most = resource.prlimit(opened.muster.pid, resource.RLIMIT_FSIZE)
    assert write_ahead_log(folder) > (folder / "muster.log").stat().st_size, "it can still write its log"
    resource.prlimit(opened.muster.pid, resource.RLIMIT_FSIZE, (write_ahead_log(folder), most))


def room_again(opened: House) -> None:
    _, most = resource.prlimit(opened.muster.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(opened.muster.pid, resource.RLIMIT_FSIZE, (most, most))


async def is_whole(opened: House) -> bool:
    async with opened.database.reading() as connection:
        return (await connection.execute(text("PRAGMA integrity_check"))).scalars().all() == ["ok"]


async def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        monitoring, ana = opened.monitoring, opened.people.person("ana")
        assert isinstance(monitoring, Webhook)
        taken = 0
        while write_ahead_log(tmp_path) <= (tmp_path / "muster.log").stat().st_size or taken < 3:
            taken += 1
            assert await monitoring.send("firing", number=taken) == HTTPStatus.ACCEPTED
        await until_at_rest(opened)

        no_room(opened, tmp_path)
        answers = [await monitoring.send("firing", number=taken + 1) for _ in range(5)]
        refused = await ana.command("/incident declare sev1 The disk is full")
        assert answers == [HTTPStatus.SERVICE_UNAVAILABLE] * 5
        told = [words_of(one) for one in await ana.sees("general") if one["ts"] == refused["ts"]]
        assert any("nothing was changed" in one or "may or may not" in one for one in told), told
        assert await is_whole(opened)

        room_again(opened)
        await until(lambda: _is_taken(monitoring, taken + 1), what="the alert being taken")
        await ana.command("/incident declare sev1 There is room again")
        await until(lambda: _is_paged(opened), what="the page")
        seen = await until_at_rest(opened)
        assert await is_whole(opened)
        assert [one.title for one in seen.incidents.values()] == ["There is room again"]
        assert len(await messages(opened, "alerts")) == len(seen.alerts) == taken + 1
        assert not [line for line in opened.muster.log if line.get("event") == "part_died"]


async def _is_taken(monitoring: Webhook, number: int) -> bool:
    return await monitoring.send("firing", number=number) == HTTPStatus.ACCEPTED


async def _is_paged(opened: House) -> bool:
    return bool(opened.pagerduty.alerts)
