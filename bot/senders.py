"""Builds what has to do with senders of alerts beside webhooks: who is asked for its list, who may send e-mails."""

import asyncio
import ssl
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack

from prometheus_client import CollectorRegistry

from bot.chores import be_there, reconcile
from bot.clock import Clock
from bot.domain.mirroring import FarSilence, Sharing
from bot.domain.reconciling import Answer
from bot.engine.following import AskSilences, Follower, SilencedAt
from bot.engine.handle import Engine
from bot.engine.jobs import Perform
from bot.engine.reconcile import Ask, Reconciler, Sender
from bot.errors import ConfigError
from bot.inbound.alert_lists import answer, readers
from bot.inbound.alerts.grafana import NAME as GRAFANA
from bot.inbound.alerts.mail import NAME as EMAIL
from bot.inbound.intake import Deposit
from bot.inbound.silence_lists import far_silences
from bot.inbound.smtp import Mailbox, listening
from bot.outbound.alertmanager_api import IN_GRAFANA, AlertmanagerApi, Pass
from bot.outbound.silences import mirror_performer
from bot.settings import Settings
from bot.settings.models import Listing, SmtpSettings


def chores_of(settings: Settings, engine: Engine) -> Iterator[Coroutine[object, object, None]]:
    """Yield what goes on for as long as Muster runs."""
    yield be_there(engine, engine.clock)
    for listing in settings.listings:
        yield reconcile(Reconciler(engine, sender_of(listing)), engine.clock)
        if listing.how.silences is not Sharing.OFF:
            yield reconcile(Follower(engine, silenced_at(listing)), engine.clock)


async def take_mail(
    stack: AsyncExitStack, settings: Settings, host: str, deposit: Deposit, clock: Clock, registry: CollectorRegistry
) -> None:
    """Take e-mails in, where that is set up and somebody may send them.

    Raises:
        ConfigError: the port is taken, or the certificate cannot be used.
    """
    integrations, smtp = settings.senders.get(EMAIL, ()), settings.smtp
    if smtp is None or not integrations:
        return
    mailbox = Mailbox(deposit=deposit, integrations=integrations, clock=clock, registry=registry)
    try:
        tls = _tls(smtp)
        listener = listening(mailbox, host=host, port=smtp.port, tls=tls, require_tls=smtp.require_tls)
        await stack.enter_async_context(listener)
    except OSError as error:  # an ssl.SSLError is one
        raise ConfigError([f"Cannot take e-mails on {host} port {smtp.port}: {error}"]) from error


def _tls(smtp: SmtpSettings) -> ssl.SSLContext | None:
    if smtp.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(smtp.certificate, smtp.key)
    return context


def sender_of(listing: Listing) -> Sender:
    """Return a sender that is asked for its list, with all its peers."""
    return Sender(
        source=listing.source,
        integration=listing.integration,
        peers={url: _ask(url, listing) for url in listing.how.urls},
        pace=listing.how.pace,
    )


def silenced_at(listing: Listing) -> SilencedAt:
    """Return a sender whose silences are followed, with all its peers."""
    return SilencedAt(
        label=listing.label,
        peers={url: _ask_silences(_api(url, listing)) for url in listing.how.urls},
        shares=listing.how.silences is Sharing.BOTH,
        pace=listing.how.pace,
    )


def mirroring(settings: Settings, clock: Clock) -> Perform:
    """Return the performer that lets senders have our silences, those that share them."""
    senders = {
        listing.label: [_api(url, listing) for url in listing.how.urls]
        for listing in settings.listings
        if listing.how.silences is Sharing.BOTH
    }
    scale_is_own = bool(settings.policy.alert_severities.words)
    return mirror_performer(senders, far_silences, clock, scale_is_own=scale_is_own)


def _ask_silences(api: AlertmanagerApi) -> AskSilences:
    async def ask() -> tuple[FarSilence, ...]:
        return await asyncio.to_thread(far_silences, await api.silences())

    return ask


def _api(url: str, listing: Listing) -> AlertmanagerApi:
    shown = Pass(token=listing.token.get_secret_value() if listing.token else "", user=listing.how.user)
    return AlertmanagerApi(url + (IN_GRAFANA if listing.source == GRAFANA else ""), shown)


def _ask(url: str, listing: Listing) -> Ask:
    is_grafana, api = listing.source == GRAFANA, _api(url, listing)
    read = readers(listing.how.organisation)[listing.source]

    async def ask() -> Answer:
        # Grafana does not say since when it runs.
        status = None if is_grafana else await api.status()
        return await asyncio.to_thread(answer, await api.alerts(), status, read, listing.how.receiver)

    return ask
