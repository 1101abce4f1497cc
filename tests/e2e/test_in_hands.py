"""An alert in people's hands over the whole way: taken up in a copy, given to somebody, explained, judged when over."""

import re
from pathlib import Path

import pytest

from bot.domain.groups_model import Verdict
from bot.domain.ids import GroupId
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import CONFIG, SUMMARY, Delivery, House, Tenant, house
from tests.e2e.plot import messages
from tests.peers.until import until

pytestmark = pytest.mark.timeout(180)

COPIED = "payments-alerts"
ROUTES = f"""
routes:
  - {{channel: alerts, continue: true}}
  - {{matchers: ['service="checkout"'], channel: {COPIED}}}
"""


async def one(opened: House, channel: str) -> Obj:
    """Return the one message of the alert in a channel."""
    (message,) = [told for told in await messages(opened, channel) if SUMMARY in words_of(told)]
    return message


async def both_say(opened: House, *texts: str) -> None:
    """Wait until the message and its copy say this."""

    async def said() -> bool:
        shown = [words_of(await one(opened, channel)) for channel in ("alerts", COPIED)]
        return all(text in words for words in shown for text in texts)

    await until(said, what=f"{texts} in both channels")


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_an_alert_is_taken_up_given_explained_and_judged_in_either_channel(
    tmp_path: Path, database_url: str, delivery: Delivery
) -> None:
    async with house(tmp_path, database_url, delivery, tenant=Tenant(config=CONFIG + ROUTES)) as opened:
        ana, bo = opened.people.person("ana"), opened.people.person("bo")
        await opened.monitoring.fire()
        for channel in ("alerts", COPIED):
            await opened.people.wait_for(SUMMARY, channel)

        assert not (await bo.clicks("Acknowledge", channel=COPIED)).get("error")
        await both_say(opened, "Acknowledged by <@U0BO>")
        message = await one(opened, "alerts")
        (assign,) = re.findall(r"alert\.assign:[0-9a-f]+", str(message["blocks"]))
        await ana.chooses("U0DMITRI", action_id=assign, channel="alerts", ts=message["ts"])
        await both_say(opened, "Assigned to <@U0DMITRI>")
        await opened.people.wait_for("assigned to you", "", as_="dmitri")

        await ana.opens_home()
        await ana.clicks_in_home("Why?")
        window = (await ana.modal()).view
        told = words_of({"blocks": window["blocks"]})
        assert "Assigned to <@U0DMITRI> by <@U0ANA>" in told
        assert f"#{COPIED}: a copy of its message" in told

        await opened.monitoring.resolve()
        await both_say(opened, "Resolved")
        assert not (await ana.clicks("Useful", channel=COPIED)).get("error")
        await both_say(opened, "Useful, says <@U0ANA>")
        message = await one(opened, "alerts")
        (noise,) = re.findall(r"noise [0-9a-f]+", str(message["blocks"]))
        await bo.chooses(noise, action_id="alert.menu", channel="alerts", ts=message["ts"])
        await both_say(opened, "Noise, says <@U0BO>")

        group = await opened.desk.group(GroupId(noise.removeprefix("noise ")))
        assert group
        assert group.judged
        assert (group.judged.verdict, group.judged.by) == (Verdict.NOISE, "U0BO")
        await until_at_rest(opened)
        assert await opened.people.posts(f"assigned:{group.id}:1") == 1
