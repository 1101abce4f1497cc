"""A private incident from first to last over the sandbox: every byte that reaches somebody else is looked through.

What people write in it are canaries: words that stand nowhere else. Whatever Muster sends to Slack is looked at by whom
it reaches; the pager, the metrics, the log and the command line are looked at as a whole.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from bot.domain.commands import Declare
from bot.domain.ids import AlertId, UserId
from bot.domain.model import Incident
from bot.sandbox.journal import Entry
from bot.sandbox.state.records import Channel, ChannelKind
from bot.sandbox.texts import words_of
from tests.e2e.evidence import until_at_rest
from tests.e2e.house import CONFIG, SUMMARY, Delivery, House, Tenant, house
from tests.e2e.processes import muster_says
from tests.peers.until import until

pytestmark = pytest.mark.timeout(180)

_WORDS: Final = "title said edited thread update note why snooze resolved again file other"
CANARIES: Final = {name: f"{name}-canary-zq7x" for name in _WORDS.split()}
# Updates are owed so soon that the channel is reminded of one.
HURRIED: Final = f"{CONFIG}severities: {{sev1: {{update_every: 5s, page: true}}}}\n"


def private_rooms(opened: House) -> list[Channel]:
    return [one for one in opened.sandbox.workspace.channels.values() if one.kind is ChannelKind.PRIVATE]


async def declared(opened: House) -> Channel:
    """Let Ana declare it, and come into its channel."""
    ana = opened.people.person("ana")
    answer = await ana.command(f"/incident declare private sev1 service:checkout {CANARIES['title']}")
    assert not answer.get("error")
    await until(lambda: private_rooms(opened), what="the private channel")
    (room,) = private_rooms(opened)
    await opened.people.wait_for("Nobody yet", room.id)
    return room


async def lived(opened: House, room: Channel) -> None:
    """Let its people do everything that they can."""
    ana = opened.people.person("ana")
    await ana.clicks("Take Command", channel=room.id)
    ts = await ana.says(CANARIES["said"], channel=room.id)
    await ana.says(CANARIES["thread"], channel=room.id, thread=ts)
    await ana.edits(CANARIES["edited"], channel=room.id, ts=ts)
    await ana.uploads(f"{CANARIES['file']}.txt", b"x", channel=room.id)
    await opened.people.wait_for("update is due", room.id)
    for typed in (
        f"update {CANARIES['update']}",
        f"note {CANARIES['note']}",
        f"page @bo {CANARIES['why']}",
        f"snooze 30m {CANARIES['snooze']}",
        "role scribe @bo",
        "severity sev2",
        "status monitoring",
        f"resolve {CANARIES['resolved']}",
        f"reopen {CANARIES['again']}",
        f"resolve {CANARIES['resolved']}",
        "close",
    ):
        answer = await ana.command(f"/incident {typed}", channel=room.id)
        assert not answer.get("error"), typed


async def looked_for(opened: House) -> None:
    """Let somebody who is none of its people look wherever they can."""
    stranger = opened.people.person("eve")
    for typed in (
        "list",
        "list all",
        "history",
        "find canary",
        "summary INC-1",
        "timeline INC-1",
        "note INC-1 x",
        "help",
    ):
        await stranger.command(f"/incident {typed}")
    await stranger.command("/alerts all")
    await stranger.command(f"/incident why {SUMMARY}")
    await stranger.opens_home()
    await stranger.home()


def leaks(opened: House, rooms: list[Channel]) -> Iterator[str]:
    """Yield whatever of it Muster sent to anybody but its people."""
    workspace = opened.sandbox.workspace
    inside = {user for room in rooms for user in room.members}
    askers = _askers(opened)
    for entry in (*opened.sandbox.journal.calls(), *opened.sandbox.journal.deliveries()):
        sent = entry.result if entry in opened.sandbox.journal.deliveries() else entry.args
        if not any(canary in json.dumps(sent, default=str) for canary in CANARIES.values()):
            continue
        target = str(entry.args.get("channel") or entry.args.get("channel_id") or "")
        if target in {room.id for room in rooms}:
            continue
        direct = workspace.channels.get(target)  # type: ignore[call-overload] # whatever it is, we look it up
        reader = _reader(entry) or askers.get(str(entry.args.get("trigger_id"))) or ""
        if direct and direct.kind is ChannelKind.DIRECT and set(direct.members) <= inside:
            continue
        if reader not in inside:
            yield f"{entry.name} to {target or reader}: {json.dumps(sent, default=str)[:300]}"


def _reader(entry: Entry) -> str:
    """Return who alone reads what is sent."""
    args = entry.args
    user = args.get("user")
    named = user.get("id") if isinstance(user, dict) else None
    return str(args.get("user_id") or named or "")


def _askers(opened: House) -> dict[str, str]:
    return {
        str(one.args["trigger_id"]): _reader(one)
        for one in opened.sandbox.journal.deliveries()
        if one.args.get("trigger_id")
    }


async def everything_else(opened: House, folder: Path, url: str) -> dict[str, str]:
    """Return what is read outside of Slack."""
    told = {"log": (folder / "muster.log").read_text(), "pager": json.dumps(_of_pager(opened), default=str)}
    async with aiohttp.ClientSession() as session:
        for path in ("/metrics", "/healthz", "/readyz", "/openapi.json"):
            async with session.get(f"{opened.muster.url}{path}") as answer:
                told[path] = await answer.text()
    config = str(folder / "muster.yaml")
    for line in (
        ["timeline", "show", "1"],
        ["timeline", "verify"],
        ["audit", "list"],
        ["alerts", "list", "all"],
        ["alerts", "why", SUMMARY, "--config", config],
        ["postmortem", "INC-1", "--config", config],
        ["postmortem", "INC-77", "--config", config],
        ["quarantine", "list"],
    ):
        _, printed, complained = await muster_says(*line, MUSTER_DATABASE_URL=url)
        told[f"muster {' '.join(line)}"] = printed + complained
    return told


def _of_pager(opened: House) -> list[object]:
    return [[key, alert.events] for key, alert in opened.pagerduty.alerts.items()]


async def from_an_alert(opened: House) -> Incident:
    """Let an alert that everybody sees lead to a second private incident."""
    await opened.monitoring.fire()
    await opened.people.wait_for(SUMMARY, "alerts")
    (message,) = [one for one in await opened.people.person("eve").sees("alerts") if SUMMARY in words_of(one)]
    (group,) = set(re.findall(r'"value": "([0-9a-f]{16,})"', json.dumps(message["blocks"])))
    told = Declare(title=CANARIES["other"], by=UserId("U0ANA"), alert=AlertId(group), private=True)
    handled = await opened.desk.handle(told)
    assert handled.incident
    await opened.people.wait_for("In a private incident", "alerts")
    return handled.incident


@pytest.mark.parametrize("delivery", list(Delivery))
async def test_no_byte_of_a_private_incident_reaches_anybody_but_its_people(
    tmp_path: Path, database_url: str, delivery: Delivery
) -> None:
    async with house(tmp_path, database_url, delivery, tenant=Tenant(config=HURRIED)) as opened:
        for public in ("alerts", "incidents"):
            await opened.people.person("eve").joins(public)
        room = await declared(opened)
        await looked_for(opened)
        await lived(opened, room)
        second = await from_an_alert(opened)
        await looked_for(opened)
        await until_at_rest(opened)

        rooms = private_rooms(opened)
        assert len(rooms) == 2
        assert {"U0ANA", "U0BO"} < set(room.members) - {"U0MUSTER"}, "and who is on call"
        assert "U0EVE" not in room.members
        assert list(leaks(opened, rooms)) == []
        outside = await everything_else(opened, tmp_path, database_url)
        assert {where: word for where, text in outside.items() for word in CANARIES.values() if word in text} == {}
        assert second.channel_name not in outside["log"]
        assert not [one for one in await opened.people.person("eve").sees("incidents") if "INC-" in words_of(one)]
        assert "INC-1 private incident" in outside["pager"], "the page went out, without the title"
        code, printed, _ = await muster_says("timeline", "show", "1", "--private", MUSTER_DATABASE_URL=database_url)
        assert code == 0
        kept = {name: word for name, word in CANARIES.items() if word not in printed and name != "other"}
        assert kept == {}, "and all of it is in the record"
