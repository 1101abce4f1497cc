"""A sandbox in the test's own process, an app beside it, and their clock; nothing waits for real time."""

from datetime import timedelta

from bot.clock import SeededChance
from bot.sandbox.delivery.outcome import Failure, Outcome
from bot.sandbox.delivery.payloads import Delivery
from bot.sandbox.inprocess import InProcess
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import ChannelId, Obj, UserId
from bot.sandbox.state.records import Channel
from tests.fakes.clock import FakeClock

ANA = UserId("U0ANA")
METADATA = {"event_type": "outbox", "event_payload": {"k": "card"}}


class App:
    """An app in the same process: it hears everything, and answers with `outcome`, or not at all unless `awake`."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.awake = True
        self.outcome = Outcome()
        self.came: list[tuple[float, str, int]] = []
        self.payloads: list[Obj] = []

    async def take(self, delivery: Delivery, attempt: int, reason: Failure | None) -> Outcome:
        assert (reason is None) == (attempt == 0)
        self.came.append((self._clock.monotonic(), delivery.name, attempt))
        self.payloads.append(delivery.payload)
        if not self.awake:
            await self._clock.sleep(timedelta(hours=1))
        return self.outcome

    @property
    def names(self) -> list[str]:
        """What came, by name."""
        return [name for _, name, _ in self.came]

    def event(self, name: str) -> Obj:
        """Return the newest event of that name."""
        at = len(self.names) - 1 - self.names[::-1].index(name)
        event: Obj = self.payloads[at]["event"]
        return event


class Here:
    """A sandbox that was never started, an app beside it, and their clock."""

    def __init__(self, seed: int = 1) -> None:
        self.clock = FakeClock()
        self.sandbox = Sandbox(self.clock, SeededChance(seed))
        self.slack: InProcess = self.sandbox.in_process()
        self.app = App(self.clock)
        self.slack.deliver_to(self.app.take)

    async def post(self, text: str = "card") -> str | None:
        """Post the marked card; return Slack's error, if any."""
        reply = await self.slack.call("chat.postMessage", channel="C0GENERAL", text=text, metadata=METADATA)
        return reply.body.get("error")

    async def settle(self) -> None:
        """Let what is under way arrive."""
        await self.clock.advance(timedelta())

    def tell(self, kind: str = "team_rename", **more: object) -> None:
        """Let an event happen."""
        self.sandbox.workspace.tell({"type": kind, **more})

    @property
    def general(self) -> Channel:
        """The channel that everybody is in."""
        return self.sandbox.workspace.channels[ChannelId("C0GENERAL")]

    @property
    def texts(self) -> list[str]:
        """What stands in #general."""
        return [one.text for one in self.general.messages.values()]
