"""A stub of the sandbox's control API: shows the scene, keeps what the page posts, answers forms as a bot would."""

import asyncio
from pathlib import Path

from aiohttp import web

import bot.sandbox
from tests.sandbox.page import blocks, scene
from tests.sandbox.page.scene import Json

PAGE = Path(bot.sandbox.__file__).with_name("page")
TOO_VAGUE = "Say what fails, in at least three words."


class Stub:
    """`posted` holds every (path, body) in order; `tell` makes pages look again."""

    def __init__(self) -> None:
        self.posted: list[tuple[str, Json]] = []
        self.channels = scene.channels()
        self.messages = scene.messages()
        self.views: dict[str, Json] = {}
        self.errors: dict[str, str] = {}
        self.rules: list[Json] = []
        self.answer: Json = {}
        self.version = 1
        self._news = asyncio.Event()
        self._posted = asyncio.Condition()

    def tell(self) -> None:
        """The workspace changed."""
        self.version += 1
        self._news.set()
        self._news = asyncio.Event()

    def bodies(self, path: str) -> list[Json]:
        return [body for at, body in self.posted if at == path]

    async def body_of(self, path: str) -> Json:
        """Wait for the page to post there; return the newest body."""
        async with asyncio.timeout(25), self._posted:
            await self._posted.wait_for(lambda: bool(self.bodies(path)))
        return self.bodies(path)[-1]

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/", self._index),
                web.static("/static", PAGE / "static"),
                web.get("/files/{id}/{name}", self._file),
                web.get("/sandbox/changes", self._changes),
                web.get("/sandbox/channels/{id}/messages", self._messages),
                web.get("/sandbox/{what:.+}", self._get),
                web.post("/sandbox/{what:.+}", self._post),
                web.delete("/sandbox/faults", self._no_faults),
            ]
        )
        return app

    async def _index(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _file(self, _request: web.Request) -> web.Response:
        return web.Response(text=scene.TIMELINE_FILE)

    async def _changes(self, request: web.Request) -> web.Response:
        if int(request.query["since"]) >= self.version:
            try:
                async with asyncio.timeout(20):
                    await self._news.wait()
            except TimeoutError:
                pass
        return web.json_response({"version": self.version})

    async def _messages(self, request: web.Request) -> web.Response:
        found = self.messages.get(request.match_info["id"], [])
        mine = [one for one in found if one.get("ephemeral_for") in {None, request.query["as"]}]
        return web.json_response({"messages": mine})

    async def _get(self, request: web.Request) -> web.Response:
        who = request.query.get("as", "U0ANA")
        match request.match_info["what"]:
            case "people":
                return web.json_response({"people": scene.PEOPLE, "team": scene.TEAM})
            case "view":
                me = next(person for person in scene.PEOPLE if person["id"] == who)
                seen = [
                    {**one, "member": who in one["members"]}
                    for one in self.channels
                    if who in one["members"] or not one["is_im"]
                ]
                return web.json_response(
                    {
                        "me": me,
                        "channels": seen,
                        "commands": scene.COMMANDS,
                        "shortcuts": scene.SHORTCUTS,
                        "version": self.version,
                    }
                )
            case "modal":
                return web.json_response({"view": self.views.get(who), "errors": self.errors})
            case "home":
                return web.json_response({"view": blocks.home()})
            case "journal":
                since = int(request.query["since"])
                return web.json_response({"entries": [one for one in scene.journal() if one["n"] > since]})
            case "faults":
                return web.json_response({"rules": self.rules})
            case _:
                raise web.HTTPNotFound

    async def _post(self, request: web.Request) -> web.Response:
        what, body = request.match_info["what"], await request.json()
        answer = self._do(what, body)
        async with self._posted:
            self.posted.append((what, body))
            self._posted.notify_all()
        self.tell()
        return web.json_response({"ok": True, **answer, **self.answer})

    def _do(self, what: str, body: Json) -> Json:
        match what:
            case "say" if not body["text"].startswith("/"):
                ts = f"17952{30000 + len(self.posted)}.000000"
                self.messages.setdefault(body["channel"], []).append(scene.said(ts, body["as"], body["text"]))
            case "click" if body["action_id"] == "declare":
                self.views[body["as"]], self.errors = blocks.declaration(), {}
            case "modal/submit":
                title = body["values"].get("title", {"text": "no such field here"})
                vague = len(str(title["text"]).split()) < 3
                self.errors = {"title": TOO_VAGUE} if vague else {}
                if not vague:
                    self.views.pop(body["as"])
                return {"errors": self.errors}
            case "modal/close":
                self.views.pop(body["as"], None)
            case "read":
                self._channel(body["channel"])["unread"] = 0
            case "join":
                self._channel(body["channel"])["members"].append(body["as"])
            case "faults":
                self.rules += body["rules"]
            case "pin" | "unpin":
                pins = self._channel(body["channel"])["pins"]
                (pins.append if what == "pin" else pins.remove)(body["ts"])
            case "upload":
                return {"file": {"id": f"F{len(self.posted)}", "name": body["name"], "size": len(body["content"])}}
            case "suggest" | "modal/suggest" | "home/suggest":
                return {"options": [one for one in scene.SERVICES if body["typed"] in one["value"]]}
            case _:
                pass
        return {}

    def _channel(self, id_: str) -> Json:
        return next(one for one in self.channels if one["id"] == id_)

    async def _no_faults(self, _request: web.Request) -> web.Response:
        self.rules = []
        return web.json_response({"ok": True})
