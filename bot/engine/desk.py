"""What inbound sees of the engine.

Hand in a command, ask for what somebody may see. The desk itself sees all that there is: it is Muster's own.
"""

from bot.domain.commands import Command
from bot.domain.home import Home, ShowHome
from bot.domain.hushing import RemoveNotice
from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.privacy import MUSTER, Viewer
from bot.domain.tracks import Urgency
from bot.domain.work import Effect
from bot.engine.handle import Engine
from bot.engine.receipts import Handled, Receipt
from bot.engine.sight import Sight
from bot.store import effects, inbox
from bot.store.inbox import DeliveryStatus


class EngineDesk(Sight):
    """The engine's counter."""

    def __init__(self, engine: Engine) -> None:
        """Nothing starts here."""
        super().__init__(engine, MUSTER)

    def seen_by(self, viewer: Viewer) -> Sight:
        """Return the record as somebody may see it."""
        return Sight(self._engine, viewer)

    async def home_of(self, user: UserId) -> Home:
        """Return what somebody is to know who opens the Home tab."""
        return await self.seen_by(Viewer(user=user)).home()

    async def handle(self, command: Command, *, receipt: Receipt | None = None) -> Handled:
        """Hand in a command; see `Engine.handle`."""
        return await self._engine.handle(command, receipt=receipt)

    async def refused(self, command: Command, why: str, *, receipt: Receipt | None = None) -> None:
        """Write down what somebody was refused."""
        await self._engine.refused(command, why, receipt=receipt)

    async def show_home(self, user: UserId) -> None:
        """Let somebody's Home tab be published."""
        show = Effect(work=ShowHome(user=user), due=self._engine.clock.now())
        await self._engine.put(show, answering=True)

    async def remove_notice(self, channel: ChannelId, ts: MessageTs) -> None:
        """Let a line that Slack wrote about us be taken out of a channel."""
        work = RemoveNotice(channel=channel, ts=ts)
        await self._engine.put(Effect(work=work, due=self._engine.clock.now(), urgency=Urgency.TRIMMING))

    async def backlog(self) -> dict[str, int]:
        """Return what waits and what was set aside, for metrics and readiness."""
        async with self._database.reading() as connection:
            return {
                "effects_waiting": await effects.count(connection, quarantined=False),
                "effects_quarantined": await effects.count(connection, quarantined=True),
                "deliveries_waiting": await inbox.count(connection, DeliveryStatus.WAITING),
                "deliveries_quarantined": await inbox.count(connection, DeliveryStatus.QUARANTINED),
            }
