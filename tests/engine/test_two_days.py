"""An incident of 48 hours, with people in three time zones: its timeline equals what happened, row by row.

What happened is written down by the story itself. For a day in between Slack is away and none of its events comes; what
people did meanwhile is in the record when the incident has ended.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from bot.domain.commands import AssignRole, Command, Declare, Resolve, SendUpdate, SetStatus
from bot.domain.correcting import is_by_hand
from bot.domain.deploys import Deploy
from bot.domain.entries import entries_of
from bot.domain.ids import ChannelId, IncidentId, UserId
from bot.domain.keeping_commands import EditRow, MarkMessage, UnmarkMessage
from bot.domain.message_events import MemberMoved
from bot.domain.model import Severity, Status
from bot.domain.note_events import NoteTaken
from bot.domain.record_commands import RecordDeletion, RecordEdit, TakeNote
from bot.domain.roles_model import Role
from bot.domain.times import moment_at_start
from bot.engine.deploy_desk import DeployDesk
from bot.store import timeline
from bot.views.sentences import as_text
from bot.views.telling import tell
from bot.views.telling_of_keeping import tell_of_moves
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, World
from tests.fakes.hearing import hear
from tests.fakes.slack import Fault, Said
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

pytestmark = pytest.mark.timeout(600)  # two days of reminders, and of asking again while Slack is away

N = IncidentId(1)
HOUR = timedelta(hours=1)
HOME = {ANA: ZoneInfo("America/Sao_Paulo"), BO: ZoneInfo("Europe/Berlin"), CLEO: ZoneInfo("Asia/Singapore")}
PEOPLE = tuple(HOME)
FINN = UserId("U0FINN")
Row = tuple[datetime, str]


@dataclass
class Written:
    """A message as its author left it; `by` are those who marked it."""

    said: Said
    text: str
    edited: bool = False
    gone: bool = False
    by: list[UserId] = field(default_factory=list)


class TwoDays:
    """People at work for two days, and a book of what they did."""

    def __init__(self, world: World, channel: ChannelId, name: str) -> None:
        self.world, self.channel, self.name = world, channel, name
        self.hears = True
        self.messages: list[Written] = []
        self.moves: list[tuple[datetime, UserId, bool]] = []
        self.others: list[Row] = []
        self._events = 0

    async def told(self, command: Command | None) -> None:
        """Let Slack's event come, unless none comes."""
        self._events += 1
        if self.hears and command:
            await self.world.do(command, key=f"Ev{self._events}")

    async def says(self, who: UserId, text: str, *, to: Written | None = None, file: str = "") -> Written:
        said = self.world.slack.write(self.name, text, author=who, thread=to.said.ts if to else None)
        said.files = ((file, f"https://northwind.slack.com/files/{file}"),) if file else ()
        self.messages.append(Written(said, text))
        await self.told(hear(said.raw(), self.channel))
        return self.messages[-1]

    async def edits(self, one: Written, text: str) -> None:
        self.world.slack.edit(one.said, text)
        one.text, one.edited = text, True
        said = one.said
        await self.told(
            RecordEdit(channel=self.channel, ts=said.ts, by=said.author, text=text, permalink="https://x.example")
        )

    async def deletes(self, one: Written) -> None:
        self.world.slack.delete(one.said)
        one.gone = True
        await self.told(RecordDeletion(channel=self.channel, ts=one.said.ts))

    async def marks(self, one: Written, who: UserId, *, off: bool = False) -> None:
        (one.by.remove if off else one.by.append)(who)
        one.said.reactions["pushpin"] = list(one.by)
        kind = UnmarkMessage if off else MarkMessage
        await self.told(kind(incident=N, ts=one.said.ts, how="reaction", by=who, at=self.world.clock.now()))

    async def moves_in(self, who: UserId, *, joined: bool = True) -> None:
        said = self.world.slack.write(self.name, "has moved", author=who)
        said.subtype = "channel_join" if joined else "channel_leave"
        self.moves.append((_at(said), who, joined))
        await self.told(hear(said.raw(), self.channel))

    async def notes(self, who: UserId, typed: str) -> None:
        """Let somebody note what happened at a time by the clock on their own wall."""
        now = self.world.clock.now()
        found = moment_at_start(typed, now, HOME[who])
        assert found
        await self.world.do(TakeNote(incident=N, text=found[1], by=who, happened_at=found[0]))
        self.others.append((found[0], f"{who} noted: {found[1]}"))

    async def does(self, command: Command, sentence: str) -> None:
        self.others.append((self.world.clock.now(), sentence))
        await self.world.do(command)

    def book(self) -> list[Row]:
        """Return what happened, in its order; who came and went right after one another is one row."""
        rows = [*self.others, *(_row(one) for one in self.messages if not one.gone)]
        ordered = sorted(
            [*((at, text, None) for at, text in rows), *((at, who, joined) for at, who, joined in self.moves)]
        )
        found: list[Row] = []
        for moved, run in groupby(ordered, key=lambda row: row[2] is not None):
            listed = list(run)
            if not moved:
                found += [(at, text) for at, text, _ in listed]
                continue
            came = ", ".join(who for _, who, joined in listed if joined)
            went = ", ".join(who for _, who, joined in listed if not joined)
            told = [f"{came} joined the channel"] * bool(came) + [f"{went} left the channel"] * bool(went)
            found.append((listed[0][0], "; ".join(told)))
        return found


def _at(said: Said) -> datetime:
    seconds, _, micros = said.ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(micros))


def _row(one: Written) -> Row:
    how = "answered in a thread" if one.said.thread else "wrote"
    files = "".join(f" [{name}]" for name, _ in one.said.files)
    signs = " (edited)" * one.edited + f" (marked by {', '.join(sorted(one.by))})" * bool(one.by)
    return _at(one.said), f"{one.said.author} {how}: {one.text}{files}{signs}"


async def recorded(world: World) -> list[Row]:
    """Return what the timeline shows, as people read it."""
    found: list[Row] = []
    for entry in entries_of(await world.timeline()):
        event = entry.event
        told = tell_of_moves((event, *entry.also)) if isinstance(event, MemberMoved) else tell(event)
        edited = " (edited)" * (entry.edited and not isinstance(event, NoteTaken))
        marked = f" (marked by {', '.join(sorted(entry.marked_by))})" * entry.marked
        found.append((entry.at, f"{as_text(told, {})}{edited}{marked}"))
    return found


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url).open()
    yield world
    await world.close()


async def begun(world: World) -> TwoDays:
    declared = world.clock.now()
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV4, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.settle()
    incident = await world.incident()
    assert incident.channel
    days = TwoDays(world, incident.channel, incident.channel_name)
    days.others += [(declared, f"{ANA} declared INC-1 as SEV-4: Checkout is down"), (declared, f"{ANA} took command")]
    return days


async def an_hour(days: TwoDays, hour: int) -> None:
    """Let people talk, answer, correct themselves, take back, show files and mark what matters."""
    who, other = PEOPLE[hour % 3], PEOPLE[(hour + 1) % 3]
    root = await days.says(who, f"Hour {hour}: errors are at {hour} %")
    days.world.clock.move(timedelta(minutes=7))
    answer = await days.says(other, f"Since hour {hour - 1}?", to=root)
    shown = await days.says(who, f"The graph of hour {hour}", file=f"graph-{hour}.png")
    await days.world.advance(timedelta(minutes=20))
    match hour % 4:
        case 0:
            await days.edits(root, f"Hour {hour}: errors are at {hour + 1} %")
            await days.marks(shown, other)
        case 1:
            await days.deletes(answer)
            await days.moves_in(FINN)
            await days.moves_in(other, joined=False)
        case 2:
            await days.marks(answer, who)
            await days.marks(answer, FINN)
            await days.marks(answer, who, off=True)
        case _:
            await days.moves_in(other)
            await days.edits(answer, "since the release")
    await days.world.advance(timedelta(minutes=33))


async def test_the_timeline_of_two_days_equals_what_happened_row_by_row(world: World) -> None:
    days = await begun(world)
    for hour in range(1, 13):
        await an_hour(days, hour)
    await days.notes(CLEO, "03:10 the first page rang in Singapore")
    await days.notes(BO, "20:30 the release went out")
    await days.notes(ANA, "yesterday 23:50 somebody restarted the queue")
    await days.does(
        SetStatus(incident=N, status=Status.IDENTIFIED, by=BO),
        f"{BO} moved the status from Investigating to Identified",
    )
    await DeployDesk(world.engine).tell(Deploy(service=CHECKOUT, version="4.2.1", by="ci", at=world.clock.now()))
    days.others.append((world.clock.now(), "checkout 4.2.1 was deployed by ci"))
    await world.advance(timedelta(minutes=1))
    days.hears, world.slack.down = False, Fault.REFUSED
    for hour in range(13, 37):
        await an_hour(days, hour)
    await days.does(SendUpdate(incident=N, text="Slack is back", by=ANA), f"{ANA} sent an update: Slack is back")
    world.slack.heal()
    days.hears = True
    for hour in range(37, 48):
        await an_hour(days, hour)
    await corrected(days)
    await days.does(
        Resolve(incident=N, resolution="Rolled back", by=CLEO), f"{CLEO} resolved the incident: Rolled back"
    )
    await world.advance(timedelta(minutes=20))
    found, book = await recorded(world), days.book()
    assert [row for row in book if row not in found] == [], "what happened and is not told"
    assert found == book
    async with world.database.reading() as connection:
        assert (await timeline.walk(connection, N)).broken_at is None
    must_hold(await of_world(world), at_rest=True)


async def corrected(days: TwoDays) -> None:
    """Let somebody put a note right and leave another one out: the book says what is right."""
    rows = {row.event.text: row.seq for row in await days.world.timeline() if isinstance(row.event, NoteTaken)}
    release, queue = rows["the release went out"], rows["somebody restarted the queue"]
    ((at, said),) = [row for row in days.others if row[1].endswith("the release went out")]
    later = at + timedelta(minutes=15)
    await days.world.do(
        EditRow(incident=N, row=release, by=ANA, left_out=False, text="release 4.2.0 went out", happened_at=later)
    )
    await days.world.do(EditRow(incident=N, row=queue, by=ANA, left_out=True))
    days.others = [row for row in days.others if row != (at, said) and not row[1].endswith("restarted the queue")]
    days.others.append((later, f"{BO} noted: release 4.2.0 went out"))
    assert all(is_by_hand(row.event) for row in await days.world.timeline() if row.seq in {release, queue})
