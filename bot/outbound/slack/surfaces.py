"""What one person alone sees of Slack: forms, the Home tab, and answers to what they typed or pressed."""

from functools import partial

from bot.domain.ids import UserId
from bot.outbound.slack.accounts import Accounts
from bot.outbound.slack.port import OpenedView, ViewId
from bot.outbound.slack.shapes import view_of
from bot.views.blocks import Block, Message


class Surfaces(Accounts):
    """Those methods of Slack, beside what is asked about accounts."""

    async def open_view(self, trigger_id: str, view: Block) -> OpenedView:
        """Open a form for the person who pressed."""
        send = partial(self._web.views_open, trigger_id=trigger_id, view=view)
        return view_of(await self._line.change("views.open", send))

    async def update_view(self, view_id: ViewId, view: Block, *, revision: str | None = None) -> OpenedView:
        """Replace an open form, only when it still is at `revision`, when one is given."""
        send = partial(self._web.views_update, view_id=view_id, view=view, hash=revision)
        return view_of(await self._line.change("views.update", send))

    async def publish_home(self, user: UserId, view: Block) -> None:
        """Show somebody a Home tab; without a hash, so that it replaces any."""
        await self._line.read("views.publish", partial(self._web.views_publish, user_id=user, view=view))

    async def respond(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        """Answer a command or a click for one person's eyes; `replace` the message clicked on."""
        body = {
            "text": message.text,
            "blocks": list(message.blocks),
            "response_type": "ephemeral",
            "replace_original": replace,
        }
        await self._line.deliver("the answer", response_url, body)
