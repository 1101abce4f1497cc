"""The people of an incident over the sandbox: roles are taken by button, and handed over in direct messages."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.roles_model import Role
from bot.sandbox.state.accounts import Standing
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.upheaval import change_person
from bot.sandbox.texts import words_of
from tests.e2e.house import House, N, house
from tests.peers.until import until

pytestmark = pytest.mark.timeout(120)


async def declared(opened: House) -> str:
    """Let Ana declare an incident and take command of it; return its channel."""
    ana = opened.people.person("ana")
    await ana.command("/incident declare sev2 Checkout is down")
    room = str((await opened.people.wait_for_channel("inc-1-checkout"))["id"])
    await opened.people.wait_for("Nobody yet", room)
    await ana.clicks("Take Command", channel=room)
    await opened.people.wait_for("took command", room)
    return room


async def holds(opened: House, role: Role) -> str | None:
    incident = await opened.desk.incident(N)
    return incident.roles.get(role) if incident else None


async def test_a_role_is_handed_over_by_form_and_accepted_in_a_direct_message(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        room = await declared(opened)
        await ana.clicks("Hand Over Role", channel=room)
        await ana.modal()
        assert await ana.submits({"Role": "ic", "Next holder": "U0BO"}) == {}
        await opened.people.wait_for("to be the Incident Commander; until they accept", room)
        assert await holds(opened, Role.COMMANDER) == "U0ANA"
        await bo.clicks("Accept Role")
        await opened.people.wait_for("handed over command", room)
        assert await holds(opened, Role.COMMANDER) == "U0BO"

        async def sees() -> list[Obj]:
            return [one for one in await bo.sees("@muster") if "You accepted" in words_of(one)]

        await until(sees, what="the question says what became of it")


async def test_a_commander_who_leaves_the_channel_is_missed_and_somebody_takes_over(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        room = await declared(opened)
        await opened.people.person("bo").joins(room)
        await opened.people.person("ana").leaves(room)
        await opened.people.wait_for("has left the channel", room)
        await opened.people.person("bo").clicks("Take Command", channel=room)
        await opened.people.wait_for("took command from", room)
        assert await holds(opened, Role.COMMANDER) == "U0BO"


async def test_who_is_called_is_told_in_a_direct_message_and_brought_into_the_channel(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        room = await declared(opened)
        await opened.people.person("ana").command("/incident page @bo Nobody here knows it", channel=room)
        await opened.people.wait_for("in a direct message (no pager is configured)", room)

        async def is_told() -> bool:
            return any(
                "You are called to INC-1" in words_of(one) for one in await opened.people.person("bo").sees("@muster")
            )

        await until(is_told, what="Bo is told")
        await opened.people.person("ana").command("/incident page checkout Cards are refused", channel=room)
        await opened.people.wait_for("by pager", room)
        await until(lambda: any(key.endswith("-2") for key in opened.pagerduty.alerts), what="the pager was asked")


async def test_a_guest_is_refused_and_told_whom_to_ask(tmp_path: Path) -> None:
    async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}") as opened:
        await declared(opened)
        workspace, who = opened.sandbox.workspace, UserId("U0BO")
        change_person(workspace, replace(workspace.people[who], standing=Standing.GUEST))

        async def is_refused() -> bool:
            await opened.people.person("bo").command("/incident silence team=search for 1h A test")
            return await _reads(opened, "bo", "Guests may not silence alerts here")

        await until(is_refused, what="the change has come, and Bo reads that guests may not")
        assert len(await opened.desk.open_incidents()) == 1


async def _reads(opened: House, who: str, words: str) -> bool:
    return any(words in words_of(one) for one in await opened.people.person(who).sees("general"))
