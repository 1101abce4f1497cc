"""`muster route test|show`: which way an alert would take, and why. Reads files only: nothing is sent or stored."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.complaints import complain, complaints
from bot.terminal import printable

if TYPE_CHECKING:
    from bot.domain.alerts_model import ReportedAlert
    from bot.domain.ids import SourceName
    from bot.domain.policy import Policy
    from bot.domain.routed import Routed
    from bot.inbound.alerts import Source
    from bot.settings import Organisation

route = typer.Typer(name="route", help="See where alerts go: test a payload, show the tree.", no_args_is_help=True)

ConfigOption = Annotated[Path, typer.Option("--config", "-c", envvar="MUSTER_CONFIG", help="The configuration file.")]
CONFIG = Path("muster.yaml")


@route.command(name="test")
def try_out(
    payload: Annotated[Path, typer.Argument(metavar="PAYLOAD", help="A file with what a sender would send.")],
    source: Annotated[
        str | None, typer.Option("--source", help="Who sends it, when its shape does not say so.")
    ] = None,
    integration: Annotated[
        str, typer.Option("--integration", help="Which of several senders of the kind.")
    ] = "default",
    config: ConfigOption = CONFIG,
) -> None:
    """Tell which way each alert of a payload takes, which rules count it, and why.

    The exit code is 1 when the payload cannot be read.
    """
    with complaints("Nothing was tested."):
        from bot import settings
        from bot.domain.text import one_line

        found = settings.load_file(config)
        name, alerts = _read(payload, source, integration, found)
    typer.echo(f"{payload}: {len(alerts)} alerts from {name}")
    for alert in alerts:
        typer.echo(f"\n{alert.status.value}: {one_line(alert.headline)}")
        for line in _told(alert, found.policy):
            typer.echo(f"  {printable(line)}")


@route.command()
def show(config: ConfigOption = CONFIG) -> None:
    """Print the routing tree: whom each route is for, and what it says."""
    with complaints("The configuration cannot be used."):
        from bot import settings
        from bot.domain.routing import every_route, never_reached

        policy = settings.load_file(config).policy
    unreached = dict(never_reached(policy.routes))
    for place, one in every_route(policy.routes):
        depth = place.count(".")
        said = "; ".join(f"{name} {value}" for name, value in one.said())
        typer.echo(printable(f"{'  ' * depth}{place}: {one}{f' -> {said}' if said else ''}"))
        if place in unreached:
            typer.echo(f"{'  ' * depth}  never reached: {unreached[place]} takes all that it would")
    typer.echo(f"everything else: the channel of its service, else #{policy.channels.alerts.removeprefix('#')}")


def _read(
    path: Path, source: str | None, integration: str, found: "Organisation"
) -> "tuple[SourceName, tuple[ReportedAlert, ...]]":
    from bot import settings
    from bot.inbound.alerts import configured
    from bot.inbound.alerts.mail import NAME as EMAIL
    from bot.inbound.http import guarded

    sources = {
        name: guarded(one)
        for name, one in configured(settings.mappings_of(found.sources), settings.mail_rules_of(found.sources)).items()
    }
    if source is not None and source not in sources:
        raise typer.BadParameter(f"there is no source {source!r} ({', '.join(sources)})", param_hint="--source")
    try:
        body = path.read_bytes()
    except OSError as error:
        complain(f"{path}: {error.strerror}")
        raise typer.Exit(1) from None
    # Nearly everything can be read as an e-mail: whoever means one says so.
    asked = {name: one for name, one in sources.items() if (name == source if source else name != EMAIL)}
    read, reasons = _tried(body, integration, asked)
    if len(read) > 1:
        names = " and ".join(read)
        raise typer.BadParameter(f"{names} can both read it; say which one sends it", param_hint="--source")
    if not read:
        complain(f"{path}: " + (reasons[0] if source else "no source can read it; say --source to hear why"))
        raise typer.Exit(1)
    return next(iter(read.items()))


def _tried(
    body: bytes, integration: str, sources: "Mapping[SourceName, Source]"
) -> "tuple[dict[SourceName, tuple[ReportedAlert, ...]], list[str]]":
    """Return what each source reads in a body, and why the others read nothing."""
    from dataclasses import replace

    from bot.clock import SystemClock
    from bot.errors import BadInput

    read, reasons, now = {}, [], SystemClock().now()
    for name, one in sources.items():
        try:
            alerts = one.reader(integration)(body)
        except BadInput as error:
            reasons.append(f"{name}: {error}")
        else:
            if alerts:
                read[name] = tuple(replace(alert, integration=integration).received(now) for alert in alerts)
            else:
                reasons.append(f"{name}: it tells of no alert")
    return read, reasons


def _told(report: "ReportedAlert", policy: "Policy") -> Iterator[str]:
    from bot.domain.alerts_model import AlertSeverity
    from bot.domain.routed import further_way
    from bot.domain.routing import group_labels

    report = policy.graded(report)
    routed = policy.routed(report, explain=True)
    given = report.severity is not AlertSeverity.UNKNOWN
    yield f"severity: {report.severity.value if given else 'not given, treated as a warning'}"
    for step in routed.why:
        yield f"{'->' if step.taken else ' x'} {step}"
    if not any(step.taken for step in routed.why):
        yield "-> no route matches: the channel of its service, else of all alerts"
    yield f"channel: #{routed.channel.removeprefix('#')}"
    for way in routed.further:
        yield f"also: #{way.channel.removeprefix('#')}, {further_way(way, routed)}"
    yield f"group: {_pairs(group_labels(routed, report))}"
    yield _rhythm(routed)
    yield f"runbook: {policy.runbook_for(report) or 'none'}"
    yield from _ruled(report, policy)


def _ruled(report: "ReportedAlert", policy: "Policy") -> Iterator[str]:
    """Tell of each rule whether it counts the alert, and what it waits for before it declares an incident."""
    from bot.domain.policy import PROPOSED
    from bot.domain.spans import short

    for rule in policy.declare:
        if objection := rule.objection(report):
            yield f" x rule {rule.name}: {objection}"
            continue
        severity = rule.severity or PROPOSED[report.severity]
        when = f" once {rule.min_firing} of its group fire" if rule.min_firing > 1 else ""
        when += f" after {short(rule.after)}" if rule.after else ""
        yield f"-> rule {rule.name}: declares {severity.label}{when or ' at once'}"


def _pairs(labels: Mapping[str, str]) -> str:
    return ", ".join(f'{name}="{value}"' for name, value in labels.items()) or "all alerts of this route"


def _rhythm(routed: "Routed") -> str:
    from bot.domain.spans import short

    if routed.digest:
        return f"told in the digest: {routed.digest}"
    within = f", takes no more {short(routed.group_within)} after its last change" if routed.group_within else ""
    return f"shown after {short(routed.group_wait)}, edited at most every {short(routed.group_interval)}{within}"
