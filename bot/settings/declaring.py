"""What `muster.yaml` says of declaring incidents by itself: its rules, what is wrong with them, the domain's rules."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from bot.domain.alerts_model import AlertSeverity
from bot.domain.model import Severity
from bot.domain.rules import DeclareRule
from bot.settings.block import Block
from bot.settings.document import Document
from bot.settings.faults import Fault, Where, quoted
from bot.settings.fields import Duration, Pattern, Text
from bot.settings.route_fields import Matchers, Wait
from bot.settings.routes import matched, plain_routes, severity_faults

MOST_FIRING = 100_000


def _grade(value: object) -> AlertSeverity:
    if value in ("critical", "high", "warning", "info"):
        return AlertSeverity(str(value))
    raise ValueError("must be critical, high, warning or info; what has no severity counts as a warning")


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MOST_FIRING:
        raise ValueError(f"must be how many alerts fire at least, a number from 1 to {MOST_FIRING:,}")
    return value


def _in_triage(value: object) -> bool:
    if value not in ("open", "triage"):
        raise ValueError("must be open, or triage when somebody is to look first")
    return value == "triage"


class DeclareBlock(Block):
    """When an incident is declared from a group of alerts, and how grave it is."""

    name: Annotated[Text, Field(max_length=80)]
    match: Annotated[dict[str, Pattern], Field(min_length=1)] | None = None
    matchers: Matchers = ()
    min_severity: Annotated[AlertSeverity, BeforeValidator(_grade)] = AlertSeverity.INFO
    min_firing: Annotated[int, BeforeValidator(_count)] = 1
    after: Wait | None = None
    severity: Severity | None = None
    propose_resolve_after: Duration | None = None
    triage: Annotated[bool, BeforeValidator(_in_triage), Field(alias="open")] = False
    page: bool = False

    @model_validator(mode="after")
    def _means_something(self) -> "DeclareBlock":
        if not self.match and not self.matchers and self.min_severity is AlertSeverity.INFO:
            raise ValueError("means every alert; give it match, matchers or a higher min_severity")
        return self

    @model_validator(mode="after")
    def _pages_by_severity(self) -> "DeclareBlock":
        if self.page and not self.triage:
            raise ValueError("pages as its severity says; `page` is for rules with `open: triage`, which page nobody")
        return self


def rules_of(blocks: Sequence[DeclareBlock]) -> tuple[DeclareRule, ...]:
    """Return the rules in the domain's words."""
    return tuple(_rule(block) for block in blocks)


def declare_faults(document: Document) -> Iterator[Fault]:
    """Find rules of one name, and severities that no alert has here."""
    found = list(plain_routes(document.data.get("declare"), ("declare",)))
    names = Counter(str(rule["name"]) for _, rule in found if "name" in rule)
    for place, rule in found:
        name = str(rule.get("name", ""))
        if names[name] > 1:
            at: Where = (*place, "name")
            text = f"{names[name]} rules are called {quoted(name)}; give each a name of its own"
            yield Fault(mark=document.value_mark(at), where=at, text=text)
        yield from severity_faults(document, rule, place)


def _rule(block: DeclareBlock) -> DeclareRule:
    default = DeclareRule(name=block.name)
    return DeclareRule(
        name=block.name,
        matchers=(*matched(block.match or {}), *block.matchers),
        min_severity=block.min_severity,
        min_firing=block.min_firing,
        after=block.after or default.after,
        severity=block.severity,
        propose_resolve_after=block.propose_resolve_after,
        triage=block.triage,
        pages=block.page,
    )
