"""What people press outside of modals: elements of messages and of the Home tab, shortcuts, the Home tab itself."""

from typing import Final

from bot.sandbox.control.offers import Offers, failure_code
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.outcome import Outcome
from bot.sandbox.delivery.payloads import (
    in_message,
    in_view,
    message_action_delivery,
    message_shortcut_delivery,
    shortcut_delivery,
    view_action_delivery,
)
from bot.sandbox.errors import NotPossible
from bot.sandbox.inputs import STATELESS, action_of, filled_form, find_element
from bot.sandbox.state import forms, rooms
from bot.sandbox.state.ids import Obj, Ts, UserId
from bot.sandbox.state.records import Channel, Message, ShortcutKind, View
from bot.sandbox.state.shapes import view_shape
from bot.sandbox.state.workspace import Workspace

# How many messages' chosen values are remembered before the oldest are forgotten.
_KEPT: Final = 5_000


class Presses:
    """People using what the app put in front of them."""

    def __init__(self, workspace: Workspace, courier: Courier, offers: Offers) -> None:
        self._workspace = workspace
        self._courier = courier
        self._offers = offers
        # What somebody chose in a message's selects, as state.values.
        self._chosen: dict[tuple[UserId, Ts], Obj] = {}

    async def click(
        self, user: UserId, channel: Channel, ts: str, action_id: str, *, block_id: str = "", value: object = None
    ) -> Obj:
        """Use an element of a message: press a button, choose an option."""
        message = self._seen(channel, ts, user)
        blocks = self._offers.dressed(user, message.blocks)
        block, element = find_element(blocks, action_id, block_id)
        action = action_of(self._workspace.make.ts(), block, element, value)
        key = (user, message.ts)
        values = filled_form({"blocks": blocks}, self._chosen.get(key, {}), _given(block, element, value))
        self._chosen[key] = values
        while len(self._chosen) > _KEPT:
            del self._chosen[next(iter(self._chosen))]
        delivery = message_action_delivery(self._workspace, user, channel, message, action, values)
        return _shown(await self._courier.deliver(delivery))

    def _seen(self, channel: Channel, ts: str, user: UserId) -> Message:
        whispered = channel.whispers.get(Ts(ts))
        if whispered and whispered.ephemeral_for == user:
            return whispered
        if (message := channel.messages.get(Ts(ts))) is None:
            raise NotPossible(f"{user} sees no message {ts} in #{channel.name}.")
        return message

    def _home(self, user: UserId) -> View:
        if (view := forms.home(self._workspace, user)) is None:
            raise NotPossible(f"{user} has no Home tab yet.")
        return view

    async def use_in_home(self, user: UserId, action_id: str, *, block_id: str = "", value: object = None) -> Obj:
        """Use an element of the Home tab."""
        view = self._home(user)
        blocks = self._offers.dressed(user, view.body["blocks"])
        block, element = find_element(blocks, action_id, block_id)
        action = action_of(self._workspace.make.ts(), block, element, value)
        view.values = filled_form({"blocks": blocks}, view.values, _given(block, element, value))
        return _shown(await self._courier.deliver(view_action_delivery(self._workspace, view, action)))

    async def suggest(
        self, user: UserId, channel: Channel, ts: str, action_id: str, *, block_id: str = "", typed: str
    ) -> Obj:
        """Type into a select of a message whose options the app knows (see Offers.ask)."""
        message = self._seen(channel, ts, user)
        where = in_message(self._workspace, channel, message)
        return await self._offers.ask(user, message.blocks, action_id, block_id=block_id, typed=typed, where=where)

    async def suggest_in_home(self, user: UserId, action_id: str, *, block_id: str = "", typed: str) -> Obj:
        """Type into a select of the Home tab whose options the app knows (see Offers.ask)."""
        view = self._home(user)
        where = in_view(self._workspace, view)
        return await self._offers.ask(user, view.body["blocks"], action_id, block_id=block_id, typed=typed, where=where)

    async def shortcut(self, user: UserId, callback_id: str) -> Obj:
        """Choose a global shortcut."""
        self._require(callback_id, ShortcutKind.GLOBAL)
        return _shown(await self._courier.deliver(shortcut_delivery(self._workspace, user, callback_id)))

    async def message_shortcut(self, user: UserId, channel: Channel, ts: str, callback_id: str) -> Obj:
        """Choose a shortcut from a message's menu; messages that only one person sees have none."""
        self._require(callback_id, ShortcutKind.MESSAGE)
        if (message := channel.messages.get(Ts(ts))) is None:
            raise NotPossible(f"{user} sees no message {ts} in #{channel.name}.")
        delivery = message_shortcut_delivery(self._workspace, user, channel, message, callback_id)
        return _shown(await self._courier.deliver(delivery))

    def _require(self, callback_id: str, kind: ShortcutKind) -> None:
        """Refuse shortcuts that the app did not register; an app that registered none at all may be tried with any."""
        registered = self._workspace.shortcuts
        if registered and (callback_id not in registered or registered[callback_id].kind is not kind):
            raise NotPossible(f"The app has no {kind.value} shortcut {callback_id}.")

    def open_home(self, user: UserId, *, tab: str = "home") -> None:
        """Open the app's Home tab, or its messages."""
        channel, _ = rooms.open_direct(self._workspace, [self._workspace.bot, user])
        event: Obj = {
            "type": "app_home_opened",
            "user": user,
            "channel": channel.id,
            "tab": tab,
            "event_ts": self._workspace.make.ts(),
        }
        if tab == "home" and (view := forms.home(self._workspace, user)):
            event["view"] = view_shape(self._workspace, view)
        self._workspace.tell(event)


def _given(block: Obj, element: Obj, value: object) -> dict[str, dict[str, object]]:
    """Return what somebody gave an element, as filled_form takes it; what is only pressed holds nothing."""
    if element["type"] in STATELESS:
        return {}
    return {str(block["block_id"]): {str(element["action_id"]): value}}


def _shown(outcome: Outcome) -> Obj:
    return {"error": failure_code(outcome.failure)} if outcome.failure else {}
