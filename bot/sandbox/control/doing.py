"""How the control API does something: reads JSON, finds who acts, answers refusals as JSON."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.sandbox.control.hands import Hands
from bot.sandbox.errors import NotPossible, SlackError
from bot.sandbox.state.ids import Obj, UserId

# What somebody does: their id and the request in, the answer's fields out.
Act = Callable[[UserId, Obj], Awaitable[Obj]]
# What a test sets: the request in, the answer's fields out.
Switch = Callable[[Obj], Awaitable[Obj]]
# Who acts when the request does not say so: the workspace's first person.
DEFAULT_PERSON = ""


async def answer(request: web.Request, work: Switch) -> web.Response:
    """Do the work that a request asks for; refusals are answered with 400 and a reason."""
    try:
        body = await work(dict(await request.json()) if request.can_read_body else {})
    except (NotPossible, TypeError, ValueError, KeyError, AttributeError) as error:
        return web.json_response({"ok": False, "error": str(error)}, status=400)
    except SlackError as error:
        return web.json_response({"ok": False, "error": error.code, **error.detail}, status=400)
    return web.json_response({"ok": True, **body})


def posts(prefix: str, acts: Mapping[str, Act], hands: Hands) -> list[web.RouteDef]:
    """Return the addresses of what people do; `as` in the request says who."""

    def handler(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def work(document: Obj) -> Obj:
            return await act(hands.actor(str(document.get("as") or DEFAULT_PERSON)), document)

        async def handle(request: web.Request) -> web.Response:
            return await answer(request, work)

        return handle

    return [web.post(f"{prefix}{path}", handler(act)) for path, act in acts.items()]


def switches(prefix: str, works: Mapping[str, Switch]) -> list[web.RouteDef]:
    """Return the addresses of what tests set."""

    def handler(work: Switch) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            return await answer(request, work)

        return handle

    return [web.post(f"{prefix}{path}", handler(work)) for path, work in works.items()]


def element_of(document: Obj) -> tuple[str, str]:
    """Return the action_id and the block_id ("" for any) that a request names."""
    return str(document.get("action_id")), str(document.get("block_id") or "")
