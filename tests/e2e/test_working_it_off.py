"""What there is to do, over the sandbox: a runbook is ticked off, an action item given and done, a change undone."""

from pathlib import Path

import pytest

from bot.domain.action_items import ActionState
from bot.domain.ids import IncidentId
from bot.domain.model import Incident, Severity
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import CONFIG, Delivery, House, N, Tenant, house
from tests.peers.until import until

pytestmark = pytest.mark.timeout(120)
RUNBOOK = "---\ntitle: Checkout errors\nservices: [checkout]\n---\n\n- [ ] Look at the errors\n- [ ] Roll it back\n"
TENANT = Tenant(config=f"{CONFIG}runbooks: {{path: runbooks}}\n")


async def incident(opened: House, number: IncidentId = N) -> Incident:
    found = await opened.desk.incident(number)
    assert found
    return found


async def test_what_there_is_to_do_is_ticked_off_given_linked_and_taken_back(tmp_path: Path, database_url: str) -> None:
    (tmp_path / "runbooks").mkdir()
    (tmp_path / "runbooks" / "checkout.md").write_text(RUNBOOK, encoding="utf-8")
    async with house(tmp_path, database_url, Delivery.SOCKET_MODE, tenant=TENANT) as opened:
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        await ana.command("/incident declare sev2 service:checkout Checkout is down")
        room = str((await opened.people.wait_for_channel("inc-1-checkout"))["id"])
        await opened.people.wait_for("Nobody yet", room)
        await bo.joins(room)

        await ana.command("/incident runbook", channel=room)
        await opened.people.wait_for("0 of 2 steps done", room)
        assert not (await bo.clicks("Mark Done", channel=room)).get("error")
        await opened.people.wait_for("1 of 2 steps done", room)

        await ana.command("/incident action Alert on the queue @bo due friday", channel=room)

        async def asked() -> list[Obj]:
            return [one for one in await bo.sees("@muster") if "is yours, INC-1: Alert on the queue" in words_of(one)]

        await until(asked, what="bo reads what is theirs to do")
        await until_at_rest(opened)
        assert len(await asked()) == 1
        assert not (await bo.clicks("Mark Done")).get("error")
        await until_at_rest(opened)
        assert [one.state for one in (await incident(opened)).actions] == [ActionState.DONE]

        await ana.command("/incident severity sev3", channel=room)
        await ana.command("/incident undo yes", channel=room)
        await until_at_rest(opened)
        assert (await incident(opened)).severity is Severity.SEV2

        await ana.command("/incident declare sev4 Reports are slow")
        other = str((await opened.people.wait_for_channel("inc-2-reports"))["id"])
        await opened.people.wait_for("Nobody yet", other)
        await ana.command("/incident link INC-1 caused-by", channel=other)
        await until_at_rest(opened)
        assert [one.incident for one in (await incident(opened)).links] == [IncidentId(2)]
        assert [one.incident for one in (await incident(opened, IncidentId(2))).links] == [N]
