"""One long story in which people do everything that can be done, by every way there is, on both transports.

Act by act it is the story of one house; at the end nothing may be left over that nobody did.
"""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.domain.ids import IncidentId
from bot.inbound.slack.marking import ADD_TO_TIMELINE
from bot.inbound.slack.quoting import DECLARE_FROM
from bot.sandbox.texts import words_of
from bot.views.actions import Action
from tests.conftest import PostgresServer
from tests.e2e.all_acts import used, ways
from tests.e2e.evidence import until_at_rest
from tests.e2e.hands import MUSTER, Hands
from tests.e2e.house import CONFIG, SUMMARY, Delivery, Tenant, Webhook, house
from tests.peers.until import until

pytestmark = pytest.mark.timeout(300)

# Short times: what is owed, offered or quiet comes up within the story.
HURRIED: Final = f"""{CONFIG}
severities:
  sev1: {{page: true, update_every: 1h, escalation: [[U0CLEO]]}}
  sev4: {{update_every: 2s}}
runbooks: {{path: runbooks}}
handover_after: 1s
propose_resolve_after: 1s
archive_after: 1m
"""
RUNBOOK: Final = "---\ntitle: {}\nservices: [checkout]\n---\n\n- [ ] Look at the errors\n- [ ] Roll it back\n"


@pytest.fixture
def another_url(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[str]:
    """The URL of a second empty database, of the same kind."""
    if database_url.startswith("sqlite"):
        yield f"sqlite+aiosqlite:///{tmp_path / 'another.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)


async def test_everything_that_can_be_done_is_done_in_every_way(
    tmp_path: Path, database_url: str, another_url: str
) -> None:
    """Both transports at the same time: most of it is waiting until a channel was quiet for long enough."""
    async with asyncio.TaskGroup() as both:
        for delivery, url in zip(Delivery, (database_url, another_url), strict=True):
            both.create_task(lived(tmp_path / delivery.name, url, delivery), name=delivery)


async def lived(folder: Path, url: str, delivery: Delivery) -> None:
    """Live through all of it in one house; nothing may be left over."""
    (folder / "runbooks").mkdir(parents=True)
    for name in ("Checkout errors", "Bad release"):
        (folder / "runbooks" / f"{name}.md").write_text(RUNBOOK.format(name), encoding="utf-8")
    async with house(folder, url, delivery, tenant=Tenant(config=HURRIED, limits=False)) as opened:
        hands = Hands(opened)
        await in_triage(hands)
        async with asyncio.TaskGroup() as meanwhile:  # what is over is quiet while the rest goes on
            meanwhile.create_task(keep_a_channel(hands))
            await run(hands)
        await archive(hands)
        await until_at_rest(opened)
        assert ways() - await used(opened) == set()


async def run(hands: Hands) -> None:
    """Run an incident from its alert to its end, and declare others beside it."""
    room = await from_an_alert(hands)
    await give_out_roles(hands, room)
    await call_people(hands, room)
    await tell(hands, room)
    await work_it_off(hands, room)
    await undo(hands, room)
    await keep_the_record(hands, room)
    await declare_otherwise(hands)
    await look_around(hands)
    await end(hands, room)


async def in_triage(hands: Hands) -> None:
    """What may be an incident is accepted, declined, and merged, by button and by word."""
    await hands.type("ana", *(f"/incident declare triage Is {what} slow?" for what in ("login", "search", "export")))
    login, search, export = [await hands.room(f"inc-{n}-is") for n in (1, 2, 3)]
    await hands.press("ana", Action.DECLINE, at=login)
    await hands.fill("ana", {"Why it is no incident": "A load test"})
    await hands.press("ana", Action.MERGE, at=search)
    await hands.fill("ana", {"Into which incident": "3"})
    await hands.press("ana", Action.ACCEPT, at=export)
    await hands.type("ana", *(f"/incident declare triage Is {what} down?" for what in ("login", "search")))
    login, search = [await hands.room(f"inc-{n}-is") for n in (4, 5)]
    await hands.type("ana", "/incident accept", at=login)
    await hands.type("ana", "/incident merge INC-4", at=export)
    await hands.type("ana", "/incident decline The load test again", at=search)


async def from_an_alert(hands: Hands) -> str:
    """An alert is taken up, given to somebody, kept quiet and heard again, and becomes an incident."""
    assert isinstance(hands.house.monitoring, Webhook)
    await hands.house.monitoring.fire()
    await hands.read("bo", SUMMARY, at="alerts")
    await hands.press("bo", Action.ACKNOWLEDGE_ALERT, at="alerts")
    await hands.press("ana", Action.ASSIGN_ALERT, at="alerts", value="U0DMITRI")
    for how_long in (0, 2):  # an hour; until it is resolved
        await hands.press("bo", Action.SILENCE_ALERT, at="alerts", option=how_long)
        await hands.press("bo", Action.END_SILENCE, at="alerts")
    await hands.find("bo", Action.SILENCE_ALERT, at="alerts")
    await hands.type("ana", "/alerts")
    await hands.press("ana", Action.EXPLAIN_ALERT, at="general")
    await hands.type("ana", "/incident alerts", f"/incident why {SUMMARY}")
    await hands.press("ana", Action.DECLARE_FROM_ALERT, at="alerts")
    room = await hands.room("inc-6-checkout")
    await hands.press("dmitri", Action.JOIN_INCIDENT, at="alerts")
    return room


async def give_out_roles(hands: Hands, room: str) -> None:
    """Roles are taken and given; command is offered, taken back, turned down, accepted, and ticked off."""
    await hands.press("ana", Action.TAKE_COMMAND, at=room)
    await hands.press("bo", Action.TAKE_ROLE, at=room)
    await hands.press("ana", Action.TICK_DUTIES, at=MUSTER, value=["0"])
    await hands.type("ana", "/incident comms @cleo", "/incident role scribe @dmitri", "/incident ic @bo", at=room)
    await hands.press("bo", Action.DECLINE_HANDOVER, at=MUSTER, about="6 1")
    await hands.type("ana", "/incident handover ic @cleo", at=room)
    await hands.press("ana", Action.WITHDRAW_HANDOVER, at=room, about="6 2")
    await hands.press("ana", Action.HAND_OVER, at=room)
    await hands.fill("ana", {"Role": "ic", "Next holder": "U0BO"})
    await hands.press("bo", Action.ACCEPT_HANDOVER, at=MUSTER, about="6 3")
    await hands.read("ana", "handed over command", at=room)


async def call_people(hands: Hands, room: str) -> None:
    """People are woken, asked in, and the next level is woken; what those outside are told has a channel of its own."""
    await hands.press("ana", Action.INCIDENT_MENU, at=room, value=f"{Action.OPEN_COMMS} 6")
    await hands.type("ana", "/incident page @dmitri Nobody here knows it", "/incident invite @eve", at=room)
    await hands.type("ana", "/incident escalate Nobody answers", at=room)


async def tell(hands: Hands, room: str) -> None:
    """Updates are owed, sent in both ways, put off in both ways, and reach who subscribed."""
    await hands.press("dmitri", Action.SUBSCRIBE, at="incidents", about="6")
    await hands.type("ana", "/incident subscribe all", at=room)
    await hands.press("ana", Action.WRITE_UPDATE, at=room)
    await hands.fill("ana", {"What is happening": "Cards fail", "Impact": "Nobody can pay"})
    await hands.press("dmitri", Action.UNSUBSCRIBE, at=MUSTER)
    await hands.type("ana", "/incident update Rolling back", "/incident snooze 30m We wait", at=room)
    await hands.type("ana", "/incident declare sev4 Reports are slow")
    slow = await hands.room("inc-7-reports")
    await hands.press("ana", Action.SNOOZE, at=slow)
    await hands.fill("ana", {"Why it can wait": "Nobody reads them at night"})


async def work_it_off(hands: Hands, room: str) -> None:
    """A runbook is ticked off, action items are written down and done, links are made and taken away."""
    await hands.type("ana", "/incident runbook", at=room)
    await hands.press("ana", Action.OPEN_CHECKLIST, at=room)
    await hands.press("bo", Action.TICK_STEP, at=room)
    await hands.press("bo", Action.UNTICK_STEP, at=room)
    await hands.press("ana", Action.INCIDENT_MENU, at=room, value=f"{Action.ADD_ACTION} 6")
    await hands.fill("ana", {"What is to be done": "Raise the limit"})
    await hands.type("ana", "/incident action", at=room)
    await hands.press("ana", Action.ADD_ACTION, at=room)
    await hands.fill("ana", {"What is to be done": "Alert on the queue"})
    await hands.type("ana", "/incident action 1 @bo due friday", "/incident action", at=room)
    await hands.press("ana", Action.END_ACTION, at=room)
    await hands.press("ana", Action.REOPEN_ACTION, at=room)
    await hands.type("ana", "/incident link INC-7 caused-by", at=room)
    await hands.press("ana", Action.UNLINK, at=room)


async def keep_the_record(hands: Hands, room: str) -> None:
    """What matters is noted, dated, marked, unmarked, corrected and read."""
    bo = hands.house.people.person("bo")
    await hands.type("ana", "/incident note Traffic moved", "/incident at 20m ago impact started", at=room)
    ts = await bo.says("It is the release", channel=room)
    await bo.uses_message_shortcut(ADD_TO_TIMELINE, channel=room, ts=ts)
    await hands.read("bo", "is marked in the timeline", at=room)
    await bo.reacts("pushpin", channel=room, ts=ts)
    await bo.unreacts("pushpin", channel=room, ts=ts)
    await hands.type("ana", "/incident timeline", "/incident summary", "/incident timeline edit", at=room)
    await hands.press("ana", Action.EDIT_ROW, at=room)
    await hands.fill("ana", {"Does it not belong here?": ["out"]})


async def undo(hands: Hands, room: str) -> None:
    """Each kind of change is taken back, once by the button."""
    await hands.type("ana", "/incident severity sev2", "/incident undo", at=room)
    await hands.press("ana", Action.UNDO, at=room)
    for change in (
        "status identified",
        "role planning @cleo",
        "link https://status.example.com",
        "action Raise the limit",
    ):
        await hands.type("ana", f"/incident {change}", "/incident undo yes", at=room)


async def declare_otherwise(hands: Hands) -> None:
    """Beside what is open, from Home, from a message, by a reaction, and in a channel that is there."""
    ana, bo = hands.house.people.person("ana"), hands.house.people.person("bo")
    await hands.type("bo", "/incident declare sev3 service:checkout Basket is empty")
    await hands.press("bo", Action.JOIN_OPEN, at="general")
    await hands.press("bo", Action.DECLARE_ANYWAY, at="general")
    await hands.house.people.wait_for_channel("inc-8-basket")
    await ana.opens_home()
    await ana.clicks_in_home("Declare Incident")
    await hands.fill("ana", {"What is broken": "Refunds hang"})
    ts = await bo.says("Cards fail for everybody", channel="alerts")
    await ana.reacts("rotating_light", channel="alerts", ts=ts)
    await hands.press("ana", Action.DECLARE_QUOTED, at="alerts")
    await hands.fill("ana", {})
    await bo.uses_message_shortcut(DECLARE_FROM, channel="alerts", ts=ts)
    await hands.fill("bo", {"What is broken": "Again"})
    await hands.type("ana", "/incident convert The talk is an incident", at=await ana.creates("checkout-talk"))
    await hands.house.people.wait_for("INC-12", "incidents")


async def look_around(hands: Hands) -> None:
    """What is open, was found, is over, is silenced, and can be typed."""
    await hands.type("ana", "/incident list", "/incident find basket", "/incident history", "/incident help update")
    await hands.type("ana", "/incident silence service=search for 1h The index is rebuilt", "/incident silences")
    await hands.type("ana", "/incident unsilence S-2")


async def end(hands: Hands, room: str) -> None:
    """The alerts end, which is asked about and judged; the incident ends, is opened again, ends again and is closed."""
    monitoring = hands.house.monitoring
    assert isinstance(monitoring, Webhook)
    await monitoring.send("firing", number=2)
    await hands.read("bo", "Alert number 2", at="alerts")
    await monitoring.send("resolved", number=2)
    await monitoring.resolve()
    await hands.press("bo", Action.JUDGE_USEFUL, at="alerts")
    await hands.press("bo", Action.JUDGE_NOISE, at="alerts")
    await hands.press("bo", Action.ALERT_MENU, at="alerts")
    await hands.press("ana", Action.KEEP_OPEN, at=room)
    await hands.read("ana", "keeps INC-6 open", at=room)
    await hands.press("ana", Action.RESOLVE, at=room)
    await hands.fill("ana", {"What fixed it": "Rolled back"})
    await hands.press("ana", Action.REOPEN, at=room)
    await hands.fill("ana", {"What happened": "It is back"})
    await hands.type("ana", "/incident resolve Rolled back again", "/incident reopen It is back", at=room)
    await hands.type("ana", "/incident resolve Rolled back for good", at=room)
    await hands.press("ana", Action.CLOSE, at=room)
    await hands.fill("ana", {})
    await hands.type("ana", "/incident resolve INC-4 It was the cache", "/incident close INC-4")


async def keep_a_channel(hands: Hands) -> None:
    """The channel of one that is over is kept as soon as it is warned: it would be archived half a minute later."""
    kept = str((await hands.house.people.wait_for_channel("inc-5-is"))["id"])
    ana = hands.house.people.person("ana")

    async def is_warned() -> bool:
        return any("this channel is archived" in words_of(one) for one in await ana.sees(kept))

    await until(is_warned, what="a warning in the quiet channel", timeout=120, every=timedelta(seconds=1))
    await hands.press("ana", Action.KEEP_CHANNEL, at=kept)


async def archive(hands: Hands) -> None:
    """Of two quiet channels one was kept; the other is archived, and what is reopened has a new one."""
    people, desk = hands.house.people, hands.house.desk
    kept, quiet = [str((await people.wait_for_channel(name))["id"]) for name in ("inc-5-is", "inc-1-is")]

    async def is_archived() -> bool:
        return bool((await people.channel(quiet, as_="ana"))["is_archived"])

    await until(is_archived, what="the quiet channel being archived", timeout=120)
    assert not (await people.channel(kept, as_="ana"))["is_archived"]
    await hands.type("ana", "/incident reopen INC-1 It is slow after all")

    async def has_another() -> bool:
        found = await desk.incident(IncidentId(1))
        return bool(found and found.status.is_open and found.channel not in {None, quiet})

    await until(has_another, what="a new channel")
