"""The sandbox as a program: `muster sandbox`, or `python -m bot.sandbox` where nothing else of Muster is wanted.

Exit codes: 0 it was ended (Ctrl-C, SIGTERM), 1 it could not listen or write, 2 an option or the file is wrong.
"""

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.clock import Chance
    from bot.sandbox.delays import Delay
    from bot.sandbox.server import Sandbox
    from bot.sandbox.setup.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What was asked for on the command line."""

    host: str
    port: int
    events_url: str | None
    workspace: Path | None
    journal: Path | None
    signing_secret: str | None
    limits: bool
    delay: timedelta | None
    delay_p99: timedelta | None
    seed: int | None


def sandbox(  # noqa: PLR0913 - one argument an option
    *,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8065,
    events_url: Annotated[
        str | None,
        typer.Option(help="Where the app takes events, commands and clicks over HTTP. Without it: Socket Mode."),
    ] = None,
    workspace: Annotated[
        Path | None, typer.Option(help="A YAML file that says who is there (docs/sandbox.md). Without it: Northwind.")
    ] = None,
    journal: Annotated[
        Path | None, typer.Option(help="Append every call and delivery to this file, a JSON line each.")
    ] = None,
    signing_secret: Annotated[str | None, typer.Option(help="What requests to the app are signed with.")] = None,
    limits: Annotated[bool, typer.Option("--limits/--no-limits", help="Whether Slack's rate limits are kept.")] = True,
    delay_ms: Annotated[float, typer.Option(min=0, help="Added to every Web API call, in milliseconds.")] = 0,
    delay_p99_ms: Annotated[
        float | None,
        typer.Option(
            min=0, help="Makes --delay-ms the median: one call in a hundred takes longer than this (lognormal)."
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Makes ids and faults repeat themselves.")] = None,
) -> None:
    """Run a Slack workspace on this computer, for any Slack app.

    Prints what to put into the app's environment. Ctrl-C ends it.
    """
    if delay_p99_ms is not None and delay_p99_ms < delay_ms:
        raise typer.BadParameter("is below --delay-ms", param_hint="--delay-p99-ms")
    wishes = Wishes(
        host=host,
        port=port,
        events_url=events_url,
        workspace=workspace,
        journal=journal,
        signing_secret=signing_secret,
        limits=limits,
        delay=timedelta(milliseconds=delay_ms) if delay_ms else None,
        delay_p99=timedelta(milliseconds=delay_p99_ms) if delay_p99_ms else None,
        seed=seed,
    )
    plans = _plans(wishes)
    try:
        asyncio.run(_serve(wishes, plans))
    except OSError as error:
        typer.echo(f"The sandbox cannot run: {error}", err=True)
        raise typer.Exit(1) from None


def _plans(wishes: Wishes) -> "list[Plan]":
    """Read the workspace file; say all that is wrong with it, and end."""
    from bot.sandbox.setup.build import northwind_plan, with_secret  # noqa: PLC0415 - `--help` stays quick
    from bot.sandbox.setup.nodes import FileError  # noqa: PLC0415
    from bot.sandbox.setup.read import read_plans  # noqa: PLC0415

    if wishes.workspace is None:
        plans = [northwind_plan()]
    else:
        try:
            plans = read_plans(wishes.workspace.read_text(encoding="utf-8"), wishes.workspace.name)
        except FileError as error:
            for fault in error.faults:
                typer.echo(fault, err=True)
            typer.echo("Nothing was started.", err=True)
            raise typer.Exit(2) from None
        except (OSError, UnicodeDecodeError) as error:
            typer.echo(f"The workspace file cannot be read: {error}", err=True)
            raise typer.Exit(2) from None
    return with_secret(plans, wishes.signing_secret) if wishes.signing_secret else plans


def _delay(wishes: Wishes, chance: "Chance") -> "Delay | None":
    from bot.sandbox.delays import Lognormal  # noqa: PLC0415 - `--help` stays quick

    if wishes.delay is None or wishes.delay_p99 is None:
        return wishes.delay
    return Lognormal(chance, median=wishes.delay, p99=wishes.delay_p99)


async def _serve(wishes: Wishes, plans: "Sequence[Plan]") -> None:
    """Run until somebody ends it."""
    from bot.clock import SeededChance, SystemChance, SystemClock  # noqa: PLC0415 - `--help` stays quick
    from bot.sandbox.server import Sandbox  # noqa: PLC0415

    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    chance = SystemChance() if wishes.seed is None else SeededChance(wishes.seed)
    running = Sandbox(
        SystemClock(),
        chance,
        wishes.events_url,
        limits=wishes.limits,
        delay=_delay(wishes, chance),
        plans=plans,
        journal_file=wishes.journal,
    )
    try:
        await running.start(wishes.host, wishes.port)
        typer.echo(_words(running, wishes))
        await stop.wait()
    finally:
        await running.stop()


def _words(running: "Sandbox", wishes: Wishes) -> str:
    """Return what to know: where it is, and what to put into the app's environment."""
    way = f"signed requests to {wishes.events_url}" if wishes.events_url else "Socket Mode"
    lines = [
        f"Slack sandbox on {running.url}/ (events, commands and clicks: {way}). Ctrl-C ends it.",
        "",
        "For the app's environment:",
        *_tokens(running),
        f"SLACK_SIGNING_SECRET={running.workspace.app.signing_secret}",
        f"SLACK_API_URL={running.url}/api/",
        "",
        "Slack's clients take the last one as base_url (Python) or slackApiUrl (Node).",
    ]
    return "\n".join(lines)


def _tokens(running: "Sandbox") -> list[str]:
    """Return a line for each token that the app itself uses; where there are several, each says where it is good."""
    from bot.sandbox.state.accounts import TokenKind  # noqa: PLC0415 - `--help` stays quick

    lines: dict[str, str] = {}
    for workspace in running.workspaces:
        team = workspace.team
        for token in workspace.tokens.values():
            if token.kind is TokenKind.APP:
                lines[token.value] = f"SLACK_APP_TOKEN={token.value}"
            elif token.kind is TokenKind.BOT and not token.expired:
                where = f"all of {team.enterprise_name}" if token.org else f"{team.name}, {team.id}"
                note = f"  # {where}" if len(running.workspaces) > 1 else ""
                lines[token.value] = f"SLACK_BOT_TOKEN={token.value}{note}"
    return list(lines.values())
