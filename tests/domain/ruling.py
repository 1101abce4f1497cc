"""What tests of rules ask of a company: with rules, when they look, and what is to be done."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.group_commands import AutomateGroup, ProposeResolve
from bot.domain.group_work import AutomateGroup as Look
from bot.domain.ids import IncidentId
from bot.domain.matchers import matchers_of
from bot.domain.rules import DeclareRule
from bot.domain.work import Work
from tests.domain.company import Company
from tests.domain.story import POLICY, START

MINUTE = timedelta(minutes=1)
ANY = DeclareRule(name="any", matchers=matchers_of("service=checkout"))


def ruled(*rules: DeclareRule, **changes: object) -> Company:
    return Company(replace(POLICY, declare=rules, **changes))  # type: ignore[arg-type] # real fields


def looks(company: Company) -> list[float]:
    """Return when the rules look at the group, in seconds from the start."""
    return [(one.due - START).total_seconds() for one in company.last.effects if isinstance(one.work, Look)]


def look(company: Company, at: float) -> None:
    company.do(AutomateGroup(group=company.group.id), at=at)


def works(company: Company, *kinds: type) -> list[Work]:
    return [one.work for one in company.last.effects if isinstance(one.work, kinds)]


def propose(company: Company, at: float) -> None:
    company.do(ProposeResolve(incident=IncidentId(42)), at=at)
