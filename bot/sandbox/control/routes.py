"""The control API's addresses: `/sandbox/...`. GETs only read; what people do is POSTed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.control.forms_hands import FormHands
from bot.sandbox.control.hands import Hands
from bot.sandbox.control.reads import Reads
from bot.sandbox.delivery.channel_sockets import SocketChannel
from bot.sandbox.delivery.link import Goodbye
from bot.sandbox.delivery.outcome import within
from bot.sandbox.errors import NotPossible, SlackError
from bot.sandbox.faults import Faults, rule_of
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.speech import spoken
from bot.sandbox.state import marks, rooms, talk
from bot.sandbox.state.ids import Obj, Ts, UserId
from bot.sandbox.state.records import Channel, Message
from bot.sandbox.state.talk import Change
from bot.sandbox.state.workspace import Workspace

LONG_POLL: Final = timedelta(seconds=20)
Act = Callable[[UserId, Obj], Awaitable[Obj]]


class Changes:
    """Lets pages wait until the workspace changes."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace = workspace
        self._clock = clock
        self._changed = asyncio.Event()
        workspace.on_change.append(self._notice)

    def _notice(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def after(self, version: int, wait: timedelta = LONG_POLL) -> int:
        """Return the version once it is beyond the given one, or after `wait` (at most 20 seconds)."""
        if self._workspace.version <= version:
            await within(self._clock, min(wait, LONG_POLL), self._changed.wait())
        return self._workspace.version


class Control:
    """Answers `/sandbox/...`."""

    def __init__(  # the parts of the server, wired once
        self,
        workspace: Workspace,
        *,
        clock: Clock,
        hands: Hands,
        form_hands: FormHands,
        journal: Journal,
        faults: Faults,
        limits: Limits,
        sockets: SocketChannel,
    ) -> None:
        self._workspace = workspace
        self._hands = hands
        self._forms = form_hands
        self._reads = Reads(workspace, hands)
        self._journal = journal
        self._faults = faults
        self._limits = limits
        self._sockets = sockets
        self._clock = clock
        self._changes = Changes(workspace, clock)

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses."""
        gets = {
            "people": self._get_people,
            "view": self._get_view,
            "channels/{id}/messages": self._get_messages,
            "modal": self._get_modal,
            "home": self._get_home,
            "changes": self._get_changes,
            "journal": self._get_journal,
            "posts": self._get_posts,
            "faults": self._get_faults,
        }
        acts: dict[str, Act] = {
            "say": self._say,
            "click": self._click,
            "modal/act": self._modal_act,
            "modal/submit": self._modal_submit,
            "modal/close": self._modal_close,
            "home/act": self._home_act,
            "shortcut": self._shortcut,
            "react": self._react,
            "unreact": self._unreact,
            "join": self._join,
            "leave": self._leave,
            "edit": self._edit,
            "delete": self._delete,
            "open_home": self._open_home,
            "open_im": self._open_im,
            "archive": self._archive,
            "read": self._read,
        }
        return [
            *(web.get(f"/sandbox/{path}", handler) for path, handler in gets.items()),
            *(web.post(f"/sandbox/{path}", self._doing(act)) for path, act in acts.items()),
            web.post("/sandbox/faults", self._post_faults),
            web.delete("/sandbox/faults", self._delete_faults),
            web.post("/sandbox/limits", self._post_limits),
            web.post("/sandbox/sockets", self._post_sockets),
        ]

    def _doing(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                document: Obj = dict(await request.json())
                body = await act(self._hands.person(str(document.get("as") or "U0ANA")), document)
            except (NotPossible, TypeError, ValueError) as error:
                return web.json_response({"ok": False, "error": str(error)}, status=400)
            except SlackError as error:
                return web.json_response({"ok": False, "error": error.code, **error.detail}, status=400)
            return web.json_response({"ok": True, **body})

        return answer

    def _who(self, request: web.Request) -> UserId:
        try:
            return self._hands.person(request.query.get("as", "U0ANA"))
        except NotPossible as error:
            raise web.HTTPNotFound(text=str(error)) from error

    # What can be read.

    async def _get_people(self, _request: web.Request) -> web.Response:
        return web.json_response(self._reads.people())

    async def _get_view(self, request: web.Request) -> web.Response:
        return web.json_response(self._reads.view(self._who(request)))

    async def _get_messages(self, request: web.Request) -> web.Response:
        user = self._who(request)
        try:
            channel = self._hands.room(request.match_info["id"], user)
        except NotPossible as error:
            raise web.HTTPNotFound(text=str(error)) from error
        return web.json_response(self._reads.messages(channel, user))

    async def _get_modal(self, request: web.Request) -> web.Response:
        return web.json_response(self._reads.modal(self._who(request)))

    async def _get_home(self, request: web.Request) -> web.Response:
        return web.json_response(self._reads.home(self._who(request)))

    async def _get_changes(self, request: web.Request) -> web.Response:
        wait = timedelta(seconds=float(request.query.get("wait", LONG_POLL.total_seconds())))
        return web.json_response({"version": await self._changes.after(_number(request, "since"), wait)})

    async def _get_journal(self, request: web.Request) -> web.Response:
        entries = self._journal.since(_number(request, "since"))
        return web.json_response({"entries": [entry.shape() for entry in entries]})

    async def _get_posts(self, request: web.Request) -> web.Response:
        return web.json_response({"count": self._workspace.posts_by_marker[request.query.get("marker", "")]})

    async def _get_faults(self, _request: web.Request) -> web.Response:
        return web.json_response({"rules": [rule.shape() for rule in self._faults.rules]})

    # What tests set.

    async def _post_faults(self, request: web.Request) -> web.Response:
        try:
            document = await request.json()
            rules = [rule_of(rule, self._clock.now()) for rule in document["rules"]]
        except (NotPossible, ValueError, KeyError, TypeError, AttributeError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        self._faults.add(*rules, seed=document.get("seed"))
        return web.json_response({"ok": True, "rules": [rule.shape() for rule in self._faults.rules]})

    async def _delete_faults(self, _request: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response({"ok": True})

    async def _post_limits(self, request: web.Request) -> web.Response:
        self._limits.enabled = bool((await request.json()).get("enabled"))
        return web.json_response({"ok": True, "enabled": self._limits.enabled})

    async def _post_sockets(self, request: web.Request) -> web.Response:
        await self._sockets.disconnect(Goodbye((await request.json()).get("reason", Goodbye.REFRESH)))
        return web.json_response({"ok": True, "open": self._sockets.count})

    # What people do.

    def _room(self, user: UserId, document: Obj) -> Channel:
        return self._hands.room(str(document.get("channel") or ""), user)

    def _message(self, user: UserId, document: Obj) -> tuple[Channel, Message]:
        channel = self._room(user, document)
        return channel, self._workspace.message(channel, str(document.get("ts")))

    async def _say(self, user: UserId, document: Obj) -> Obj:
        channel, text = self._room(user, document), str(document.get("text") or "")
        thread_ts = str(document.get("thread_ts") or "")
        return await self._hands.say(user, channel, text, thread_ts=thread_ts, files=document.get("files") or [])

    async def _click(self, user: UserId, document: Obj) -> Obj:
        channel, ts = self._room(user, document), str(document.get("ts"))
        action, block = _element(document)
        value = document.get("value")
        return await self._hands.click(user, channel, ts, action, block_id=block, value=value)

    async def _modal_act(self, user: UserId, document: Obj) -> Obj:
        action, block = _element(document)
        value, values = document.get("value"), document.get("values")
        return await self._forms.act(user, action, block_id=block, value=value, values=values)

    async def _modal_submit(self, user: UserId, document: Obj) -> Obj:
        return await self._forms.submit(user, document.get("values") or {})

    async def _modal_close(self, user: UserId, _document: Obj) -> Obj:
        return await self._forms.close(user)

    async def _home_act(self, user: UserId, document: Obj) -> Obj:
        action, block = _element(document)
        return await self._hands.use_in_home(user, action, block_id=block, value=document.get("value"))

    async def _shortcut(self, user: UserId, document: Obj) -> Obj:
        return await self._hands.shortcut(user, str(document.get("callback_id")))

    async def _react(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._message(user, document)
        marks.react(self._workspace, channel, message, str(document.get("name")), by=user)
        return {}

    async def _unreact(self, user: UserId, document: Obj) -> Obj:
        channel, message = self._message(user, document)
        marks.unreact(self._workspace, channel, message, str(document.get("name")), by=user)
        return {}

    async def _join(self, user: UserId, document: Obj) -> Obj:
        rooms.enter(self._workspace, self._room(user, document), user)
        return {}

    async def _leave(self, user: UserId, document: Obj) -> Obj:
        channel = self._room(user, document)
        rooms.require_member(channel, user)
        rooms.depart(self._workspace, channel, user)
        return {}

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

    async def _open_home(self, user: UserId, _document: Obj) -> Obj:
        self._hands.open_home(user)
        return {}

    async def _open_im(self, user: UserId, document: Obj) -> Obj:
        other = self._hands.person(str(document.get("with") or self._workspace.bot))
        return {"channel": rooms.open_direct(self._workspace, [user, other])[0].id}

    async def _archive(self, user: UserId, document: Obj) -> Obj:
        rooms.set_archived(self._workspace, self._room(user, document), archived=True, by=user)
        return {}

    async def _read(self, user: UserId, document: Obj) -> Obj:
        channel = self._room(user, document)
        newest = next(reversed(channel.messages), Ts("0"))
        if channel.last_read.get(user) != newest:
            channel.last_read[user] = newest
            self._workspace.changed()
        return {}


def _element(document: Obj) -> tuple[str, str]:
    return str(document.get("action_id")), str(document.get("block_id") or "")


def _number(request: web.Request, name: str) -> int:
    text = request.query.get(name, "0")
    return int(text) if text.lstrip("-").isdigit() else 0
