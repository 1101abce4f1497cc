"""Who people are, asked of the sandbox: members and guests, user groups; anew after a change."""

import asyncio
from dataclasses import replace

from bot.clock import SeededChance
from bot.domain.ids import UserId
from bot.domain.permissions import Account
from bot.outbound.slack.client import SlackGateway
from bot.sandbox.server import Sandbox
from bot.sandbox.state import ids, upheaval
from bot.sandbox.state.accounts import Standing
from bot.sandbox.state.seed import BOT_TOKEN
from tests.fakes.clock import FakeClock

BO = UserId("U0BO")


async def test_who_is_a_guest_is_remembered_and_asked_anew_after_a_change() -> None:
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1), None) as sandbox:
        people = sandbox.workspace.people
        guest = replace(people[ids.UserId(BO)], standing=Standing.GUEST)
        async with SlackGateway.connect(token=BOT_TOKEN, clock=clock, base_url=f"{sandbox.url}/api/") as slack:
            both = await asyncio.gather(slack.person(BO), slack.person(BO))
            assert [one.account for one in both] == [Account(), Account()]
            assert (await slack.person(BO)).account == Account()
            assert len(sandbox.journal.calls()) == 1, "who is asked for at once, or again, is asked for once"
            upheaval.change_person(sandbox.workspace, guest)
            slack.forget(BO)
            assert (await slack.person(BO)).account == Account(guest=True)
            upheaval.deactivate(sandbox.workspace, ids.UserId(BO))
            slack.forget(BO)
            assert (await slack.person(BO)).account == Account(gone=True)
