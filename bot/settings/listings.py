"""Which senders are asked for their own list of alerts, with the secrets that they want to be shown.

Only a sender that is on is asked: whoever may not tell us of alerts is not believed when we ask.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.ids import SourceName
from bot.inbound.alert_lists import readers
from bot.inbound.alerts.alertmanager import NAME as ALERTMANAGER
from bot.inbound.authentication import Integration
from bot.settings.document import Document
from bot.settings.environment import outgoing_token
from bot.settings.faults import Fault, Where
from bot.settings.models import Listing, SourceSettings
from bot.settings.senders import sender_blocks


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
    """Find senders whose kind has no list that we can read, or no silences; and whose silence is to mean their end."""
    known = readers(organisation="")
    for source, where, block in sender_blocks(document):
        asked = block.get("reconcile") if isinstance(block, dict) else None
        at: Where = (*where, "reconcile")
        if asked is not None and source not in known:
            text = f"{source} has no list of its alerts; only {' and '.join(known)} can be asked for one"
            yield Fault(mark=document.key_mark(at), where=at, text=text)
        elif isinstance(asked, dict) and "silences" in asked and source != ALERTMANAGER:
            at = (*at, "silences")
            text = f"only {ALERTMANAGER}'s silences can be shared; take it away"
            yield Fault(mark=document.key_mark(at), where=at, text=text)
        if isinstance(block, dict) and {"reconcile", "resolve_after"} <= block.keys():
            at = (*where, "resolve_after")
            text = "its list (reconcile) tells what is over; take one of the two out"
            yield Fault(mark=document.key_mark(at), where=at, text=text)
