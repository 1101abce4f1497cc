"""What people mark over the sandbox, with a policy that keeps nothing else: by 📌, a pin, a shortcut."""

from dataclasses import replace
from pathlib import Path

from bot.domain.entries import entries_of
from bot.domain.message_events import MessagePosted
from bot.domain.note_events import NoteTaken
from bot.sandbox.texts import words_of
from tests.e2e.house import CONFIG, Delivery, House, N, Tenant, house
from tests.e2e.processes import muster_says
from tests.e2e.test_people import declared
from tests.peers.until import until

MARKED = Tenant(config=CONFIG + "timeline: {messages: marked}\n")


async def shown(opened: House) -> list[str]:
    rows = await opened.desk.timeline(N)
    return [one.event.text for one in entries_of(rows) if isinstance(one.event, MessagePosted)]


async def test_what_is_marked_is_in_the_timeline_and_the_rest_is_not(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    async with house(tmp_path, url, Delivery.SOCKET_MODE, tenant=replace(MARKED)) as opened:
        room, ana, bo = await declared(opened), opened.people.person("ana"), opened.people.person("bo")
        await bo.joins(room)
        root = await bo.says("Who knows the pool?", channel=room)
        answer = await ana.says("It is exhausted", channel=room, thread=root)
        pinned, chosen = [await bo.says(text, channel=room) for text in ("Raise it to 200", "Errors are down")]
        await bo.says("Lunch?", channel=room)
        await bo.reacts("pushpin", channel=room, ts=answer)
        await ana.reacts("pushpin", channel=room, ts=answer)
        await ana.pins(channel=room, ts=pinned)
        await ana.uses_message_shortcut("timeline.add", channel=room, ts=chosen)

        async def kept() -> bool:
            return await shown(opened) == ["It is exhausted", "Raise it to 200", "Errors are down"]

        await until(kept, what="the three that were marked are kept")
        await opened.people.wait_for("is marked in the timeline of INC-1", room)

        async def both_marked_it() -> bool:
            return any(len(one.marked_by) == 2 for one in entries_of(await opened.desk.timeline(N)))

        await until(both_marked_it, what="both marks are recorded")
        await bo.command("/incident timeline", channel=room)

        async def tells_who() -> bool:
            return any(
                ", marked by <@U0" in words_of(one) and "> and 1 more)" in words_of(one) for one in await bo.sees(room)
            )

        await until(tells_who, what="Bo reads who marked the answer")
        await ana.unpins(channel=room, ts=pinned)

        async def is_off() -> bool:
            return "Raise it to 200" not in await shown(opened)

        await until(is_off, what="what is no longer pinned is not shown")


async def test_a_note_is_corrected_by_its_form_and_left_out_and_the_record_keeps_what_it_said(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'muster.db'}"
    async with house(tmp_path, url) as opened:
        room, ana = await declared(opened), opened.people.person("ana")
        await ana.command("/incident note Traffic moved to eu-west-1", channel=room)
        await ana.command("/incident timeline edit", channel=room)
        await ana.clicks("Edit Row", channel=room)
        assert await ana.submits({"What it says": "Traffic moved to eu-west-2"}) == {}
        assert [one for one in await notes(opened) if one[1]] == [("Traffic moved to eu-west-2", "U0ANA")]
        await ana.clicks("Edit Row", channel=room)
        assert await ana.submits({"Does it not belong here?": ["out"]}) == {}
        assert await notes(opened) == []
        kinds = [event.kind for event in await opened.events() if event.kind.startswith(("note", "row"))]
        assert kinds == ["note_taken", "row_corrected", "row_left_out"]
        code, told, _ = await muster_says("timeline", "verify", "INC-1", MUSTER_DATABASE_URL=url)
        assert (code, "unbroken" in told) == (0, True), told


async def notes(opened: House) -> list[tuple[str, str | None]]:
    rows = await opened.desk.timeline(N)
    return [(one.event.text, one.edited_by) for one in entries_of(rows) if isinstance(one.event, NoteTaken)]
