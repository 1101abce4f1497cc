"""`muster actions list`: what is still to do for all incidents, over or not; a bot may run beside it."""

import asyncio
import json
import os
from typing import Annotated

import typer

from bot.complaints import complaints
from bot.terminal import printable

actions = typer.Typer(name="actions", help="Action items of incidents: list.", no_args_is_help=True)


@actions.callback()
def main() -> None:
    """Keep `list` a command of its own, though it is the only one."""


@actions.command(name="list")
def list_open(
    owner: Annotated[str, typer.Option("--owner", help="Only theirs: a Slack id, U0ANA.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """List what is still to do, what is due first before the rest.

    Exit codes: 0 also when nothing is, 1 the database does not answer.
    """
    with complaints():
        from bot import settings
        from bot.domain.ids import UserId
        from bot.engine.to_do import listed

        left, names = asyncio.run(listed(settings.database_url(os.environ), UserId(owner) if owner else None))
    if as_json:
        shown = [
            {
                "incident": incident.label,
                "number": one.n,
                "text": one.text,
                "owner": one.owner,
                "due": one.due.isoformat() if one.due else None,
            }
            for incident, one in left
        ]
        typer.echo(json.dumps({"actions": shown}, indent=2))
        return
    for incident, one in left:
        whose = names.get(one.owner, one.owner) if one.owner else "nobody"
        due = f"{one.due:%Y-%m-%d}" if one.due else "no day    "
        typer.echo(printable(f"{due}  {incident.label} {one.n}  {whose}  {one.text}"))
    if not left:
        typer.echo("Nothing is left to do.")
