"""Declaring over the sandbox beside what is open on the same service: by command and by form."""

from pathlib import Path

import pytest

from bot.domain.calls import PeopleInvited
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Severity
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import CONFIG, Delivery, Tenant, house
from tests.peers.until import until

pytestmark = pytest.mark.timeout(120)

ASKS = f"""{CONFIG}
impact:
  Who is affected?: {{Most: sev1, Some: sev2, Nobody: sev4}}
"""
DECLARES = "/incident declare sev3 service:checkout Checkout is slow"


async def test_a_second_incident_of_a_service_is_joined_or_declared_anyway(tmp_path: Path, database_url: str) -> None:
    async with house(tmp_path, database_url, Delivery.SOCKET_MODE, tenant=Tenant(config=ASKS)) as opened:
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        await ana.command(DECLARES)
        await opened.people.wait_for_channel("inc-1-checkout")
        await until_at_rest(opened)

        await bo.command(DECLARES)
        await opened.people.wait_for("Already open on checkout", "general", as_="bo")
        await bo.clicks("Join INC-1", channel="general")

        async def joined() -> bool:
            return any(isinstance(one, PeopleInvited) and one.users == ("U0BO",) for one in await opened.events())

        await until(joined, what="bo is in the channel")
        await bo.clicks("Declare Anyway", channel="general")
        await opened.people.wait_for_channel("inc-2-checkout")

        await ana.command("/incident declare")
        await ana.modal()
        await ana.uses("Services", ["checkout"])
        await ana.form(lambda shown: "Already open on checkout" in words_of({"blocks": shown.view["blocks"]}))
        await ana.uses("Who is affected?", "Some")
        await ana.form(lambda shown: "By its impact it is SEV-2" in words_of({"blocks": shown.view["blocks"]}))
        assert await ana.submits({"What is broken": "Basket is empty"}) == {}
        await opened.people.wait_for_channel("inc-3-basket")
        third = await opened.desk.incident(IncidentId(3))
        assert third
        assert (third.severity, third.service, third.declared_by) == (Severity.SEV2, "checkout", UserId("U0ANA"))
        await until_at_rest(opened)
