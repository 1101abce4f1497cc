"""The least that could answer, as programs of their own: what the stack costs before Muster does anything.

`python -m bench.bare route PORT`: one Starlette route behind Muster's own server settings; reads the body, answers 202.
`python -m bench.bare bolt PORT API`: a Bolt app over HTTP that acknowledges `/incident` and does nothing else.
`python -m bench.bare socket API`: the same over Socket Mode.
"""

import asyncio
import sys

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.inbound.server import server
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

HOST = "127.0.0.1"


async def route(port: int) -> None:
    """Serve one route."""

    async def answer(request: Request) -> Response:
        return JSONResponse({"accepted": len(await request.body())}, 202)

    await server(Starlette(routes=[Route("/", answer, methods=["POST"])]), host=HOST, port=port).serve()


def bolt_app(api: str) -> AsyncApp:
    """Return a Bolt app with one command."""
    app = AsyncApp(client=AsyncWebClient(token=BOT_TOKEN, base_url=api), signing_secret=SIGNING_SECRET)

    async def command(ack: AsyncAck) -> None:
        await ack("ok")

    app.command("/incident")(command)
    return app


async def bolt(port: int, api: str) -> None:
    """Serve the Bolt app over HTTP."""
    runner = web.AppRunner(bolt_app(api).server(port=port, path="/slack/events").web_app)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    await asyncio.Event().wait()


async def socket(api: str) -> None:
    """Connect the Bolt app over Socket Mode."""
    handler = AsyncSocketModeHandler(bolt_app(api), APP_TOKEN, web_client=AsyncWebClient(base_url=api))
    await handler.start_async()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["route", where]:
            asyncio.run(route(int(where)))
        case ["bolt", where, base]:
            asyncio.run(bolt(int(where), base))
        case ["socket", base]:
            asyncio.run(socket(base))
        case _:
            sys.exit(__doc__)
