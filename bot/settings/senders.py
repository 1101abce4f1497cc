"""Who may hand in alerts: each integration of a source with its secrets, read from the environment, and its topics.

An integration is told by what it proves itself with, so no two of a source may have the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.domain.ids import SourceName
from bot.inbound.alerts import SOURCES
from bot.inbound.alerts.generic import NAME as GENERIC
from bot.inbound.alerts.mail import NAME as EMAIL
from bot.inbound.authentication import AMAZON_SNS, DEFAULT_INTEGRATION, Integration
from bot.inbound.mail_rules import MailRules
from bot.inbound.mapping import JsonMapping
from bot.settings.document import Document, Plain
from bot.settings.environment import alert_tokens
from bot.settings.faults import Fault, Where
from bot.settings.models import SourceSettings
from bot.settings.schema import keys_at


def wants_secret(source: str) -> bool:
    """Tell whether a kind of sender proves itself with a secret of ours."""
    return any(way != AMAZON_SNS for way in SOURCES[SourceName(source)].authentication)


def sends_by_sns(source: str) -> bool:
    """Tell whether a kind of sender sends by Amazon SNS."""
    return AMAZON_SNS in SOURCES[SourceName(source)].authentication


def mappings_of(sources: Mapping[SourceName, SourceSettings]) -> Mapping[str, JsonMapping]:
    """Return how generic JSON is read, by its integrations."""
    generic = sources.get(GENERIC)
    found = generic.integrations.items() if generic else ()
    return {name: integration.mapping for name, integration in found if integration.mapping}


def mail_rules_of(sources: Mapping[SourceName, SourceSettings]) -> Mapping[str, MailRules]:
    """Return how e-mails are read, by their integrations."""
    mailing = sources.get(EMAIL)
    found = mailing.integrations.items() if mailing else ()
    return {name: integration.mail for name, integration in found if integration.mail}


def senders_of(
    name: SourceName, source: SourceSettings, environment: Mapping[str, str]
) -> tuple[tuple[Integration, ...], list[str]]:
    """Return the integrations of a source that are on, and every fault in what the environment says of them."""
    if source.enabled is False:
        return (), []
    found: list[Integration] = []
    wrong: list[str] = []
    for integration, settings in source.integrations.items():
        tokens, faults = alert_tokens(environment, settings.token_variables)
        secrets = tuple(token.get_secret_value() for token in tokens)
        where = f"sources.{name}" + ("" if integration == DEFAULT_INTEGRATION else f".integrations.{integration}")
        wrong += faults
        wrong += _doubled(settings.token_variables, secrets, found)
        if secrets or settings.topics:
            found.append(Integration(name=integration, secrets=secrets, topics=settings.topics))
        elif source.enabled and not faults:
            wrong.append(f"environment {' or '.join(settings.token_variables)}: is not set, but {where} is enabled")
    return tuple(found), wrong


def _doubled(variables: tuple[str, ...], secrets: tuple[str, ...], others: list[Integration]) -> Iterator[str]:
    for other in others:
        if set(secrets) & set(other.secrets):
            yield f"environment {variables[0]}: has a token of {other.name} too; each integration needs its own"


def unprovable(document: Document) -> Iterator[Fault]:
    """Find senders that can prove themselves with nothing, or are given what their kind does not take."""
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for source, where, block in sender_blocks(document):
        if source in SOURCES and (block is None or isinstance(block, dict)):  # else it is reported anyway
            yield from _of_one(document, where, block or {}, taken[source])


def sender_blocks(document: Document) -> Iterator[tuple[str, Where, Plain]]:
    """Yield what is said of each sender, and where: of the first of its kind, and of each in `integrations`."""
    sources = document.data.get("sources")
    for source, block in sources.items() if isinstance(sources, dict) else ():
        yield source, ("sources", source), block
        inner = block.get("integrations") if isinstance(block, dict) else None
        for name, one in inner.items() if isinstance(inner, dict) else ():
            yield source, ("sources", source, "integrations", name), one


def _of_one(document: Document, where: Where, block: Mapping[str, object], taken: set[str]) -> Iterator[Fault]:
    source = str(where[1])
    if "topics" in block and not sends_by_sns(source):
        at = (*where, "topics")
        yield Fault(
            mark=document.key_mark(at), where=at, text=f"{source} does not send by Amazon SNS; give it token_env"
        )
    if "mapping" in block and source != GENERIC:
        at = (*where, "mapping")
        text = f"{source} is read by its own rules; a mapping is for {GENERIC}"
        yield Fault(mark=document.key_mark(at), where=at, text=text)
    if "mail" in block and source != EMAIL:
        at = (*where, "mail")
        yield Fault(
            mark=document.key_mark(at), where=at, text=f"{source} sends no e-mails; these are rules for {EMAIL}"
        )
    if "token_env" in block and not wants_secret(source):
        at = (*where, "token_env")
        text = f"{source} sends by Amazon SNS, which needs no secret; list its topics"
        yield Fault(mark=document.key_mark(at), where=at, text=text)
    misspelt = block.keys() - keys_at(where)
    if len(where) > len(("sources", source)) and not misspelt and not block.keys() & {"topics", "token_env"}:
        needed = "token_env" if wants_secret(source) else "topics"
        yield Fault(mark=document.key_mark(where), where=where, text=f"{needed} is missing")
    topics = block.get("topics")
    for topic in topics if isinstance(topics, list) else [topics]:
        if isinstance(topic, str) and topic in taken:
            at = (*where, "topics")
            yield Fault(mark=document.value_mark(at), where=at, text="has a topic of another integration")
        taken.add(str(topic))
