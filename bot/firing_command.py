"""`muster alerts list|ack|why`: what fires now, taking it up, what happened to it; a bot may run beside it."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.complaints import complaints
from bot.domain.finding import Found, name_of, wanted_of
from bot.domain.privacy import is_hidden
from bot.terminal import printable, who

if TYPE_CHECKING:
    from bot.domain.groups_model import Group
    from bot.domain.model import Incident

firing = typer.Typer()

ByOption = Annotated[str, typer.Option("--by", help="Who says so; you, unless another is named.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

PrivateOption = Annotated[bool, typer.Option("--private", help="Name private incidents too.")]


@firing.command(name="list")
def list_firing(
    sought: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILTER]...", help="Words, labels (severity=critical), mine, all (those quiet too)."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")] = 100,
    as_json: JsonOption = False,
    by: Annotated[str, typer.Option("--by", help="Who `mine` means; you, unless another is named.")] = "",
    private: PrivateOption = False,
) -> None:
    """List what fires now, by service, the gravest first.

    Exit codes: 0 also when nothing fires, 1 the database does not answer, 2 the filter cannot be read.
    """
    try:
        wanted = wanted_of(" ".join(sought or []))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="FILTER") from None
    with complaints():
        from bot import settings
        from bot.engine.firing import listed

        found = asyncio.run(listed(settings.database_url(os.environ), wanted, who(by), limit, private=private))
    if as_json:
        shown = [_as_json(one.group) | _around(one) for one in found.shown]
        typer.echo(json.dumps({"alerts": shown, "total": found.total, "quiet": found.quiet}, indent=2))
        return
    for one in found.shown:
        typer.echo(printable("  ".join(_columns(one))))
    if found.total > len(found.shown):
        typer.echo(f"and {found.total - len(found.shown)} more; a word or a label narrows it down")
    if found.quiet:
        typer.echo(f"{found.quiet} more are quiet; `all` shows them")
    if not found.total:
        typer.echo("Nothing fires that is meant." if wanted.typed else "Nothing fires.")


@firing.command()
def ack(
    alert: Annotated[
        str, typer.Argument(metavar="ALERT", help="Its name in `list`, words of its title, or a link to its message.")
    ],
    by: ByOption = "",
    as_json: JsonOption = False,
) -> None:
    """Acknowledge an alert that fires: say that somebody looks after it; the bot that runs shows it at once.

    Exit codes: 0 it is acknowledged, 1 it is not (there is no such alert, somebody was faster, the database does not
    answer), 2 it was asked wrongly.
    """
    with complaints("Nothing was acknowledged."):
        from bot import settings
        from bot.clock import SystemChance, SystemClock
        from bot.engine.firing import acknowledged

        url = settings.database_url(os.environ)
        group = asyncio.run(acknowledged(url, alert, who(by), SystemClock(), SystemChance()))
    if as_json:
        typer.echo(json.dumps(_as_json(group), indent=2))
    else:
        typer.echo(printable(f"{name_of(group)} is acknowledged: {group.title}"))


@firing.command()
def why(
    alert: Annotated[
        str, typer.Argument(metavar="ALERT", help="Its name in `list`, words of its title, or a link to its message.")
    ],
    config: Annotated[
        Path, typer.Option("--config", "-c", envvar="MUSTER_CONFIG", help="The configuration file.")
    ] = Path("muster.yaml"),
    private: PrivateOption = False,
) -> None:
    """Tell what happened to an alert, in order, with the times: what `/incident why` says. It changes nothing.

    Exit codes: 0 it was told, 1 it was not (there is no such alert, the database does not answer), 2 it was asked
    wrongly.
    """
    with complaints():
        from bot import settings
        from bot.engine.firing import explained
        from bot.views.plain import as_lines
        from bot.views.why import why as told

        policy = settings.load_file(config).policy
        known, names = asyncio.run(explained(settings.database_url(os.environ), alert, private=private))
    for one in as_lines(told(known, policy, ""), names):
        typer.echo(printable(one))


def _columns(found: Found) -> Iterator[str]:
    group = found.group
    yield f"{name_of(group)}  {group.severity.value:<8}  {group.service or '-':<16}"
    yield f"{group.firing:>3}/{group.total:<3}  {group.began_at:%Y-%m-%d %H:%M}"
    yield group.title
    if group.assigned:
        yield f"[assigned to {group.assigned.user}]"
    elif group.acknowledged:
        yield f"[acknowledged by {group.acknowledged.by}]"
    if found.incident:
        yield f"[{_label(found.incident)}]"
    if group.is_mute:
        yield f"[quiet: {_why_quiet(group)}]"


def _label(incident: "Incident") -> str:
    return "private" if is_hidden(incident) else incident.label


def _why_quiet(group: "Group") -> str:
    if group.hushed:
        return f"until it is resolved, by {group.hushed.by}"
    mute = group.mute
    if mute is None:
        return ""
    until = f" until {mute.until:%Y-%m-%d %H:%M}" if mute.until else ""
    return f"{mute.kind.value} {mute.reason or mute.name}{until}"


def _as_json(group: "Group") -> dict[str, object]:
    taken = group.acknowledged
    return {
        "name": name_of(group),
        "id": group.id,
        "severity": group.severity.value,
        "service": group.service,
        "title": group.title,
        "labels": dict(group.labels),
        "channel": group.channel,
        "firing": group.firing,
        "total": group.total,
        "began_at": group.began_at.isoformat(),
        "changed_at": group.changed_at.isoformat(),
        "acknowledged": {"by": taken.by, "at": taken.at.isoformat()} if taken else None,
        "assigned_to": group.assigned.user if group.assigned else None,
        "quiet": _why_quiet(group) if group.is_mute else None,
    }


def _around(found: Found) -> dict[str, object]:
    stands = found.message
    return {
        "incident": _label(found.incident) if found.incident else None,
        "message": {"channel": stands[0], "ts": stands[1]} if stands else None,
    }
