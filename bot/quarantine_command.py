"""`muster alerts quarantine list|show|retry`: what was delivered and could not be read; a bot may run beside it."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.complaints import complain, complaints
from bot.domain.ids import SourceName
from bot.terminal import printable

if TYPE_CHECKING:
    from bot.store.inbox import Aside

alerts = typer.Typer(
    name="alerts", help="What fires, what is silenced, and what could not be read.", no_args_is_help=True
)
quarantine = typer.Typer(
    name="quarantine", help="What was delivered and could not be read: list, show, retry.", no_args_is_help=True
)
alerts.add_typer(quarantine)

SourceOption = Annotated[str | None, typer.Option("--source", help="Only what this source delivered.")]
_REASON = 100


@quarantine.command(name="list")
def list_all(source: SourceOption = None) -> None:
    """List what is in quarantine, the oldest first: id, source, when it came, bytes, and why it cannot be read."""
    with complaints():
        from bot import settings
        from bot.engine.quarantine import listed

        found = asyncio.run(listed(settings.database_url(os.environ), _source(source)))
    for one in found:
        when = f"{one.received_at:%Y-%m-%d %H:%M:%S}"
        typer.echo(f"{one.id:>6}  {_of(one):<24} {when}  {one.size:>9,}  {one.fault[:_REASON]}")
    if not found:
        typer.echo("Nothing is in quarantine.")


@quarantine.command()
def show(delivery: Annotated[int, typer.Argument(metavar="ID", help="Its id, as `list` shows it.")]) -> None:
    """Show one with its raw body; what is not printable, or no UTF-8, is escaped."""
    with complaints():
        from bot import settings
        from bot.engine.quarantine import shown

        about, body = asyncio.run(shown(settings.database_url(os.environ), delivery))
    typer.echo(f"{about.id} from {_of(about)} at {about.received_at:%Y-%m-%d %H:%M:%S} UTC, {about.size:,} bytes")
    typer.echo(f"{about.fault}\n")
    typer.echo(readable(body))


@quarantine.command()
def retry(
    deliveries: Annotated[list[int] | None, typer.Argument(metavar="ID...", help="As `list` shows them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All that is in quarantine.")] = False,
    source: SourceOption = None,
    config: Annotated[
        Path, typer.Option("--config", "-c", envvar="MUSTER_CONFIG", help="The configuration file.")
    ] = Path("muster.yaml"),
) -> None:
    """Read deliveries again, after the sender's mapping or Muster itself was mended.

    What can be read now is handed to the bot, the running or the next; what cannot stays, and the exit code is 1.
    """
    if bool(deliveries) == every:
        raise typer.BadParameter("Name deliveries by their ids, or say --all.", param_hint="ID...")
    with complaints("Nothing was read again."):
        from bot import settings
        from bot.clock import SystemClock
        from bot.engine.quarantine import listed
        from bot.engine.quarantine import retry as read_again
        from bot.inbound.alerts import configured
        from bot.inbound.http import guarded
        from bot.inbound.remembering import reader_of

        url, where = settings.database_url(os.environ), _source(source)
        known = settings.load_file(config).sources
        sources = configured(settings.mappings_of(known), settings.mail_rules_of(known))
        wanted = [one.id for one in asyncio.run(listed(url, where))] if every else deliveries or []
        done = asyncio.run(
            read_again(url, wanted, reader_of({name: guarded(one) for name, one in sources.items()}), SystemClock())
        )
    for one in done:
        if one.alerts or not one.fault:
            typer.echo(f"{one.delivery}: {one.alerts} alerts are read again")
        if one.fault:
            complain(f"{one.delivery}: still in quarantine: {one.fault}")
    if not done:
        typer.echo("Nothing is in quarantine.")
    if any(one.fault for one in done):
        raise typer.Exit(1)


def readable(body: bytes) -> str:
    """Return a body as text, with its lines, whatever bytes it has."""
    return printable(body.decode("utf-8", errors="backslashreplace"), keep="\n\t")


def _of(one: "Aside") -> str:
    return one.source if one.integration == "default" else f"{one.source}/{one.integration}"


def _source(name: str | None) -> SourceName | None:
    """Return the source that is meant; one that there is not is a mistake, not an empty list."""
    from bot.inbound.alerts import SOURCES

    if name is not None and name not in SOURCES:
        raise typer.BadParameter(f"there is no source {name!r} ({', '.join(SOURCES)})", param_hint="--source")
    return None if name is None else SourceName(name)
