"""Builds everything once and runs it; the only file that knows everyone. Nothing starts at import."""

import asyncio
import os
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CollectorRegistry
from sqlalchemy.exc import DBAPIError

from bot.chores import WhoWeAre, keep_time, look, tidy_up, watch
from bot.clock import Chance, Clock
from bot.domain.existing import Existing
from bot.domain.ids import ChannelId, MessageTs, SourceName, UserId
from bot.domain.permissions import Account
from bot.domain.record_commands import RecordMessage, RecordMove
from bot.domain.tracks import Track
from bot.domain.work import Effect, RefreshOnCall
from bot.engine.audit import Auditor
from bot.engine.declared import declare
from bot.engine.desk import EngineDesk
from bot.engine.dispatch import Dispatcher
from bot.engine.handle import Engine
from bot.engine.intake import Intake
from bot.engine.jobs import Perform
from bot.engine.loop import Loop
from bot.engine.own_work import own_performers
from bot.engine.reading import Reader
from bot.engine.timers import first_look
from bot.engine.watchdogs import watching
from bot.errors import ConfigError, Overloaded, TryLater
from bot.inbound.alerts import SOURCES, Source, configured
from bot.inbound.api import api_of
from bot.inbound.health import Check, Probe, ticks
from bot.inbound.http import guarded, http_app
from bot.inbound.remembering import page_news_of, reader_of, remembering
from bot.inbound.server import server
from bot.inbound.slack.app import SlackApp
from bot.inbound.slack.events import said
from bot.inbound.slack.port import FormView, Ports
from bot.inbound.slack.socket_mode import SocketMode
from bot.meters import Meters
from bot.outbound import amazon
from bot.outbound.heartbeat import Heartbeat
from bot.outbound.on_call import on_call_performer
from bot.outbound.pagerduty import Pager
from bot.outbound.slack.client import SlackGateway
from bot.outbound.slack.directory import Directory
from bot.outbound.slack.home import home_performer
from bot.outbound.slack.means import Hear, settle
from bot.outbound.slack.performers import slack_performers
from bot.outbound.slack.port import ViewId
from bot.parts import background, listen, serve, work
from bot.senders import chores_of, mirroring, take_mail
from bot.settings import Settings, mail_rules_of, mappings_of
from bot.store import workers
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.shared_clock import shared

A_TICK_MAY_BE_SO_OLD = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A Muster that runs; it stops when its context ends.

    `broken` is set when a part of it has died that never should: then the whole is to be started anew.
    """

    desk: EngineDesk
    port: int
    broken: asyncio.Event


@asynccontextmanager
async def running(settings: Settings, *, host: str, port: int, clock: Clock, chance: Chance) -> AsyncIterator[Running]:
    """Run Muster for as long as the context lasts.

    Raises:
        ConfigError: the port is taken, or another process works on the same SQLite file.
        Overloaded: the database cannot be reached.
    """
    async with AsyncExitStack() as stack:
        listener = listen(host, port)
        stack.callback(listener.close)
        broken = asyncio.Event()
        database = Database(settings.database_url)
        stack.push_async_callback(database.close)
        clock = await _prepare(database, clock)
        gateway = await stack.enter_async_context(_gateway(settings, clock))
        registry = CollectorRegistry()
        meters = Meters(registry)
        engine = Engine(database, clock, chance, settings.policy)
        desk, directory, me = EngineDesk(engine), Directory(gateway, clock), WhoWeAre()
        pager = _pager(settings)
        stack.callback(pager.close)
        sources, intake = remembering(_sources(settings)), Intake(engine, clock)
        reader = _reader(engine, sources, intake)
        performers = _performers(settings, reader, pager, gateway, directory, clock, hear=_hear(me))
        dispatcher = Dispatcher(engine, performers, clock, chance, on_outcome=meters.performed)
        stack.callback((await workers.join(database, dispatcher.worker, workers.folder())).leave)
        loop = Loop(dispatcher, clock)
        engine.on_work = loop.wake
        slack = _slack_app(settings, desk, gateway, me, clock)
        stack.push_async_callback(slack.drain)
        sockets = await _sockets(settings, slack, clock, stack)
        web = http_app(
            deposit=intake.deposit,
            senders=settings.senders,
            sources=sources,
            slack=None if sockets else slack.handle_http,
            health=_probes(desk, me, sockets, loop, clock),
            clock=clock,
            chance=chance,
            registry=registry,
            fetch=amazon.certificate,
            api=api_of(settings.api_tokens, engine),
        )
        for chore in (intake.run(), me.learn(gateway, directory, clock), *_chores(settings, desk, loop, meters)):
            background(stack, chore, broken)
        work(stack, loop, broken)
        await take_mail(stack, settings, host, intake.deposit, clock, registry)
        await _begin(engine, settings)
        await serve(stack, server(web, host=host, port=port), listener, broken)
        yield Running(desk=desk, port=int(listener.getsockname()[1]), broken=broken)


def _reader(engine: Engine, sources: Mapping[SourceName, Source], intake: Intake) -> Reader:
    news = page_news_of(sources)
    reader = Reader(engine, reader_of(sources), engine.clock, page_news=news, is_crowded=intake.is_crowded)
    intake.is_reading = reader.is_reading
    return reader


async def _begin(engine: Engine, settings: Settings) -> None:
    """Set going what a start sets going."""
    await declare(engine, settings.silences)
    now = engine.clock.now()
    await engine.put(Effect(work=RefreshOnCall(), due=now), first_look(now), *watching(settings.policy, now))


def _gateway(settings: Settings, clock: Clock) -> AbstractAsyncContextManager[SlackGateway]:
    token = settings.slack.bot_token.get_secret_value()
    return SlackGateway.connect(token=token, clock=clock, base_url=settings.slack.api_url)


async def _prepare(database: Database, own: Clock) -> Clock:
    """Bring the schema up to date.

    Return the clock that all go by who work on this database.
    """
    try:
        database.claim_file()
    except OSError as error:
        raise ConfigError([f"The database file {database.url.database} cannot be used: {error.strerror}"]) from error
    await migrate(database)
    return await shared(database, own)


def _pager(settings: Settings) -> Pager:
    return Pager(
        settings.policy,
        routing_key=settings.pagerduty.routing_key,
        own_keys=settings.pagerduty.own_keys,
        api_key=settings.pagerduty.api_key,
        events_url=settings.pagerduty.events_url,
        api_url=settings.pagerduty.api_url,
    )


def _chores(
    settings: Settings, desk: EngineDesk, loop: Loop, meters: Meters
) -> Iterator[Coroutine[object, object, None]]:
    engine, url = loop.dispatcher.engine, settings.heartbeat_url
    clock = engine.clock
    heartbeat = Heartbeat(url.get_secret_value()) if url else None
    yield keep_time(clock)
    yield look(desk, loop, meters, clock)
    yield tidy_up(engine.database, clock)
    yield watch(Auditor(engine, clock, tuple(SOURCES), loop.dispatcher.held_back), loop, meters, heartbeat, clock)
    yield from chores_of(settings, engine)


def _sources(settings: Settings) -> Mapping[SourceName, Source]:
    found = configured(mappings_of(settings.sources), mail_rules_of(settings.sources))
    return {name: guarded(source) for name, source in found.items()}


def _performers(
    settings: Settings,
    reader: Reader,
    pager: Pager,
    gateway: SlackGateway,
    directory: Directory,
    clock: Clock,
    *,
    hear: Hear,
) -> Mapping[str, Perform]:
    return {
        **slack_performers(gateway, settings.policy, clock, hear=hear, directory=directory, settle=settle(os.environ)),
        "pager.page": pager.page,
        "pager.call": pager.call,
        "pager.on_call": on_call_performer(pager, gateway.user_by_email, settings.policy),
        **own_performers(reader.engine),
        "slack.home": home_performer(gateway, EngineDesk(reader.engine).home_of, clock),
        "intake.read": reader.read,
        "sns.confirm": amazon.confirm,
        "alerts.mirror_silence": mirroring(settings, clock),
    }


def _hear(me: WhoWeAre) -> Hear:
    """Read back what people said as its event would have told it."""

    def hear(message: Mapping[str, object], channel: ChannelId) -> RecordMessage | RecordMove | None:
        if me.known is None:
            raise TryLater("Slack has not told us who we are")
        heard = said({**message, "channel": channel}, me.known)
        return heard if isinstance(heard, RecordMessage | RecordMove) else None

    return hear


def _slack_app(settings: Settings, desk: EngineDesk, gateway: SlackGateway, me: WhoWeAre, clock: Clock) -> SlackApp:
    async def update_view(view_id: str, view: FormView, revision: str) -> None:
        await gateway.update_view(ViewId(view_id), view, revision=revision)

    async def message_of(channel: ChannelId, ts: MessageTs) -> Mapping[str, object]:
        return (await gateway.message(channel, ts)).raw

    async def zone_of(user: UserId) -> str:
        return (await gateway.person(user)).zone

    async def room_of(channel: ChannelId) -> Existing:
        found = await gateway.room(channel)
        return Existing(channel=found.id, name=found.name, private=found.private)

    async def account_of(user: UserId) -> Account:
        return (await gateway.person(user)).account

    secret = settings.slack.signing_secret
    return SlackApp(
        ports=Ports(
            desk=desk,
            policy=settings.policy,
            clock=clock,
            open_view=gateway.open_view,
            update_view=update_view,
            respond=gateway.respond,
            whisper=gateway.whisper,
            message_of=message_of,
            zone_of=zone_of,
            paused_until=gateway.paused_until,
            room_of=room_of,
            account_of=account_of,
            members_of=gateway.group_members,
            forget=gateway.forget,
        ),
        who_am_i=me,
        secrets=[part.strip() for part in secret.get_secret_value().split(",")] if secret else [],
    )


async def _sockets(settings: Settings, slack: SlackApp, clock: Clock, stack: AsyncExitStack) -> SocketMode | None:
    if settings.slack.app_token is None:
        return None
    sockets = SocketMode(
        take=slack.take,
        app_token=settings.slack.app_token.get_secret_value(),
        clock=clock,
        base_url=settings.slack.api_url,
    )
    await sockets.start()
    stack.push_async_callback(sockets.stop)
    return sockets


def _probes(
    desk: EngineDesk, me: WhoWeAre, sockets: SocketMode | None, loop: Loop, clock: Clock
) -> Mapping[str, Probe]:
    async def database() -> Check:
        try:
            backlog = await desk.backlog()
        except (Overloaded, DBAPIError):
            return Check(ok=False, detail="does not answer")
        return Check(ok=True, detail=f"{backlog['effects_waiting']} waiting")

    async def slack() -> Check:
        if me.known is None:
            return Check(ok=False, detail="has not told us who we are")
        if sockets and not sockets.connected:
            return Check(ok=False, detail="no connection is alive")
        way = "Socket Mode" if sockets else "HTTP"
        return Check(ok=True, detail=f"{way}, does not answer" if loop.dispatcher.is_away(Track.CHAT) else way)

    tick = ticks(lambda: loop.last_tick, clock=clock, at_most=A_TICK_MAY_BE_SO_OLD)
    return {"database": database, "slack": slack, "loop": tick}
