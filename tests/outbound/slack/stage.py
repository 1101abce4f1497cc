"""Two stages for the same contract: Slack in memory, and the real gateway against the sandbox's server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Protocol

from bot.clock import SeededChance
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.outbound.slack.client import SlackGateway
from bot.outbound.slack.port import Slack
from bot.sandbox.faults import Rule, When
from bot.sandbox.server import Sandbox
from bot.sandbox.state import forms, passes, rooms, talk, upheaval
from bot.sandbox.state import ids as sandbox_ids
from bot.sandbox.state.records import Channel
from bot.sandbox.state.seed import BOT_TOKEN
from tests.fakes.clock import FakeClock
from tests.fakes.slack import FakeSlack, Fault

ANA, BO = UserId("U0ANA"), UserId("U0BO")
LATE = timedelta(seconds=5)


class Stage(Protocol):
    """What a test of the contract arranges and looks at beside Slack itself."""

    clock: FakeClock

    @property
    def slack(self) -> Slack: ...

    def channel(self, name: str) -> ChannelId: ...

    def go_wrong(self, fault: Fault, method: str) -> None: ...

    def stranger_makes(self, name: str, *, with_bot: bool = False) -> None: ...

    def archive(self, channel: ChannelId) -> None: ...

    def remove_bot(self, channel: ChannelId) -> None: ...

    def deactivate(self, user: UserId) -> None: ...

    def write(self, channel: ChannelId, text: str, marker: str) -> None: ...

    def say(self, channel: ChannelId, text: str, *, thread: MessageTs | None = None) -> MessageTs: ...

    def edit(self, channel: ChannelId, ts: MessageTs, text: str) -> None: ...

    def delete(self, channel: ChannelId, ts: MessageTs) -> None: ...

    def texts(self, channel: ChannelId) -> list[str]: ...

    def members(self, channel: ChannelId) -> set[UserId]: ...

    def topic(self, channel: ChannelId) -> str: ...

    def posts(self, marker: str) -> int: ...

    def channels_called(self, name: str) -> int: ...

    def trigger(self) -> str: ...

    def home(self, user: UserId) -> str: ...


class FakeStage:
    """Slack in memory."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.fake = FakeSlack(self.clock)
        self.fake.late = LATE
        self.fake.retry_after = timedelta(seconds=1)
        self.fake.add_person(ANA, "Ana Lima", "ana@northwind.example", "America/Sao_Paulo")
        self.fake.add_person(BO, "Bo Chen")
        self.fake.uninvitable[UserId("U0NOBODY")] = "Slack does not know this person"

    @property
    def slack(self) -> Slack:
        return self.fake

    def channel(self, name: str) -> ChannelId:
        return self.fake.channel(name).id

    def go_wrong(self, fault: Fault, method: str) -> None:
        self.fake.fail(fault, method=method)

    def stranger_makes(self, name: str, *, with_bot: bool = False) -> None:
        self.fake.add_channel(name, with_bot=with_bot)

    def archive(self, channel: ChannelId) -> None:
        self.fake.channels[channel].archived = True
        self.remove_bot(channel)

    def remove_bot(self, channel: ChannelId) -> None:
        self.fake.channels[channel].members.remove(self.fake.identity.user)

    def deactivate(self, user: UserId) -> None:
        self.fake.deactivated.add(user)

    def write(self, channel: ChannelId, text: str, marker: str) -> None:
        self.fake.write(self.fake.channels[channel].name, text, marker=marker)

    def say(self, channel: ChannelId, text: str, *, thread: MessageTs | None = None) -> MessageTs:
        return self.fake.write(self.fake.channels[channel].name, text, thread=thread).ts

    def edit(self, channel: ChannelId, ts: MessageTs, text: str) -> None:
        self.fake.edit(self.fake.channels[channel].messages[ts], text)

    def delete(self, channel: ChannelId, ts: MessageTs) -> None:
        self.fake.delete(self.fake.channels[channel].messages[ts])

    def texts(self, channel: ChannelId) -> list[str]:
        return [said.text for said in self.fake.said(self.fake.channels[channel].name)]

    def members(self, channel: ChannelId) -> set[UserId]:
        return set(self.fake.channels[channel].members)

    def topic(self, channel: ChannelId) -> str:
        return self.fake.channels[channel].topic

    def posts(self, marker: str) -> int:
        return len(self.fake.marked(marker))

    def channels_called(self, name: str) -> int:
        return len([one for one in self.fake.channels_named(name) if one.name == name])

    def trigger(self) -> str:
        return "1.2.trigger"

    def home(self, user: UserId) -> str:
        return str(self.fake.homes.get(user, ""))


WHEN = {
    Fault.REFUSED: When.LIMITED,
    Fault.LOST_BEFORE: When.BEFORE,
    Fault.LOST_AFTER: When.LOST,
    Fault.APPLIED_LATE: When.APPLIED_LATE,
}


class SandboxStage:
    """The real gateway, over HTTP, against the sandbox."""

    def __init__(self, clock: FakeClock, sandbox: Sandbox, gateway: SlackGateway) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self.workspace = sandbox.workspace
        self.gateway = gateway

    @property
    def slack(self) -> Slack:
        return self.gateway

    def channel(self, name: str) -> ChannelId:
        found = self.workspace.channel_named(name)
        assert found
        return ChannelId(found.id)

    def go_wrong(self, fault: Fault, method: str) -> None:
        self.sandbox.faults.add(Rule(when=WHEN[fault], method=method, times=1, delay=LATE))

    def stranger_makes(self, name: str, *, with_bot: bool = False) -> None:
        made = rooms.create(self.workspace, name=name, private=False, creator=sandbox_ids.UserId(ANA))
        if with_bot:
            rooms.enter(self.workspace, made, self.workspace.bot)

    def archive(self, channel: ChannelId) -> None:
        rooms.set_archived(self.workspace, self._room(channel), archived=True, by=sandbox_ids.UserId(ANA))

    def remove_bot(self, channel: ChannelId) -> None:
        self._room(channel).members.remove(self.workspace.bot)

    def deactivate(self, user: UserId) -> None:
        upheaval.deactivate(self.workspace, sandbox_ids.UserId(user))

    def write(self, channel: ChannelId, text: str, marker: str) -> None:
        metadata = {"event_type": "muster", "event_payload": {"k": marker}}
        draft = talk.Draft(text=text, metadata=metadata)
        talk.post(self.workspace, self._room(channel), sandbox_ids.UserId(ANA), draft)
        self.workspace.posts_by_marker[marker] -= 1  # the oracle counts everybody's

    def say(self, channel: ChannelId, text: str, *, thread: MessageTs | None = None) -> MessageTs:
        draft = talk.Draft(text=text, thread_ts=sandbox_ids.Ts(thread) if thread else None)
        said = talk.post(self.workspace, self._room(channel), sandbox_ids.UserId(ANA), draft)
        return MessageTs(said.ts)

    def edit(self, channel: ChannelId, ts: MessageTs, text: str) -> None:
        room = self._room(channel)
        message = self.workspace.message(room, ts)
        talk.change(self.workspace, room, message, talk.Change(text=text), by=sandbox_ids.UserId(ANA))

    def delete(self, channel: ChannelId, ts: MessageTs) -> None:
        room = self._room(channel)
        talk.delete(self.workspace, room, self.workspace.message(room, ts))

    def texts(self, channel: ChannelId) -> list[str]:
        return [one.text for one in self._room(channel).messages.values() if one.subtype in {None, "file_share"}]

    def members(self, channel: ChannelId) -> set[UserId]:
        return {UserId(user) for user in self._room(channel).members}

    def topic(self, channel: ChannelId) -> str:
        return self._room(channel).topic.value

    def posts(self, marker: str) -> int:
        return self.workspace.posts_by_marker[marker]

    def channels_called(self, name: str) -> int:
        return len([one for one in self.workspace.channels.values() if one.name == name])

    def trigger(self) -> str:
        return passes.issue_trigger(self.workspace, sandbox_ids.UserId(ANA))

    def home(self, user: UserId) -> str:
        view = forms.home(self.workspace, sandbox_ids.UserId(user))
        return str(view.body) if view else ""

    def _room(self, channel: ChannelId) -> Channel:
        return self.workspace.channels[sandbox_ids.ChannelId(channel)]


@asynccontextmanager
async def sandbox_stage() -> AsyncIterator[SandboxStage]:
    """Start a sandbox and connect the real gateway to it; both live on the test's clock."""
    clock = FakeClock()
    async with (
        Sandbox(clock, SeededChance(7), limits=False) as sandbox,
        SlackGateway.connect(token=BOT_TOKEN, clock=clock, base_url=f"{sandbox.url}/api/") as gateway,
    ):
        yield SandboxStage(clock, sandbox, gateway)
