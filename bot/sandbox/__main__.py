"""`python -m bot.sandbox`: a Slack workspace on this computer, until Ctrl-C."""

import argparse
import asyncio
import sys
from datetime import timedelta

from bot.clock import Chance, SeededChance, SystemChance, SystemClock
from bot.sandbox.server import DEFAULT_HOST, DEFAULT_PORT, Sandbox
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--host", default=DEFAULT_HOST)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--events-url", help="where the app takes events, commands and clicks; without it: Socket Mode")
    parser.add_argument("--limits", action=argparse.BooleanOptionalAction, default=True, help="Slack's rate limits")
    parser.add_argument("--delay-ms", type=float, default=0, help="added to every Web API call")
    parser.add_argument("--seed", type=int, help="makes ids and faults repeat themselves")
    return parser.parse_args()


async def serve(arguments: argparse.Namespace) -> None:
    """Run the sandbox until it is cancelled."""
    chance: Chance = SystemChance() if arguments.seed is None else SeededChance(arguments.seed)
    delay = timedelta(milliseconds=arguments.delay_ms) if arguments.delay_ms else None
    sandbox = Sandbox(SystemClock(), chance, arguments.events_url, limits=arguments.limits, delay=delay)
    await sandbox.start(arguments.host, arguments.port)
    sys.stdout.write(
        f"Slack sandbox on {sandbox.url}/\n"
        f"  Web API base  {sandbox.url}/api/\n"
        f"  bot token     {BOT_TOKEN}\n"
        f"  app token     {APP_TOKEN}\n"
        f"  signing key   {SIGNING_SECRET}\n"
    )
    sys.stdout.flush()
    try:
        await asyncio.Event().wait()
    finally:
        await sandbox.stop()


if __name__ == "__main__":
    try:
        asyncio.run(serve(_arguments()))
    except KeyboardInterrupt:
        sys.exit(0)
