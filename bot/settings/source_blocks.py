"""The part of `muster.yaml` that says who sends alerts, and how what they send is read."""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StrictBool

from bot.domain.matchers import matchers_of
from bot.domain.mirroring import Sharing
from bot.settings.block import Block, nothing_is_empty
from bot.settings.fields import (
    Duration,
    Header,
    Headers,
    IntegrationName,
    JsonLabels,
    JsonPath,
    JsonPaths,
    Matchers,
    Pattern,
    Silence,
    Silences,
    Text,
    Topics,
    Values,
    Variable,
    Variables,
    WebAddresses,
)

DEFAULT_TOKEN_VARIABLE: Final = "MUSTER_ALERTS_TOKEN"  # noqa: S105 - the name of a variable


class MappingBlock(Block):
    """Where things stand in JSON of anybody's making; see bot/inbound/mapping.py."""

    alerts: JsonPath = ()
    title: JsonPaths
    fingerprint: JsonPaths
    status: JsonPaths = ()
    resolved: Values | None = None
    severity: JsonPaths = ()
    starts_at: JsonPaths = ()
    ends_at: JsonPaths = ()
    summary: JsonPaths = ()
    description: JsonPaths = ()
    labels: JsonLabels = ()
    source_url: JsonPaths = ()
    runbook_url: JsonPaths = ()
    dashboard_url: JsonPaths = ()


class ReconcileBlock(Block):
    """Where a sender's own list of its alerts is asked for; the addresses are the peers of one cluster."""

    urls: WebAddresses
    token_env: Variable | None = None
    user: Text | None = None
    receiver: Pattern | None = None
    organisation: Text | None = None
    silences: Silences = Sharing.OFF
    every: Duration | None = None
    gone_after: Duration | None = None


class MailBlock(Block):
    """How e-mails are read; see bot/inbound/mail_rules.py."""

    resolved: Values | None = None
    firing: Values | None = None
    identity: Headers = ()
    labels: dict[Text, Header] = Field(default_factory=dict)


class SmtpBlock(Block):
    """Where e-mails are taken in."""

    port: Annotated[int, Field(strict=True, ge=0, le=65_535)]
    certificate: Text | None = None
    key: Text | None = None
    require_tls: StrictBool = False


class WatchdogBlock(Block):
    """An alert that is expected to fire always; see bot/domain/watchdogs.py."""

    match: Matchers = matchers_of('alertname="Watchdog"')
    every: Duration = timedelta(minutes=1)
    grace: Duration = timedelta(minutes=5)


class IntegrationBlock(Block):
    """One of several senders of a kind, told apart by what they prove themselves with."""

    token_env: Variables | None = None
    topics: Topics = ()
    mapping: MappingBlock | None = None
    reconcile: ReconcileBlock | None = None
    watchdog: WatchdogBlock | None = None
    mail: MailBlock | None = None
    resolve_after: Silence | None = None


class SourceBlock(IntegrationBlock):
    """A kind of sender of alerts. Without a word about `enabled` it is on when it can prove itself.

    What stands here itself is the first sender's. Where a secret is wanted, and no integration is there, its token is
    MUSTER_ALERTS_TOKEN unless `token_env` says another.
    """

    enabled: StrictBool | None = None
    integrations: dict[IntegrationName, Annotated[IntegrationBlock, BeforeValidator(nothing_is_empty)]] = Field(
        default_factory=dict
    )
