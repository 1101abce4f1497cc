"""A stakeholder over the sandbox: subscribes by the announcement's button, reads the update, unsubscribes in it."""

from pathlib import Path

import pytest

from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import Delivery, house
from tests.peers.until import until

pytestmark = pytest.mark.timeout(120)


async def test_an_update_in_parts_reaches_who_subscribed_once(tmp_path: Path, database_url: str) -> None:
    async with house(tmp_path, database_url, Delivery.SOCKET_MODE) as opened:
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        await ana.command("/incident declare sev2 Checkout is down")
        room = str((await opened.people.wait_for_channel("inc-1-checkout"))["id"])
        await opened.people.wait_for("Subscribe", "incidents")
        assert not (await bo.clicks("Subscribe", channel="incidents")).get("error")
        await opened.people.wait_for("You get the updates of INC-1", "incidents", as_="bo")

        await ana.command("/incident update", channel=room)
        await ana.modal()
        told = {"What is happening": "Cards fail", "Impact": "Nobody can pay", "What we do": "Rolling back"}
        assert await ana.submits({**told, "Next update": "10m"}) == {}
        await opened.people.wait_for("Nobody can pay", room)

        async def read() -> list[Obj]:
            return [one for one in await bo.sees("@muster") if "Nobody can pay" in words_of(one)]

        await until(read, what="bo reads the update")
        assert len(await read()) == 1
        assert not (await bo.clicks("Unsubscribe")).get("error")
        await until_at_rest(opened)
        await ana.command("/incident update Cards work again", channel=room)
        await opened.people.wait_for("Cards work again", room)
        await until_at_rest(opened)
        assert not [one for one in await bo.sees("@muster") if "Cards work again" in words_of(one)]
