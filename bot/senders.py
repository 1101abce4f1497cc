"""Builds what turns to the senders of alerts by itself, instead of waiting for them: who is asked for its list."""

from collections.abc import Coroutine, Iterator

from bot.chores import be_there, reconcile
from bot.domain.reconciling import Answer
from bot.engine.handle import Engine
from bot.engine.reconcile import Ask, Reconciler, Sender
from bot.inbound.alert_lists import answer, readers
from bot.inbound.alerts.grafana import NAME as GRAFANA
from bot.outbound.alertmanager_api import IN_GRAFANA, AlertmanagerApi, Pass
from bot.settings import Settings
from bot.settings.models import Listing


def chores_of(settings: Settings, engine: Engine) -> Iterator[Coroutine[object, object, None]]:
    """Yield what goes on for as long as Muster runs."""
    yield be_there(engine, engine.clock)
    for listing in settings.listings:
        yield reconcile(Reconciler(engine, sender_of(listing)), engine.clock)


def sender_of(listing: Listing) -> Sender:
    """Return a sender that is asked for its list, with all its peers."""
    return Sender(
        source=listing.source,
        integration=listing.integration,
        peers={url: _ask(url, listing) for url in listing.how.urls},
        pace=listing.how.pace,
    )


def _ask(url: str, listing: Listing) -> Ask:
    is_grafana = listing.source == GRAFANA
    shown = Pass(token=listing.token.get_secret_value() if listing.token else "", user=listing.how.user)
    api = AlertmanagerApi(url + (IN_GRAFANA if is_grafana else ""), shown)
    read = readers(listing.how.organisation)[listing.source]

    async def ask() -> Answer:
        # Grafana does not say since when it runs.
        status = None if is_grafana else await api.status()
        return answer(await api.alerts(), status, read, listing.how.receiver)

    return ask
