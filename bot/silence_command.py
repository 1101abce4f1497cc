"""`muster alerts silence|silences|unsilence`: what nobody wants to hear of for a while; a bot may run beside it."""

import asyncio
import os
from typing import Annotated

import typer

from bot.complaints import complaints
from bot.domain.matchers import matchers_of, text_of
from bot.domain.muting import Silence
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.domain.spans import span_of
from bot.terminal import printable, who

silences = typer.Typer()

ByOption = Annotated[str, typer.Option("--by", help="Who says so; you, unless another is named.")]


@silences.command()
def silence(
    matchers: Annotated[
        str, typer.Argument(metavar="MATCHERS", help='Such as \'service="search", severity=~"warning|info"\'.')
    ],
    lasts: Annotated[str, typer.Option("--for", help="How long: 30m, 4h, 2d.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    by: ByOption = "",
) -> None:
    """Keep alerts quiet for a while; the bot that runs follows at once."""
    span = span_of(lasts)
    if span is None:
        raise typer.BadParameter(f"{lasts!r} is no span of time; write 30m, 4h or 2d", param_hint="--for")
    try:
        meant = matchers_of(matchers)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="MATCHERS") from None
    with complaints("Nothing was silenced."):
        from bot import settings
        from bot.clock import SystemChance, SystemClock
        from bot.engine.silences import changed

        told = SilenceAlerts(matchers=meant, lasts=span, by=who(by), reason=reason, origin="command line")
        made = asyncio.run(changed(settings.database_url(os.environ), told, SystemClock(), SystemChance()))
    if made:
        typer.echo(f"{made.label} keeps quiet until {made.ends_at:%Y-%m-%d %H:%M} UTC: {text_of(made.matchers)}")


@silences.command(name="silences")
def list_all() -> None:
    """List what is silenced: id, until when, by whom, what, and why."""
    with complaints():
        from bot import settings
        from bot.clock import SystemClock
        from bot.engine.silences import listed

        found = asyncio.run(listed(settings.database_url(os.environ), SystemClock()))
    for one in found:
        what = printable(f"{one.by:<12} {text_of(one.matchers)}  {one.reason}")
        typer.echo(f"{one.label:>6}  {one.ends_at:%Y-%m-%d %H:%M}  {what}")
    if not found:
        typer.echo("Nothing is silenced.")


@silences.command()
def unsilence(
    name: Annotated[str, typer.Argument(metavar="ID", help="Its id, as `silences` shows it.")], by: ByOption = ""
) -> None:
    """End a silence before its time."""
    number = Silence.number_in(name)
    if number is None:
        raise typer.BadParameter(f"{name!r} is no silence; write such as S-7", param_hint="ID")
    with complaints("Nothing was ended."):
        from bot import settings
        from bot.clock import SystemChance, SystemClock
        from bot.engine.silences import changed

        told = EndSilence(silence=number, by=who(by))
        asyncio.run(changed(settings.database_url(os.environ), told, SystemClock(), SystemChance()))
    typer.echo(f"S-{number} is over.")
