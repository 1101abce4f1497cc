"""The configuration: secrets from the environment, the rest from `muster.yaml`. Every fault is reported at once."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from bot.domain.ids import SourceName
from bot.errors import ConfigError
from bot.inbound.alerts.mail import NAME as EMAIL
from bot.inbound.authentication import Integration
from bot.settings import build, checks, document, faults
from bot.settings.declaring import declare_faults
from bot.settings.environment import (
    API_TOKEN_VARIABLE,
    Environment,
    alert_tokens,
    config_path,
    database,
    pager_keys,
    read,
)
from bot.settings.listings import listings_of, unlisted
from bot.settings.models import Organisation, PagerDutySettings, Settings, SlackSettings, SourceSettings
from bot.settings.people import people_faults
from bot.settings.routes import continue_faults, route_faults
from bot.settings.runbooks import runbooks_of
from bot.settings.schema import MusterYaml
from bot.settings.senders import mail_rules_of, mappings_of, senders_of, unprovable
from bot.settings.summary import summarise

__all__ = [
    "Organisation",
    "PagerDutySettings",
    "Settings",
    "SlackSettings",
    "SourceSettings",
    "config_path",
    "database_url",
    "load",
    "load_file",
    "mail_rules_of",
    "mappings_of",
    "summarise",
]


def load(path: Path, environment: Mapping[str, str]) -> Settings:
    """Return the whole configuration: the file, and the given environment.

    Raises:
        ConfigError: something cannot be used; it has all the faults of both.
    """
    wrong: list[str] = []
    organisation = None
    try:
        organisation = load_file(path)
    except ConfigError as error:
        wrong.extend(error.faults)
    secrets, faulty = read(environment)
    wrong.extend(faulty)
    senders: dict[SourceName, tuple[Integration, ...]] = {}
    for name, source in organisation.sources.items() if organisation else ():
        if name == EMAIL and organisation and organisation.smtp is None:
            continue  # nobody listens
        found, faulty = senders_of(name, source, environment)
        wrong.extend(faulty)
        if found:
            senders[name] = found
    listings, faulty = listings_of(organisation.sources if organisation else {}, senders, environment)
    wrong.extend(faulty)
    own_keys, faulty = pager_keys(environment, organisation.pager_variables if organisation else {})
    wrong.extend(faulty)
    api_tokens, faulty = alert_tokens(environment, (API_TOKEN_VARIABLE,))
    wrong.extend(faulty)
    if wrong or organisation is None or secrets is None:
        raise ConfigError(list(dict.fromkeys(wrong)))
    settings = _settings(organisation, secrets, senders)
    return replace(
        settings,
        policy=replace(settings.policy, own_pagers=frozenset(own_keys)),
        pagerduty=replace(settings.pagerduty, own_keys=own_keys),
        listings=listings,
        smtp=organisation.smtp,
        silences=organisation.silences,
        left_out=organisation.left_out,
        api_tokens=tuple(token.get_secret_value() for token in api_tokens),
    )


def database_url(environment: Mapping[str, str]) -> str:
    """Return where the database is; needs neither the file nor Slack's secrets.

    Raises:
        ConfigError: the variable does not hold a database's URL.
    """
    try:
        return database(environment)
    except ValueError as error:
        raise ConfigError([f"environment MUSTER_DATABASE_URL: {error}"]) from None


def load_file(path: Path) -> Organisation:
    """Return what the file alone says; needs no secrets.

    Raises:
        ConfigError: something in the file cannot be used; it has all its faults, each with line and column.
    """
    found = document.read(path)
    if not found.values:
        raise ConfigError(faults.lines(found.faults, str(path)))
    wrong = [*found.faults, *checks.secrets(found)]
    spoilt = found.unread | {fault.where for fault in wrong[len(found.faults) :]}
    file = None
    follows = [
        *checks.references(found),
        *unprovable(found),
        *unlisted(found),
        *route_faults(found),
        *declare_faults(found),
        *people_faults(found),
    ]
    try:
        file = MusterYaml.model_validate(found.data)
    except ValidationError as error:
        follows += checks.shape(error, found)
    wrong += checks.unspoilt(follows, spoilt)
    if wrong or file is None:
        raise ConfigError(faults.lines(wrong, str(path)))
    made = build.organisation(file)
    shelf = runbooks_of(file.runbooks, path.parent)
    made = replace(made, policy=replace(made.policy, runbooks=shelf.books), left_out=shelf.left_out)
    if follows := list(continue_faults(found, made.policy.routes)):
        raise ConfigError(faults.lines(follows, str(path)))
    return made


def _settings(
    organisation: Organisation, secrets: Environment, senders: Mapping[SourceName, tuple[Integration, ...]]
) -> Settings:
    on = {(source, sender.name) for source, found in senders.items() for sender in found}
    # Whoever is off is not missed.
    watchdogs = tuple(dog for dog in organisation.policy.watchdogs if (dog.source, dog.integration) in on)
    paging = secrets.pagerduty_routing_key is not None
    return Settings(
        policy=replace(organisation.policy, paging=paging, watchdogs=watchdogs),
        slack=SlackSettings(
            bot_token=secrets.slack_bot_token,
            app_token=secrets.slack_app_token,
            signing_secret=secrets.slack_signing_secret,
            api_url=secrets.slack_api_url.rstrip("/") + "/",
        ),
        pagerduty=PagerDutySettings(
            routing_key=secrets.pagerduty_routing_key,
            api_key=secrets.pagerduty_api_key,
            events_url=secrets.pagerduty_events_url.removesuffix("/v2/enqueue"),
            api_url=secrets.pagerduty_api_url,
        ),
        database_url=secrets.database_url,
        heartbeat_url=secrets.heartbeat_url,
        senders=senders,
        sources=organisation.sources,
    )
