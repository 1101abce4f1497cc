"""The command line: `muster run`, `demo`, `sandbox`, `check`, `doctor`, `migrate`, `manifest`, `alerts` and more.

Each command imports what it needs, so that `muster --help` is quick. Exit codes: 0 all is well, 1 it did not work (try
again, or mend the world), 2 it was asked wrongly (mend the command or the configuration; nothing was started).
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.actions_command import actions
from bot.audit_command import audit
from bot.complaints import complaints
from bot.firing_command import firing
from bot.quarantine_command import alerts
from bot.route_command import route
from bot.sandbox.command import sandbox
from bot.silence_command import silences
from bot.timeline_command import PrivateOption, incident_named, timeline

if TYPE_CHECKING:
    from bot.demo import Ports
    from bot.settings import Settings

app = typer.Typer(
    name="muster",
    help="The right people in one channel, from the first alert to the last action item.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # a complaint is a line, not a box
)

ConfigOption = Annotated[
    Path, typer.Option("--config", "-c", envvar="MUSTER_CONFIG", help="The configuration file.", show_default=True)
]
HostOption = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")]
CONFIG = Path("muster.yaml")


@app.command()
def run(
    config: ConfigOption = CONFIG,
    host: HostOption = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free port.")] = 8080,
) -> None:
    """Run the bot until Ctrl-C or SIGTERM.

    What is under way is finished first.
    """
    with complaints():
        from bot import log, settings
        from bot.clock import SystemClock

        loaded = settings.load(config, os.environ)
        log.configure(now=SystemClock().now, secrets=_secrets(loaded))
        code = asyncio.run(_run(loaded, host, port))
    raise typer.Exit(code)


@app.command()
def demo(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Where the bot listens.")] = 8080,
    sandbox_port: Annotated[int, typer.Option(min=0, max=65535, help="Where the Slack sandbox is.")] = 8065,
    exit_after_story: Annotated[
        bool, typer.Option("--exit-after-story", help="Walk through a whole incident by itself, check it, and end.")
    ] = False,
    delay_ms: Annotated[int, typer.Option(min=0, max=5000, help="What a call to Slack takes, in milliseconds.")] = 140,
) -> None:
    """Try Muster in the browser, with a Slack of its own.

    No account, no token, nothing to configure.
    """
    with complaints():
        from bot.demo import Ports

        ports = Ports(
            bot=port,
            sandbox=sandbox_port,
            bot_fixed=_is_given(context, "port"),
            sandbox_fixed=_is_given(context, "sandbox_port"),
        )
        latency = timedelta(milliseconds=delay_ms)
        code = asyncio.run(_demo(ports, story=exit_after_story, latency=latency))
    raise typer.Exit(code)


app.command()(sandbox)
alerts.add_typer(firing)
alerts.add_typer(silences)
app.add_typer(alerts)
app.add_typer(route)
app.add_typer(timeline)
app.add_typer(audit)
app.add_typer(actions)


@app.command()
def check(
    config: ConfigOption = CONFIG,
    file_only: Annotated[
        bool, typer.Option("--file-only", help="Look at the file alone, not at the secrets in the environment.")
    ] = False,
) -> None:
    """Check the configuration.

    Prints every fault (exit code 2), or what it says in a few lines.
    """
    with complaints("The configuration cannot be used."):
        from bot import settings

        found = settings.load_file(config) if file_only else settings.load(config, os.environ)
        typer.echo(settings.summarise(found))


@app.command()
def doctor(config: ConfigOption = CONFIG) -> None:
    """Look at all that Muster needs; say how to mend it.

    The configuration, Slack's tokens, scopes, channels and people, the database, the clock, PagerDuty. Changes nothing.
    """
    from bot import log
    from bot.clock import SystemClock
    from bot.doctor import examine, tell

    log.configure(now=SystemClock().now, level="ERROR")
    findings = asyncio.run(examine(config, os.environ))
    tell(findings)
    raise typer.Exit(1 if any(finding.is_wrong for finding in findings) else 0)


@app.command()
def migrate() -> None:
    """Bring the database to the newest schema.

    The database that MUSTER_DATABASE_URL names; `muster run` does so too.
    """
    with complaints():
        from bot import settings

        asyncio.run(_migrate(settings.database_url(os.environ)))
    typer.echo("The database has the newest schema.")


@app.command()
def manifest(
    request_url: Annotated[
        str | None,
        typer.Option(
            "--request-url", "--url", help="For HTTP: https://<your host>/slack/events. Without: Socket Mode."
        ),
    ] = None,
) -> None:
    """Print the Slack app's manifest.

    To paste at https://api.slack.com/apps: Create New App, From a manifest.
    """
    from bot.manifest import as_yaml

    if request_url is not None and not request_url.startswith("https://"):
        raise typer.BadParameter("Slack calls https:// addresses only.", param_hint="--request-url")
    typer.echo(as_yaml(request_url), nl=False)


@app.command()
def postmortem(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Its number: 42 or INC-42.")],
    config: ConfigOption = CONFIG,
    private: PrivateOption = False,
) -> None:
    """Print an incident's postmortem draft as Markdown.

    Needs the configuration file and the database, not Slack.
    """
    number = incident_named(incident)
    with complaints():
        from bot import settings
        from bot.engine.report import postmortem_draft

        url, policy = settings.database_url(os.environ), settings.load_file(config).policy
        text = asyncio.run(postmortem_draft(url, number, policy, private=private))
    typer.echo(text, nl=False)


def _is_given(context: typer.Context, option: str) -> bool:
    source = context.get_parameter_source(option)
    return source is not None and source.name != "DEFAULT"


def _told_to_stop() -> asyncio.Event:
    """Return what is set when somebody presses Ctrl-C or sends SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _demo(ports: "Ports", *, story: bool, latency: timedelta) -> int:
    from bot.demo import play

    return await play(ports, story=story, latency=latency, stop=_told_to_stop())


async def _run(loaded: "Settings", host: str, port: int) -> int:
    from bot.clock import SystemChance, SystemClock
    from bot.pauses import leave_out_what_stays
    from bot.wiring import running

    stop = _told_to_stop()
    async with running(loaded, host=host, port=port, clock=SystemClock(), chance=SystemChance()) as muster:
        leave_out_what_stays()
        slack = "Socket Mode" if loaded.slack.socket_mode else "HTTP at /slack/events"
        typer.echo(f"Muster listens on http://{host}:{muster.port} (Slack: {slack}). Ctrl-C ends it.")
        sys.stdout.flush()
        waiting = [asyncio.create_task(event.wait()) for event in (stop, muster.broken)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
    return 1 if muster.broken.is_set() else 0


async def _migrate(url: str) -> None:
    from bot.store.database import Database
    from bot.store.migrate import migrate as bring_up_to_date

    database = Database(url)
    try:
        await bring_up_to_date(database)
    finally:
        await database.close()


def _secrets(loaded: "Settings") -> list[str]:
    """Return every secret of the configuration, so that the log never writes one."""
    from sqlalchemy.engine import make_url

    slack, pager = loaded.slack, loaded.pagerduty
    known = [slack.bot_token, slack.app_token, slack.signing_secret, pager.routing_key, pager.api_key]
    known.append(loaded.heartbeat_url)
    shown = [secret for senders in loaded.senders.values() for sender in senders for secret in sender.secrets]
    password = make_url(loaded.database_url).password
    return [secret.get_secret_value() for secret in known if secret] + shown + ([password] if password else [])


if __name__ == "__main__":
    app(prog_name="muster")
