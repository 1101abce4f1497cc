"""A channel in which people have talked for a while becomes an incident's, over the sandbox and both transports."""

from pathlib import Path

import pytest

from bot.domain.message_events import MessagePosted
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import Delivery, House, N, house
from tests.peers.until import until

pytestmark = pytest.mark.timeout(120)


async def taken(opened: House, count: int) -> list[MessagePosted]:
    async def there() -> list[MessagePosted]:
        return [one for one in await opened.events() if isinstance(one, MessagePosted)]

    async def are_all_there() -> bool:
        return len(await there()) >= count

    await until(are_all_there, what="the messages being in the timeline")
    return await there()


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_a_public_channel_is_converted_with_what_was_said_in_it(tmp_path: Path, delivery: Delivery) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}", delivery) as opened:
        ana = opened.people.person("ana")
        room = await ana.creates("checkout-talk")
        ts = await ana.says("Cards are refused", channel=room)
        await ana.says("only in Europe", channel=room, thread=ts)
        assert not (await ana.command("/incident convert", channel=room)).get("error")
        await ana.modal()
        assert await ana.submits({"What is broken": "Checkout is down", "Severity": "sev2"}) == {}
        await opened.people.wait_for("INC-1 Checkout is down", "incidents")
        said = await taken(opened, 2)
        assert {one.text for one in said} == {"Cards are refused", "only in Europe"}
        assert all(room in one.permalink for one in said)
        await ana.says("and now everywhere", channel=room)
        assert len(await taken(opened, 3)) == 3
        await ana.command("/incident convert again", channel=room)
        await until_at_rest(opened)
        assert len(await opened.desk.open_incidents()) == 1


async def test_a_private_channel_becomes_a_private_incident(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        room = await ana.creates("hr-talk", private=True)
        await ana.says("It is about a laptop", channel=room)
        assert not (await ana.command("/incident convert A laptop was stolen", channel=room)).get("error")
        assert await opened.desk.open_incidents() == (), "Muster is not in the channel"
        await ana.invites("muster", channel=room)
        await ana.invites("bo", channel=room)
        await ana.command("/incident convert A laptop was stolen", channel=room)
        assert [one.text for one in await taken(opened, 1)] == ["It is about a laptop"]
        await until_at_rest(opened)
        incident = await opened.desk.incident(N)
        assert incident
        assert (incident.private, incident.channel) == (True, room)
        assert not [one for one in await bo.sees("incidents") if "laptop" in words_of(one)]
