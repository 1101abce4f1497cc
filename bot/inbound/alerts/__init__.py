"""The alert sources. To add one: a module like `alertmanager.py`, a fixture under tests/, and its line in `_ALL`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.domain.page_commands import HearPager
from bot.inbound.alerts import (
    alertmanager,
    azure,
    betterstack,
    cloudevents,
    cloudwatch,
    datadog,
    elastic,
    gcp,
    generic,
    github,
    grafana,
    healthchecks,
    honeycomb,
    mail,
    newrelic,
    opsgenie,
    pagerduty,
    sentry,
    splunk,
    uptimekuma,
    zabbix,
)
from bot.inbound.authentication import (
    AMAZON_SNS,
    GITHUB_DELIVERY,
    GITHUB_SIGNATURE,
    GRAFANA_SIGNATURE,
    HONEYCOMB_DELIVERY,
    HONEYCOMB_TOKEN,
    PAGERDUTY_DELIVERY,
    PAGERDUTY_SIGNATURE,
    RECIPIENT,
    SECRET_PATH,
    SENTRY_DELIVERY,
    SENTRY_SIGNATURE,
    TOKEN,
    DeliveryId,
    Way,
)
from bot.inbound.mail_rules import MailRules
from bot.inbound.mapping import JsonMapping


class Parse(Protocol):
    """Reads a body into alerts."""

    def __call__(self, body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:
        """Return the alerts; tell `left_out` of each that cannot be read while others can.

        Raises:
            BadInput: nothing of it can be read; the text says why and repeats nothing of the body. Never anything else.
        """


Envelope = Callable[[Mapping[str, str], bytes], bytes]
"""Returns a body with what its sender tells in headers (names in lower case), to be kept and read as the body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of sender: how to read it, what it sends (`sample`), how it proves who it is (any one way is enough).

    `delivery_id` is set when it names its deliveries, `envelope` when it tells a part of an alert in headers, and
    `asks_first` when it asks by OPTIONS whether it may send. Ways and headers stand in authentication.py. `parses` has
    the integrations that are read in a way of their own. `refuses`: what cannot be read is answered 422, and kept as
    well. `page_news` reads what a pager tells of our own pages, in a body without an alert. `resolves`:
    it says when something is over.
    """

    name: SourceName
    parse: Parse
    sample: bytes
    authentication: tuple[Way, ...] = (TOKEN,)
    delivery_id: DeliveryId | None = None
    envelope: Envelope | None = None
    asks_first: bool = False
    parses: Mapping[str, Parse] = field(default_factory=dict)
    refuses: bool = False
    page_news: Callable[[bytes], HearPager | None] | None = None
    resolves: bool = True

    @property
    def is_posted(self) -> bool:
        """Tell whether it comes as a webhook; what does not comes by e-mail (smtp.py)."""
        return self.authentication != (RECIPIENT,)

    def reader(self, integration: str) -> Parse:
        """Return what reads the bodies of an integration."""
        return self.parses.get(integration, self.parse)

    def wrapped(self, wrap: Callable[[Parse], Parse]) -> "Source":
        """Return the source with all that reads its bodies wrapped."""
        parses = {integration: wrap(parse) for integration, parse in self.parses.items()}
        return replace(self, parse=wrap(self.parse), parses=parses)


_ALL = (
    Source(name=alertmanager.NAME, parse=alertmanager.parse, sample=alertmanager.SAMPLE),
    Source(
        name=betterstack.NAME, parse=betterstack.parse, sample=betterstack.SAMPLE, authentication=(TOKEN, SECRET_PATH)
    ),
    Source(
        name=cloudevents.NAME,
        parse=cloudevents.parse,
        sample=cloudevents.SAMPLE,
        authentication=(TOKEN, SECRET_PATH),
        envelope=cloudevents.enveloped,
        asks_first=True,
    ),
    Source(name=elastic.NAME, parse=elastic.parse, sample=elastic.SAMPLE),
    Source(
        name=generic.NAME,
        parse=generic.parse,
        sample=generic.SAMPLE,
        authentication=(TOKEN, SECRET_PATH),
        refuses=True,
    ),
    Source(
        name=github.NAME,
        parse=github.parse,
        sample=github.SAMPLE,
        authentication=(GITHUB_SIGNATURE,),
        delivery_id=GITHUB_DELIVERY,
    ),
    Source(name=healthchecks.NAME, parse=healthchecks.parse, sample=healthchecks.SAMPLE),
    Source(
        name=honeycomb.NAME,
        parse=honeycomb.parse,
        sample=honeycomb.SAMPLE,
        authentication=(HONEYCOMB_TOKEN, TOKEN),
        delivery_id=HONEYCOMB_DELIVERY,
    ),
    Source(
        name=splunk.NAME, parse=splunk.parse, sample=splunk.SAMPLE, authentication=(SECRET_PATH, TOKEN), resolves=False
    ),
    Source(name=uptimekuma.NAME, parse=uptimekuma.parse, sample=uptimekuma.SAMPLE),
    Source(name=zabbix.NAME, parse=zabbix.parse, sample=zabbix.SAMPLE),
    Source(name=grafana.NAME, parse=grafana.parse, sample=grafana.SAMPLE, authentication=(TOKEN, GRAFANA_SIGNATURE)),
    Source(name=datadog.NAME, parse=datadog.parse, sample=datadog.SAMPLE),
    Source(name=newrelic.NAME, parse=newrelic.parse, sample=newrelic.SAMPLE),
    Source(
        name=pagerduty.NAME,
        parse=pagerduty.parse,
        sample=pagerduty.SAMPLE,
        authentication=(TOKEN, PAGERDUTY_SIGNATURE),
        delivery_id=PAGERDUTY_DELIVERY,
        page_news=pagerduty.page_news,
    ),
    Source(name=opsgenie.NAME, parse=opsgenie.parse, sample=opsgenie.SAMPLE),
    Source(name=cloudwatch.NAME, parse=cloudwatch.parse, sample=cloudwatch.SAMPLE, authentication=(AMAZON_SNS,)),
    Source(
        name=sentry.NAME,
        parse=sentry.parse,
        sample=sentry.SAMPLE,
        authentication=(SENTRY_SIGNATURE,),
        delivery_id=SENTRY_DELIVERY,
    ),
    Source(name=gcp.NAME, parse=gcp.parse, sample=gcp.SAMPLE, authentication=(TOKEN, SECRET_PATH)),
    Source(name=mail.NAME, parse=mail.parse, sample=mail.SAMPLE, authentication=(RECIPIENT,)),
    Source(name=azure.NAME, parse=azure.parse, sample=azure.SAMPLE, authentication=(SECRET_PATH,)),
)

SOURCES: Mapping[SourceName, Source] = {source.name: source for source in _ALL}


def configured(mappings: Mapping[str, JsonMapping], mail_rules: Mapping[str, MailRules]) -> Mapping[SourceName, Source]:
    """Return the sources, with generic JSON and e-mails read as is said for each integration."""
    parses = {integration: generic.Mapped(mapping) for integration, mapping in mappings.items()}
    mailed = {integration: mail.Mailed(rules) for integration, rules in mail_rules.items()}
    return {
        **SOURCES,
        generic.NAME: replace(SOURCES[generic.NAME], parses=parses),
        mail.NAME: replace(SOURCES[mail.NAME], parses=mailed),
    }
