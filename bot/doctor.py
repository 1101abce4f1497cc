"""`muster doctor`: looks at everything that Muster needs, one line each, and says how to mend what is wrong.

It changes nothing: nobody is paged, nothing is posted, no database is made. The rule it keeps: a finding that is wrong
has a `fix` that somebody can follow.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Final

import aiohttp
from rich.console import Console
from rich.text import Text
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy.exc import DBAPIError

from bot import settings
from bot.clock import Clock, SystemClock
from bot.domain.decisions import State
from bot.domain.ids import IncidentId
from bot.domain.model import Incident, Severity, Status
from bot.domain.policy import Policy
from bot.domain.work import Page, PageAction
from bot.engine.jobs import Job
from bot.errors import ConfigError, DeliveryError, Overloaded
from bot.manifest import EVENTS, SCOPES
from bot.outbound.pagerduty import Pager
from bot.outbound.slack.client import SlackGateway
from bot.outbound.slack.limits import Limits
from bot.outbound.slack.line import Line, slack_session, web_client
from bot.outbound.slack.named import channels_of, missing
from bot.settings import Settings, SlackSettings
from bot.store.database import Database
from bot.store.migrate import differences

# Slack's requests are refused when they are five minutes old; well before that something is wrong with a clock.
SKEW_AT_MOST: Final = timedelta(seconds=60)
APPS: Final = "https://api.slack.com/apps"


class Mark(Enum):
    """How something is; the value is the sign in front of its line."""

    GOOD = "✔"
    WRONG = "✘"
    OFF = "\N{EN DASH}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was looked at, what was found, and how to mend it."""

    mark: Mark
    what: str
    found: str
    fix: str = ""

    @property
    def is_wrong(self) -> bool:
        """Tell whether somebody must do something."""
        return self.mark is Mark.WRONG


def tell(findings: list[Finding]) -> None:
    """Print what was found, a line each, the fix below what is wrong."""
    console = Console(highlight=False, soft_wrap=True)
    colours = {Mark.GOOD: "green", Mark.WRONG: "red", Mark.OFF: "dim"}
    for one in findings:
        console.print(Text.assemble((one.mark.value, colours[one.mark]), f" {one.what}: {one.found}"))
        if one.fix:
            console.print(Text(f"  {one.fix}"))
    wrong = sum(one.is_wrong for one in findings)
    console.print(f"\n{wrong} to mend." if wrong else "\nAll is well.")


async def examine(config: Path, environment: Mapping[str, str], clock: Clock | None = None) -> list[Finding]:
    """Look at everything; never raises for what is wrong with the world."""
    try:
        loaded = settings.load(config, environment)
    except ConfigError as error:
        fix = "Mend it, then run `muster doctor` again: the rest was not looked at."
        return [*(Finding(mark=Mark.WRONG, what="Configuration", found=fault) for fault in error.faults[:-1]),
                Finding(mark=Mark.WRONG, what="Configuration", found=error.faults[-1], fix=fix)]  # fmt: skip
    good = Finding(mark=Mark.GOOD, what="Configuration", found=str(config))
    parts = (partial(_slack, loaded, clock or SystemClock()), partial(_database, loaded), partial(_pager, loaded))
    return [good, *[finding for part in parts for finding in await part()]]


async def _slack(loaded: Settings, clock: Clock) -> list[Finding]:
    found: list[Finding] = []
    async with slack_session() as session:
        token, url = loaded.slack.bot_token.get_secret_value(), loaded.slack.api_url
        web = web_client(session, token=token, base_url=url)
        line = Line(session, web, Limits(clock))
        try:
            answer = await line.read("auth.test", web.auth_test)
        except DeliveryError as error:
            return [Finding(mark=Mark.WRONG, what="Slack", found=str(error), fix=_how_to_reach(url))]
        found += [_identity(answer), _scopes(answer, loaded.slack), _events(loaded.slack), _clock(answer, clock.now())]
        found.append(await _app_token(loaded, web))
        gateway = SlackGateway(web, line, clock)
        found += [*await _channels(loaded.policy, gateway), *await _people(loaded.policy, gateway)]
    return found


def _how_to_reach(url: str) -> str:
    return f"Take the bot token from {APPS}, OAuth & Permissions, and look whether {url} can be reached from here."


def _identity(answer: AsyncSlackResponse) -> Finding:
    where = f"@{answer['user']} in {answer['team']} ({answer['url']})"
    return Finding(mark=Mark.GOOD, what="Slack bot token", found=where)


def _scopes(answer: AsyncSlackResponse, slack: SlackSettings) -> Finding:
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    lacking = sorted(set(SCOPES) - granted)
    if not lacking:
        return Finding(mark=Mark.GOOD, what="Slack scopes", found=f"all {len(SCOPES)} that are needed")
    why = "; ".join(f"{scope} ({SCOPES[scope]})" for scope in lacking)
    fix = (
        f"Paste the output of {_manifest(slack)}, which has the events too, at {APPS}, App Manifest; reinstall the app."
    )
    return Finding(mark=Mark.WRONG, what="Slack scopes", found=f"lacking {why}", fix=fix)


def _events(slack: SlackSettings) -> Finding:
    found = f"Slack does not tell a bot which it hears; needed are {', '.join(EVENTS)}"
    fix = f"After an update of Muster paste the output of {_manifest(slack)} at {APPS}."
    return Finding(mark=Mark.OFF, what="Slack events", found=found, fix=fix)


def _manifest(slack: SlackSettings) -> str:
    address = "" if slack.socket_mode else " --request-url https://<your host>/slack/events"
    return f"`muster manifest{address}`"


def _clock(answer: AsyncSlackResponse, now: datetime) -> Finding:
    said = answer.headers.get("Date") or answer.headers.get("date")
    if not said:
        return Finding(mark=Mark.OFF, what="Clock", found="Slack's answer does not say what time it is")
    skew = now - parsedate_to_datetime(said).astimezone(UTC)
    seconds = abs(skew.total_seconds())
    if abs(skew) <= SKEW_AT_MOST:
        return Finding(mark=Mark.GOOD, what="Clock", found=f"{seconds:.0f} s apart from Slack's")
    way = "ahead of" if skew > timedelta(0) else "behind"
    fix = "Set this machine's clock (NTP): Slack's requests are refused when the clocks are five minutes apart."
    return Finding(mark=Mark.WRONG, what="Clock", found=f"{seconds:.0f} s {way} Slack's", fix=fix)


async def _app_token(loaded: Settings, web: AsyncWebClient) -> Finding:
    what = "Slack app-level token"
    token = loaded.slack.app_token
    if token is None:
        found = "not set: Slack calls Muster over HTTP (request URL …/slack/events)"
        return Finding(mark=Mark.OFF, what=what, found=found)
    try:
        await web.apps_connections_open(app_token=token.get_secret_value())
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        why = error.response["error"] if isinstance(error, SlackApiError) else f"no answer ({type(error).__name__})"
        fix = f"Make one with the scope connections:write at {APPS}, Basic Information; switch Socket Mode on."
        return Finding(mark=Mark.WRONG, what=what, found=f"Slack refuses it: {why}", fix=fix)
    return Finding(mark=Mark.GOOD, what=what, found="Socket Mode can be opened")


async def _channels(policy: Policy, slack: SlackGateway) -> list[Finding]:
    try:
        rooms = await slack.my_channels()
    except DeliveryError as error:
        fix = "Mend Slack first, then look again."
        return [Finding(mark=Mark.WRONG, what="Channels", found=str(error), fix=fix)]
    known = {room.name: room for room in rooms} | {str(room.id): room for room in rooms}
    found = []
    for wanted, use in channels_of(policy).items():
        name = wanted.removeprefix("#")
        if (room := known.get(name)) is not None:
            found.append(Finding(mark=Mark.GOOD, what=f"#{room.name}", found=f"{room.id}, {use}"))
        else:
            fix = f"Type /invite @muster in #{name} (make the channel first if there is none), or configure another."
            why = f"the bot is not in it, or there is no such channel ({use})"
            found.append(Finding(mark=Mark.WRONG, what=f"#{name}", found=why, fix=fix))
    return found


async def _people(policy: Policy, slack: SlackGateway) -> list[Finding]:
    try:
        lost, count = await missing(policy, slack)
    except DeliveryError as error:
        fix = "Mend Slack first, then look again."
        return [Finding(mark=Mark.WRONG, what="People", found=str(error), fix=fix)]
    if not lost:
        return [Finding(mark=Mark.GOOD, what="People", found=f"all {count} that are named are there")] if count else []
    fix = "Put the right id there (in a person's profile in Slack: Copy member ID), or take it out of muster.yaml."
    return [Finding(mark=Mark.WRONG, what=one.id, found=f"{one.why} ({one.where})", fix=fix) for one in lost]


async def _database(loaded: Settings) -> list[Finding]:
    what = "Database"
    try:
        database = Database(loaded.database_url)
    except ModuleNotFoundError as error:
        fix = "pip install 'muster-bot[postgres]'"
        return [Finding(mark=Mark.WRONG, what=what, found=f"{error.name} is not installed", fix=fix)]
    shown = database.url.render_as_string(hide_password=True)
    try:
        if not _is_there(database):
            return [Finding(mark=Mark.OFF, what=what, found=f"{shown} is not there yet; `muster run` makes it")]
        wrong = await differences(database)
    except (Overloaded, DBAPIError, OSError) as error:
        cause = error.__cause__ or error
        reason = str(getattr(cause, "orig", None) or cause).splitlines()[0]
        fix = "Look whether MUSTER_DATABASE_URL is right and the database answers."
        return [Finding(mark=Mark.WRONG, what=what, found=f"{shown}: {reason}", fix=fix)]
    finally:
        await database.close()
    if wrong:
        fix = "Run `muster migrate` (`muster run` does so too)."
        return [Finding(mark=Mark.WRONG, what=what, found=f"{shown} has an old schema ({len(wrong)} changes)", fix=fix)]
    return [Finding(mark=Mark.GOOD, what=what, found=f"{shown}, schema up to date")]


def _is_there(database: Database) -> bool:
    """Tell whether there is a file to look into: SQLite would make an empty one."""
    file = database.url.database
    return not (database.is_sqlite and file) or Path(file).exists()


async def _pager(loaded: Settings) -> list[Finding]:
    async with _asking(loaded) as pager:
        return [await _routing_key(loaded, pager), await _api_key(loaded, pager)]


@asynccontextmanager
async def _asking(loaded: Settings) -> AsyncIterator[Pager]:
    keys = loaded.pagerduty
    pager = Pager(
        loaded.policy,
        routing_key=keys.routing_key,
        api_key=keys.api_key,
        events_url=keys.events_url,
        api_url=keys.api_url,
    )
    try:
        yield pager
    finally:
        pager.close()


async def _routing_key(loaded: Settings, pager: Pager) -> Finding:
    """Resolve what never was: PagerDuty accepts that with a good key, and pages nobody."""
    what = "PagerDuty routing key"
    if loaded.pagerduty.routing_key is None:
        return Finding(mark=Mark.OFF, what=what, found="off: PAGERDUTY_ROUTING_KEY is not set, nobody is paged")
    nothing = Incident(
        id=IncidentId(0),
        title="muster doctor",
        severity=Severity.SEV4,
        status=Status.RESOLVED,
        declared_by=None,
        declared_at=datetime.fromtimestamp(0, UTC),
        channel_name="none",
    )
    work = Page(incident=nothing.id, action=PageAction.RESOLVE)
    job = Job(work=work, key="doctor", attempt=1, state=State(incident=nothing))
    fix = "Copy the integration key of an Events API v2 integration: PagerDuty, Services, Integrations."
    return await _ask(what, partial(pager.page, job), "accepted (nobody was paged)", fix)


async def _api_key(loaded: Settings, pager: Pager) -> Finding:
    what = "PagerDuty API key"
    if loaded.pagerduty.api_key is None:
        return Finding(mark=Mark.OFF, what=what, found="off: PAGERDUTY_API_KEY is not set, on call as configured")
    if not any(service.escalation_policy for service in loaded.policy.services.values()):
        return Finding(mark=Mark.OFF, what=what, found="not asked: no service has an escalation_policy")
    fix = "Make a read-only key in PagerDuty: Integrations, API Access Keys."
    return await _ask(what, pager.who_is_on_call, "tells who is on call", fix)


async def _ask(what: str, ask: Callable[[], Awaitable[object]], good: str, fix: str) -> Finding:
    try:
        await ask()
    except DeliveryError as error:
        return Finding(mark=Mark.WRONG, what=what, found=str(error), fix=fix)
    return Finding(mark=Mark.GOOD, what=what, found=good)
