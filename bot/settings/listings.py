"""Which senders are asked for their own list of alerts, with the secrets that they want to be shown.

Only a sender that is on is asked: whoever may not tell us of alerts is not believed when we ask.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.model import SourceName
from bot.inbound.alert_lists import readers
from bot.inbound.alerts.alertmanager import NAME as ALERTMANAGER
from bot.inbound.authentication import Integration
from bot.settings.document import Document
from bot.settings.environment import outgoing_token
from bot.settings.faults import Fault, Where
from bot.settings.models import Listing, SourceSettings


def listings_of(
    sources: Mapping[SourceName, SourceSettings],
    senders: Mapping[SourceName, Sequence[Integration]],
    environment: Mapping[str, str],
) -> tuple[tuple[Listing, ...], list[str]]:
    """Return who is asked, and every fault in what the environment says of them."""
    found: list[Listing] = []
    wrong: list[str] = []
    for source, settings in sources.items():
        on = {sender.name for sender in senders.get(source, ())}
        for name, integration in settings.integrations.items():
            how = integration.reconcile
            if how is None or name not in on:
                continue
            token, faults = outgoing_token(environment, how.token_variable)
            wrong += faults
            found.append(Listing(source=source, integration=name, how=how, token=token))
    return tuple(found), wrong


def unlisted(document: Document) -> Iterator[Fault]:
    """Find senders that are to be asked for a list of alerts and whose kind has none that we can read."""
    sources = document.data.get("sources")
    known = readers(organisation="")
    for source, block in sources.items() if isinstance(sources, dict) else ():
        if source == ALERTMANAGER or not isinstance(block, dict):
            continue
        inner = block.get("integrations")
        blocks: dict[Where, object] = {("sources", source): block}
        if isinstance(inner, dict):
            blocks |= {("sources", source, "integrations", name): one for name, one in inner.items()}
        for where, one in blocks.items():
            asked = one.get("reconcile") if isinstance(one, dict) else None
            at: Where = (*where, "reconcile")
            if asked is not None and source not in known:
                text = f"{source} has no list of its alerts; only {' and '.join(known)} can be asked for one"
                yield Fault(mark=document.key_mark(at), where=at, text=text)
            elif isinstance(asked, dict) and "silences" in asked:
                at = (*at, "silences")
                text = f"only {ALERTMANAGER}'s silences can be shared; take it away"
                yield Fault(mark=document.key_mark(at), where=at, text=text)
