"""What people do, as the control API takes it (see routes.py): `Acts.all` names every act."""

import base64

from bot.sandbox.control.doing import Act, element_of
from bot.sandbox.control.forms_hands import FormHands
from bot.sandbox.control.hands import Hands
from bot.sandbox.control.presses import Presses
from bot.sandbox.errors import NotPossible
from bot.sandbox.speech import spoken
from bot.sandbox.state import marks, rooms, talk
from bot.sandbox.state.file_shapes import file_shape
from bot.sandbox.state.ids import Obj, Ts, UserId
from bot.sandbox.state.records import Channel, Message
from bot.sandbox.state.talk import Change
from bot.sandbox.state.workspace import Workspace


class Acts:
    """People at work."""

    def __init__(self, workspace: Workspace, hands: Hands, forms: FormHands, presses: Presses) -> None:
        self._workspace = workspace
        self._hands = hands
        self._forms = forms
        self._presses = presses

    @property
    def all(self) -> dict[str, Act]:
        """Return the acts by their address below /sandbox/."""
        return {
            "say": self._say,
            "upload": self._upload,
            "edit": self._edit,
            "delete": self._delete,
            "react": self._react,
            "unreact": self._unreact,
            "pin": self._pin,
            "unpin": self._unpin,
            "read": self._read,
            "click": self._click,
            "suggest": self._suggest,
            "home/suggest": self._home_suggest,
            "modal/suggest": self._modal_suggest,
            "shortcut": self._shortcut,
            "message_shortcut": self._message_shortcut,
            "modal/act": self._modal_act,
            "modal/submit": self._modal_submit,
            "modal/close": self._modal_close,
            "home/act": self._home_act,
            "open_home": self._open_home,
            "open_im": self._open_im,
        }

    def _room(self, user: UserId, document: Obj) -> Channel:
        return self._hands.room(str(document.get("channel") or ""), user)

    def _message(self, user: UserId, document: Obj) -> tuple[Channel, Message]:
        channel = self._room(user, document)
        return channel, self._workspace.message(channel, str(document.get("ts")))

    # What they write.

    async def _say(self, user: UserId, document: Obj) -> Obj:
        return await self._hands.say(
            user,
            self._room(user, document),
            str(document.get("text") or ""),
            thread_ts=str(document.get("thread_ts") or ""),
            broadcast=bool(document.get("broadcast")),
            files=document.get("files") or [],
        )

    async def _upload(self, user: UserId, document: Obj) -> Obj:
        """Take a file to be sent or handed in later; its `content` is base64."""
        content = base64.b64decode(str(document.get("content") or ""), validate=True)
        file = self._hands.attach(user, str(document.get("name") or "file.txt"), content)
        return {"file": file_shape(self._workspace, file)}

    async def _edit(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._own(user, document)
        text = spoken(self._workspace, str(document.get("text") or ""))
        talk.change(self._workspace, channel, message, Change(text=text), by=user)
        return {}

    async def _delete(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._own(user, document)
        talk.delete(self._workspace, channel, message)
        return {}

    def _own(self, user: UserId, document: Obj) -> tuple[Channel, Message]:
        channel, message = self._message(user, document)
        if message.user != user:
            raise NotPossible("Only its author may change a message.")
        return channel, message

    async def _react(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._message(user, document)
        marks.react(self._workspace, channel, message, str(document.get("name")), by=user)
        return {}

    async def _unreact(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._message(user, document)
        marks.unreact(self._workspace, channel, message, str(document.get("name")), by=user)
        return {}

    async def _pin(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._message(user, document)
        marks.pin(self._workspace, channel, message, by=user)
        return {}

    async def _unpin(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._message(user, document)
        marks.unpin(self._workspace, channel, message, by=user)
        return {}

    async def _read(self, user: UserId, document: Obj) -> Obj:
        channel = self._room(user, document)
        newest = next(reversed(channel.messages), Ts("0"))
        if channel.last_read.get(user) != newest:
            channel.last_read[user] = newest
            self._workspace.changed()
        return {}

    # What they press.

    async def _click(self, user: UserId, document: Obj) -> Obj:
        channel, ts = self._room(user, document), str(document.get("ts"))
        action, block = element_of(document)
        return await self._presses.click(user, channel, ts, action, block_id=block, value=document.get("value"))

    async def _suggest(self, user: UserId, document: Obj) -> Obj:
        channel, ts = self._room(user, document), str(document.get("ts"))
        action, block = element_of(document)
        return await self._presses.suggest(user, channel, ts, action, block_id=block, typed=_typed(document))

    async def _home_suggest(self, user: UserId, document: Obj) -> Obj:
        action, block = element_of(document)
        return await self._presses.suggest_in_home(user, action, block_id=block, typed=_typed(document))

    async def _modal_suggest(self, user: UserId, document: Obj) -> Obj:
        action, block = element_of(document)
        return await self._forms.suggest(user, action, block_id=block, typed=_typed(document))

    async def _shortcut(self, user: UserId, document: Obj) -> Obj:
        return await self._presses.shortcut(user, str(document.get("callback_id")))

    async def _message_shortcut(self, user: UserId, document: Obj) -> Obj:
        channel, ts = self._room(user, document), str(document.get("ts"))
        return await self._presses.message_shortcut(user, channel, ts, str(document.get("callback_id")))

    async def _modal_act(self, user: UserId, document: Obj) -> Obj:
        action, block = element_of(document)
        value, values = document.get("value"), document.get("values")
        return await self._forms.act(user, action, block_id=block, value=value, values=values)

    async def _modal_submit(self, user: UserId, document: Obj) -> Obj:
        return await self._forms.submit(user, document.get("values") or {})

    async def _modal_close(self, user: UserId, document: Obj) -> Obj:
        return await self._forms.close(user, everything=bool(document.get("everything")))

    async def _home_act(self, user: UserId, document: Obj) -> Obj:
        action, block = element_of(document)
        return await self._presses.use_in_home(user, action, block_id=block, value=document.get("value"))

    async def _open_home(self, user: UserId, document: Obj) -> Obj:
        self._presses.open_home(user, tab=str(document.get("tab") or "home"))
        return {}

    async def _open_im(self, user: UserId, document: Obj) -> Obj:
        other = self._hands.person(str(document.get("with") or self._workspace.bot))
        return {"channel": rooms.open_direct(self._workspace, [user, other])[0].id}


def _typed(document: Obj) -> str:
    return str(document.get("typed") or "")
