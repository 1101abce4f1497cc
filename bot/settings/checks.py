"""Checks of what a file says that need more than one value: secrets where none belong, names that name nothing.

They look at the plain values, so that they find what they look for even when other blocks cannot be used.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.inbound.alerts import SOURCES
from bot.settings.document import Document, Plain
from bot.settings.faults import Fault, Where, closest, hint, quoted
from bot.settings.routes import plain_routes
from bot.settings.schema import keys_at

# What people call their secrets, without "_" and "-", and where each belongs.
_SECRET_KEYS: Final[Mapping[str, str]] = {
    "slackbottoken": "SLACK_BOT_TOKEN",
    "bottoken": "SLACK_BOT_TOKEN",
    "slacktoken": "SLACK_BOT_TOKEN",
    "slackapptoken": "SLACK_APP_TOKEN",
    "apptoken": "SLACK_APP_TOKEN",
    "slacksigningsecret": "SLACK_SIGNING_SECRET",
    "signingsecret": "SLACK_SIGNING_SECRET",
    "pagerdutyapikey": "PAGERDUTY_API_KEY",
    "apikey": "PAGERDUTY_API_KEY",
    "pagerdutyroutingkey": "PAGERDUTY_ROUTING_KEY",
    "routingkey": "PAGERDUTY_ROUTING_KEY",
    "integrationkey": "PAGERDUTY_ROUTING_KEY",
    "musterdatabaseurl": "MUSTER_DATABASE_URL",
    "databaseurl": "MUSTER_DATABASE_URL",
    "musteralertstoken": "MUSTER_ALERTS_TOKEN",
    "alertstoken": "MUSTER_ALERTS_TOKEN",
    "bearertoken": "MUSTER_ALERTS_TOKEN",
    "token": "MUSTER_ALERTS_TOKEN",
    "tokens": "MUSTER_ALERTS_TOKEN",
}
# How Slack's tokens begin: https://docs.slack.dev/authentication/tokens
_SECRET_VALUES: Final = (
    (re.compile(r"\bxapp-"), "SLACK_APP_TOKEN"),
    (re.compile(r"\bxox[a-z](?:\.xox[a-z])?-"), "SLACK_BOT_TOKEN"),
    (re.compile(r"\bpostgres(?:ql)?(?:\+\w+)?://"), "MUSTER_DATABASE_URL"),
)
# What a name may stand for: keys of these are the organisation's own words, never a setting's name.
_FREE_KEYS: Final = frozenset(
    {("services",), ("roles",), ("rules",), ("sources",), ("time_windows",), ("alert_severities", "words")}
)
_PLAIN_WORD: Final = re.compile(r"[\w-]+")


def secrets(document: Document) -> Iterator[Fault]:
    """Find secrets in the file; each fault names the environment variable and repeats nothing of the value."""
    for where, value in _walk(document.data, ()):
        name = where[-1]
        variable = None
        if isinstance(name, str) and not _is_free(where[:-1]) and isinstance(value, str | list):
            variable = _SECRET_KEYS.get(re.sub("[_-]", "", name.lower()))
        if variable is None and isinstance(value, str):
            variable = next((known for shape, known in _SECRET_VALUES if shape.search(value)), None)
        if variable:
            text = f"a secret does not belong in this file; set the environment variable {variable} instead"
            yield Fault(mark=document.key_mark(where), where=where, text=text)


def references(document: Document) -> Iterator[Fault]:
    """Find names that name nothing: of a service in a route or a rule, of a source that nobody reads."""
    services = document.data.get("services")
    known = set(services) if isinstance(services, dict) else set()
    chosen = (pair for name in ("routes", "declare") for pair in plain_routes(document.data.get(name), (name,)))
    for place, route in chosen:
        match = route.get("match")
        name = match.get("service") if isinstance(match, dict) else None
        # A pattern may be meant for names to come; a plain word can only be meant for one that is there.
        if known and isinstance(name, str) and _PLAIN_WORD.fullmatch(name) and name not in known:
            where: Where = (*place, "match", "service")
            text = f"there is no service {quoted(name)}{hint(name, known)}"
            yield Fault(mark=document.value_mark(where), where=where, text=text)
    sources = document.data.get("sources")
    for source in sources if isinstance(sources, dict) else ():
        if source not in SOURCES:
            where = ("sources", source)
            yield Fault(mark=document.key_mark(where), where=where, text=f"unknown source{hint(source, SOURCES)}")


def shape(error: ValidationError, document: Document) -> Iterator[Fault]:
    """Put what pydantic says of the file into our words and give it its place."""
    details = error.errors(include_url=False)
    misspelt = {_meant(tuple(detail["loc"])) for detail in details if detail["type"] == "extra_forbidden"}
    for detail in details:
        if detail["type"] == "missing" and detail["loc"] in misspelt:
            continue  # it is there, under a name that is reported anyway
        where = tuple(part for part in detail["loc"] if part != "[key]")
        about_key = detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]
        mark = document.key_mark(where) if about_key else document.value_mark(where)
        yield Fault(mark=mark, where=where, text=_words(detail, where))


def unspoilt(faults: Iterable[Fault], spoilt: Collection[Where]) -> Iterator[Fault]:
    """Leave out what only follows from another fault: what is said of a place that could not be read, or below it."""
    places = frozenset(spoilt)
    for fault in faults:
        if not any(fault.where[:length] in places for length in range(1, len(fault.where) + 1)):
            yield fault


def _meant(where: Where) -> Where:
    return (*where[:-1], closest(str(where[-1]), keys_at(where[:-1])) or "")


def _words(detail: ErrorDetails, where: Where) -> str:
    given = detail["input"]
    match detail["type"]:
        case "extra_forbidden":
            return f"unknown key{hint(str(where[-1]), keys_at(where[:-1]))}"
        case "missing":
            return "is missing"
        case "string_type" if given is None:
            return 'is empty (a value that begins with # must be in quotes: "#alerts")'
        case "string_type" if isinstance(given, bool | int | float):
            return f'must be text; put it in quotes: "{given}"'
        case "string_type":
            return "must be text"
        case "bool_type":
            return "must be true or false"
        case "tuple_type" | "list_type":
            of = {"routes": "routes", "declare": "rules", "escalation": "levels, each a list"}.get(str(where[-1]))
            return f"must be a list of {of}" if of else 'must be a list, such as ["U024BE7LH"]'
        case "model_type" | "model_attributes_type" | "dict_type":
            return "must be a mapping: names with values below it"
        case "too_short":
            labels = "must name at least one label; for all alerts set channels.alerts"
            return "must say what at least one word means" if where[-1] == "words" else labels
        case "enum":
            return f"must be one of {detail.get('ctx', {}).get('expected', 'the known ones')}".replace("'", "")
        case "value_error":
            return str(detail.get("ctx", {}).get("error", detail["msg"]))
        case _:
            return detail["msg"]


def _walk(value: Plain, where: Where) -> Iterator[tuple[Where, Plain]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield (*where, name), inner
                yield from _walk(inner, (*where, name))
        case list():
            for at, inner in enumerate(value):
                yield (*where, at), inner
                yield from _walk(inner, (*where, at))
        case _:
            return


def _is_free(where: Where) -> bool:
    match where:
        case ("sources", _, "integrations") | ("sources", *_, "mapping", "labels"):
            return True
        case _:
            return where in _FREE_KEYS or where[-1:] == ("match",)
