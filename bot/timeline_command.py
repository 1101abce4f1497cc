"""`muster timeline show|verify`: what an incident's record tells, and whether it is whole; a bot may run beside it."""

import asyncio
import os
import re
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated

import typer

from bot.complaints import complain, complaints
from bot.terminal import printable

if TYPE_CHECKING:
    from bot.domain.ids import IncidentId
    from bot.engine.verifying import Verified

timeline = typer.Typer(name="timeline", help="The record of incidents: show, verify.", no_args_is_help=True)
IncidentArgument = Annotated[str, typer.Argument(metavar="INCIDENT", help="Its number: 42 or INC-42.")]
PrivateOption = Annotated[bool, typer.Option("--private", help="Show what is private too.")]
_INCIDENT = re.compile(r"(?:inc-?|#)?(?P<number>[0-9]{1,9})", re.IGNORECASE)


def incident_named(typed: str) -> "IncidentId":
    """Return the incident that a number names."""
    from bot.domain.ids import IncidentId

    found = _INCIDENT.fullmatch(typed.strip())
    if not found:
        raise typer.BadParameter(f"{typed!r} is no incident's number; write 42 or INC-42.", param_hint="INCIDENT")
    return IncidentId(int(found["number"]))


@timeline.command()
def show(incident: IncidentArgument, private: PrivateOption = False) -> None:
    """Show what happened, in the order in which it happened: when (UTC), the row's number, and what."""
    number = incident_named(incident)
    with complaints():
        from bot import settings
        from bot.domain.entries import moment_of
        from bot.engine.verifying import told
        from bot.views.timeline import describe

        rows, names = asyncio.run(told(settings.database_url(os.environ), number, private=private))
    for row in sorted(rows, key=lambda row: (moment_of(row.event), row.seq)):
        when = f"{moment_of(row.event):%Y-%m-%d %H:%M:%S}"
        typer.echo(f"{when}  {row.seq:>4}  {printable(describe(row.event, names))}")


@timeline.command()
def verify(
    incident: Annotated[
        str, typer.Argument(metavar="[INCIDENT]", help="Its number: 42 or INC-42; without one all are verified.")
    ] = "",
) -> None:
    """Verify that nothing was changed, taken out or cut off: row by row, by their hashes. Exit code 1 when it was.

    The hash of the last row stands for the whole timeline: noted elsewhere, it proves later that nothing was rewritten.
    """
    number = incident_named(incident) if incident else None
    with complaints():
        from bot import settings
        from bot.engine.verifying import verified

        found = asyncio.run(_all(verified(settings.database_url(os.environ), number)))
    wrong = [one for one in found if one.fault]
    for one in wrong:
        complain(f"INC-{one.incident}: {one.fault}")
    if number is not None and not wrong:
        typer.echo(f"INC-{number}: {found[0].rows} rows, unbroken, ending in {found[0].ends_in}")
    elif number is None:
        rows = sum(one.rows for one in found)
        typer.echo(f"{len(found):,} timelines, {rows:,} rows: {f'{len(wrong):,} broken' if wrong else 'all unbroken'}")
    if wrong:
        raise typer.Exit(1)


async def _all(found: "AsyncIterator[Verified]") -> "list[Verified]":
    return [one async for one in found]
