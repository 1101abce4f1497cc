"""What is noted, told and kept of an incident in the histories that Hypothesis makes up, and its channel in the end.

Notes and their corrections, who comes and goes, who wants to hear of updates, deploys, silences of scripts, channels
that are archived, kept or brought back; and mornings after nights in which nobody was at work, Muster included.
"""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from bot.domain.archive_commands import HearChannelIsBack, KeepChannel
from bot.domain.correcting import is_by_hand
from bot.domain.deploys import Deploy
from bot.domain.ids import IncidentId, UserId
from bot.domain.keeping_commands import EditRow
from bot.domain.matchers import matchers_of
from bot.domain.note_events import NoteTaken
from bot.domain.people_commands import NoticeGone, NoticePause, NoticeReturn
from bot.domain.record_commands import TakeNote
from bot.domain.silence_commands import SilenceAlerts
from bot.domain.subscriptions import ALL, Subscribe, of_incident, of_service
from bot.engine.deploy_desk import DeployDesk
from bot.engine.silence_desk import API, SilenceDesk
from tests.engine.asking import Asking
from tests.engine.world import ANA, CHECKOUT
from tests.fakes.hearing import hear
from tests.fakes.slack import BOT

NUMBERS = st.integers(1, 3).map(IncidentId)
USERS = st.sampled_from(["U0ANA", "U0BO", "U0CLEO"]).map(UserId)
WORDS = st.sampled_from(["It smoked", "It glowed"])


class KeepingActs(Asking):
    """The deeds."""

    @rule(n=NUMBERS, by=USERS)
    def somebody_takes_a_note(self, n: IncidentId, by: UserId) -> None:
        self.run(self.ask(TakeNote(incident=n, text="It leaked <!here>", by=by), self.key()))

    @rule(
        n=NUMBERS,
        by=USERS,
        which=st.integers(0, 2),
        text=st.sampled_from(["It smoked", "It glowed"]),
        out=st.booleans(),
    )
    def somebody_corrects_a_row(self, n: IncidentId, by: UserId, which: int, text: str, *, out: bool) -> None:
        self.run(self._correct(n, by, which, text, out=out))

    async def _correct(self, n: IncidentId, by: UserId, which: int, text: str, *, out: bool) -> None:
        number = await self.there(n)
        rows = [row for row in await self.world.timeline(number) if is_by_hand(row.event)] if number else []
        if number and rows:
            row = rows[-1 - which % len(rows)]
            if isinstance(row.event, NoteTaken):
                self.model.said.setdefault((number, row.seq), row.event.text)
            await self.ask(EditRow(incident=number, row=row.seq, by=by, left_out=out, text=text), self.key())

    @rule(by=USERS, n=st.sampled_from([None, 1, 2]), of_all=st.booleans(), wanted=st.booleans())
    def somebody_subscribes_or_has_enough(self, by: UserId, n: int | None, *, of_all: bool, wanted: bool) -> None:
        general = ALL if of_all else of_service(CHECKOUT)
        topic = of_incident(IncidentId(n)) if n else general
        self.run(self.ask(Subscribe(topic=topic, wanted=wanted, by=by), self.key()))

    @rule(n=NUMBERS, user=USERS, joined=st.booleans(), told=st.sampled_from(["at once", "later", "never"]))
    def somebody_comes_or_goes(self, n: IncidentId, user: UserId, told: str, *, joined: bool) -> None:
        self.run(self._move(n, user, told, joined=joined))

    async def _move(self, n: IncidentId, user: UserId, told: str, *, joined: bool) -> None:
        incident = await self.world.desk.incident(await self.there(n) or n)
        room = self.world.slack.channels.get(incident.channel) if incident and incident.channel else None
        if incident is None or room is None or room.archived:
            return
        if user not in room.members and (not joined or user in incident.left):
            return  # who is not there cannot leave, nor have come back
        said = self.world.slack.write(room.name, "has moved", author=user)
        said.subtype = "channel_join" if joined else "channel_leave"
        command, key = hear(said.raw(), room.id), self.key()
        noticed = (
            NoticeReturn(incident=incident.id, user=user)
            if joined
            else NoticeGone(incident=incident.id, user=user, how="left")
        )
        if told == "later" and command:
            self.deliveries += [(command, key), (noticed, f"{key}b")]
        elif told == "at once" and command:
            await self.ask(command, key)
            await self.ask(noticed, f"{key}b")

    @rule(n=NUMBERS, user=USERS, ahead=st.integers(0, 1), lasts=st.integers(1, 3))
    def somebody_pauses_notifications(self, n: IncidentId, user: UserId, ahead: int, lasts: int) -> None:
        begins = self.world.clock.now() + timedelta(hours=8 * ahead)
        ends = begins + timedelta(minutes=10 * lasts)
        self.run(self.ask(NoticePause(incident=n, user=user, begins=begins, ends=ends), self.key()))

    @rule(version=st.integers(1, 3), times=st.integers(1, 2))
    def something_goes_out(self, version: int, times: int) -> None:
        for _ in range(times):
            told = Deploy(service=CHECKOUT, version=f"4.{version}", at=self.world.clock.now())
            self.run(DeployDesk(self.world.engine).tell(told))

    @rule(number=st.integers(1, 2), ends=st.booleans())
    def a_script_silences_or_ends_it(self, number: int, *, ends: bool) -> None:
        self.run(self._silence(number, ends=ends))

    async def _silence(self, number: int, *, ends: bool) -> None:
        desk = SilenceDesk(self.world.engine)
        meant = matchers_of(f"service={CHECKOUT}")
        told = SilenceAlerts(matchers=meant, lasts=timedelta(minutes=5), by=ANA, reason="A deploy", origin=API)
        made = await desk.make(told, f"key-{number}")
        again = await desk.make(told, f"key-{number}")
        assert again.id == made.id, f"one request, two silences: {made.label} and {again.label}"
        if ends:
            over = await desk.end(made.id, ANA)
            assert over
            assert over.is_over(self.world.clock.now())

    @rule(n=NUMBERS, by=USERS, back=st.booleans())
    def a_channel_is_kept_or_brought_back(self, n: IncidentId, by: UserId, *, back: bool) -> None:
        self.run(self._bring_back(n, by) if back else self.ask(KeepChannel(incident=n, by=by), self.key()))

    async def _bring_back(self, n: IncidentId, by: UserId) -> None:
        incident = await self.world.desk.incident(await self.there(n) or n)
        if incident and incident.is_archived and incident.channel:
            room = self.world.slack.channels[incident.channel]
            if room.archived:
                room.archived = False
                room.members.append(BOT)
            await self.ask(HearChannelIsBack(incident=incident.id, by=by), self.key())

    @rule(hours=st.sampled_from([2, 15, 26]))
    def nobody_is_at_work_for_hours(self, hours: int) -> None:
        """Let hours pass at once: what was due meanwhile is done together, which costs no step for each of them."""
        self.was_away = True
        self.world.clock.move(timedelta(hours=hours))
        self.run(self.world.advance(timedelta(seconds=1)))
