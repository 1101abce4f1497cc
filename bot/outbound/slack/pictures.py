"""Messages with pictures: what Slack will not take with its picture goes without it, at once, and nothing is lost.

Slack fetches a picture while it takes the message, and refuses the whole message when it cannot (invalid_blocks,
"downloading image failed"): nothing was said then, so saying it again without the picture says nothing twice. From
where it could not fetch one it is not asked for another within the hour.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog

from bot.clock import Clock
from bot.outbound.slack.port import BlocksRefused
from bot.views.blocks import Message
from bot.views.pictures import pictured, without_pictures

T = TypeVar("T")
NOT_AGAIN_WITHIN: Final = timedelta(hours=1)
# More hosts than any organisation draws pictures on: what is remembered shall not grow by what senders like.
MOST_HOSTS: Final = 100
log = structlog.get_logger()


class Pictures:
    """Knows from where Slack cannot fetch pictures now."""

    def __init__(self, clock: Clock) -> None:
        """Nothing was refused yet."""
        self._clock = clock
        self._refused: dict[str, datetime] = {}

    async def say(self, message: Message, say: Callable[[Message], Awaitable[T]], *, again: Callable[[], None]) -> T:
        """Say a message; once more without its picture when Slack refuses it so. `again` is asked before that.

        Raises:
            DeliveryError: it was not said, or perhaps was.
        """
        fit = self._fit(message)
        hosts = pictured(fit)
        try:
            return await say(fit)
        except BlocksRefused as refused:
            if not hosts:
                raise
            log.info("picture_refused", hosts=sorted(hosts), reason=str(refused))
        again()
        said = await say(without_pictures(message))
        for host in hosts if len(self._refused) < MOST_HOSTS else ():
            self._refused[host] = self._clock.now()
        return said

    def _fit(self, message: Message) -> Message:
        now = self._clock.now()
        self._refused = {host: at for host, at in self._refused.items() if now - at < NOT_AGAIN_WITHIN}
        return without_pictures(message) if pictured(message) & self._refused.keys() else message
