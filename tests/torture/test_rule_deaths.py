"""A real bot is killed right where a rule declares an incident, before and after: there is one, and one page."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.domain.events import IncidentDeclared
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import CONFIG, SUMMARY, Tenant, house
from tests.e2e.plot import ALERT, shows
from tests.peers.until import until
from tests.torture.forked import Death, Forked, own_port, zygote
from tests.torture.tale import SETTLE, insist

pytestmark = pytest.mark.timeout(240)
RULE = "declare: [{name: checkout-critical, match: {service: checkout}}]\n"


@pytest.mark.parametrize("place", ["before", "after"])
async def test_a_rule_declares_once_wherever_the_bot_dies(place: str, tmp_path: Path) -> None:
    deaths, told = [Death(f"{place} commit of the result of group.automate")], tmp_path / "told"
    async with zygote() as mother:

        def make(folder: Path, *, port: int, environment: Mapping[str, str]) -> Forked:
            return Forked(folder, port=port, environment=environment, zygote=mother, deaths=deaths, told=told)

        environment = {"MUSTER_SETTLE_SECONDS": SETTLE}
        tenant = Tenant(config=CONFIG + RULE, environment=environment, make=make, port=own_port(0), limits=False)
        async with house(tmp_path, f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}", tenant=tenant) as opened:
            await insist(opened, ALERT)
            await until(lambda: shows("incidents", SUMMARY, "INC-1")(opened), what="the announcement", timeout=120)
            seen = await until_at_rest(opened)
            declared = [event for event in await opened.events() if isinstance(event, IncidentDeclared)]
            assert [(event.by, event.rule) for event in declared] == [(None, "checkout-critical")]
            assert len(seen.incidents) == 1
            (page,) = opened.pagerduty.alerts.values()
            assert page.pages == 1
    assert told.read_text(encoding="utf-8").count("born\n") == 2
