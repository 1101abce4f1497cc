"""What the rest of Muster is given of its configuration: frozen, checked, and with secrets that do not print."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pydantic import SecretStr

from bot.domain.declared import Declared
from bot.domain.ids import SourceName
from bot.domain.mirroring import Sharing
from bot.domain.policy import Policy
from bot.domain.reconciling import Pace
from bot.inbound.authentication import Integration
from bot.inbound.mail_rules import MailRules
from bot.inbound.mapping import JsonMapping

SLACK_API: Final = "https://slack.com/api/"
PAGERDUTY_API: Final = "https://api.pagerduty.com"
PAGERDUTY_EVENTS: Final = "https://events.pagerduty.com"
DATABASE: Final = "sqlite+aiosqlite:///muster.db"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileSettings:
    """Where a sender's own list of its alerts is asked for, and how. `receiver` is what we are called there.

    The addresses are the peers of one cluster. `organisation` is Grafana's, for an alert that does not say its own.
    `silences` says whether its silences count here, and ours there.
    """

    urls: tuple[str, ...]
    token_variable: str | None = None
    user: str = ""
    receiver: re.Pattern[str] = re.compile("muster")
    organisation: str = "1"
    silences: Sharing = Sharing.OFF
    pace: Pace = field(default_factory=Pace)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    """Where e-mails are taken in. With a certificate and its key a sender may begin TLS, or must."""

    port: int
    certificate: str | None = None
    key: str | None = None
    require_tls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationSettings:
    """One of several senders of a kind: the variables that hold its secrets, the topics of Amazon SNS it sends by.

    `mapping` says how its JSON is read, when it is JSON of its own making, and `mail` how its e-mails are.
    """

    token_variables: tuple[str, ...] = ()
    topics: frozenset[str] = frozenset()
    mapping: JsonMapping | None = None
    mail: MailRules | None = None
    reconcile: ReconcileSettings | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """How a kind of sender is to be treated. `enabled` None: on when a token of it is set, or a topic listed."""

    enabled: bool | None = None
    integrations: Mapping[str, IntegrationSettings]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """What `muster.yaml` says; no secrets. `pager_variables` hold integration keys, by `Callee.key`.

    `left_out` are the files that are no runbooks, each with what to change.
    """

    policy: Policy
    sources: Mapping[SourceName, SourceSettings]
    smtp: SmtpSettings | None = None
    pager_variables: Mapping[str, str] = field(default_factory=dict)
    silences: tuple[Declared, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """How to reach Slack. With an app-level token events come over Socket Mode, else over HTTP, signed.

    `api_url` ends with "/".
    """

    bot_token: SecretStr
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    api_url: str = SLACK_API

    @property
    def socket_mode(self) -> bool:
        """Tell whether events come over Socket Mode."""
        return self.app_token is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class PagerDutySettings:
    """How to reach PagerDuty: the routing key pages, the API key asks who is on call. URLs do not end with "/"."""

    routing_key: SecretStr | None = None
    own_keys: Mapping[str, SecretStr] = field(default_factory=dict)
    api_key: SecretStr | None = None
    events_url: str = PAGERDUTY_EVENTS
    api_url: str = PAGERDUTY_API


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A sender that is asked for its list of alerts, with what it wants to be shown."""

    source: SourceName
    integration: str
    how: ReconcileSettings
    token: SecretStr | None = None

    @property
    def label(self) -> str:
        """Return the name that people read: alertmanager/eu."""
        return f"{self.source}/{self.integration}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that is configured.

    `senders` has those who may hand in alerts, by source; a source that is off has none.
    `database_url` may hold a password, so it does not print. `heartbeat_url` is where a dead-man service listens.
    Without `api_tokens` there is no API for scripts.
    """

    policy: Policy
    slack: SlackSettings
    pagerduty: PagerDutySettings = field(default_factory=PagerDutySettings)
    database_url: str = field(default=DATABASE, repr=False)
    heartbeat_url: SecretStr | None = None
    senders: Mapping[SourceName, tuple[Integration, ...]] = field(default_factory=dict)
    sources: Mapping[SourceName, SourceSettings] = field(default_factory=dict)
    listings: tuple[Listing, ...] = ()
    smtp: SmtpSettings | None = None
    silences: tuple[Declared, ...] = ()
    left_out: tuple[str, ...] = ()
    api_tokens: tuple[str, ...] = field(default=(), repr=False)
