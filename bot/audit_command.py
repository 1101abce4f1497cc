"""`muster audit list`: who did what, where, and what they were refused; a bot may run beside it."""

import asyncio
import os
from typing import Annotated

import typer

from bot.complaints import complaints
from bot.terminal import printable
from bot.timeline_command import incident_named

audit = typer.Typer(name="audit", help="What people did, and what they were refused: list.", no_args_is_help=True)


@audit.callback()
def _group() -> None:
    """Let `list` be a command of its own."""


@audit.command(name="list")
def list_acts(
    actor: Annotated[str, typer.Option("--actor", help="Only what this person did (a Slack user id).")] = "",
    incident: Annotated[str, typer.Option("--incident", help="Only about this incident: 42 or INC-42.")] = "",
    last: Annotated[int, typer.Option("--last", min=1, max=10_000, help="How many, the newest.")] = 50,
) -> None:
    """List acts, the newest last: when (UTC), who, where, which act, about what, and what became of it."""
    number = incident_named(incident) if incident else None
    with complaints():
        from bot import settings
        from bot.domain.ids import UserId
        from bot.engine.acting import listed

        url = settings.database_url(os.environ)
        found = asyncio.run(listed(url, last, actor=UserId(actor) if actor else None, incident=number))
    for one in found:
        about = f"INC-{one.incident}" if one.incident else "-"
        what = f"{one.actor:<12} {one.surface:<12} {one.act:<9} {one.what:<18} {about:<8} {one.result} {one.reason}"
        typer.echo(f"{one.at:%Y-%m-%d %H:%M:%S}  {printable(what).rstrip()}")
