"""Short runs of a world, each with one kind of trouble. Where the code is sound they end well: that is tried first."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from bot.domain.commands import SendUpdate, SetSeverity, SetStatus
from bot.domain.model import Severity, Status
from bot.domain.tracks import Track
from bot.engine.jobs import Done, Job, Perform
from bot.failpoints import told
from bot.store import lanes
from tests.engine.world import ANA, BO, CLEO
from tests.fakes.slack import Fault, Killed
from tests.torture.trial import A_MINUTE, N, Trial

Run = Callable[[Trial], Awaitable[None]]


@contextmanager
def killed_before(*commits: str) -> Iterator[None]:
    """Let the process die once right before each of these commits."""
    left = [f"before commit of {what}" for what in commits]

    def hook(place: str) -> None:
        if place in left:
            left.remove(place)
            raise Killed

    with told(hook):
        yield


async def replies_are_lost(trial: Trial) -> None:
    slack = trial.world.slack
    slack.fail(Fault.LOST_AFTER, method="bookmarks.add")
    await trial.declare()
    await trial.world.advance(A_MINUTE)
    slack.fail(Fault.LOST_AFTER, method="chat.postMessage", times=2)
    await trial.give(BO)
    await trial.world.advance(A_MINUTE)
    slack.fail(Fault.LOST_AFTER, method="files.completeUploadExternal")
    await trial.resolve()
    await trial.world.advance(A_MINUTE)
    await trial.end()


async def one_is_private(trial: Trial) -> None:
    await trial.declare("A laptop was stolen", private=True)
    await trial.world.advance(A_MINUTE)
    await trial.give(BO)
    await trial.resolve()
    await trial.world.advance(A_MINUTE)
    await trial.end()


async def replies_come_late(trial: Trial) -> None:
    trial.world.slack.late = timedelta(seconds=9)
    await trial.declare()
    await trial.world.settle()
    trial.world.slack.fail(Fault.APPLIED_LATE, method="chat.postMessage")
    await trial.give(BO)
    await trial.world.advance(A_MINUTE)
    await trial.end()


async def the_process_dies(trial: Trial) -> None:
    opened = ("the result of slack.open_channel", "the channel of an incident")
    with killed_before(*opened, "RecordMessage", "what was asked"):
        await trial.declare()
        await trial.world.advance(A_MINUTE)
        await trial.write()
        trial.world.slack.fail(Fault.KILLED_BEFORE, method="chat.postMessage")
        await trial.give(BO)
        await trial.world.advance(A_MINUTE)
        await trial.write("It leaks still")
        await trial.world.die()
    trial.log.written.clear()
    await trial.look()
    await trial.end()


async def a_worker_freezes_behind_its_call(trial: Trial) -> None:
    """A new process takes over while it sleeps, and then it wakes up."""
    world, frozen = trial.world, list[str]()

    def freezing(kind: str, perform: Perform) -> Perform:
        async def slow(job: Job) -> Done:
            done = await perform(job)
            if kind == "slack.remind" and not frozen:
                frozen.append(kind)
                async with world.database.transaction() as connection:
                    await lanes.release_all(connection)
                await world.advance(timedelta(seconds=20))
            return done

        return slow

    world.wrap = freezing
    world.start()
    await trial.declare()
    await world.advance(timedelta(minutes=8))
    await trial.end()


async def two_are_at_work(trial: Trial) -> None:
    await trial.declare()
    await trial.world.freeze(Track.CHAT)
    twin = trial.world.another()
    trial.world.frozen += [(twin, claim) for claim in await trial.world.claim(twin, Track.PAGER)]
    await trial.look()
    await trial.end()


async def slack_is_away_for_hours(trial: Trial) -> None:
    await trial.declare()
    await trial.world.settle()
    trial.world.slack.down = Fault.REFUSED
    await trial.give(BO)
    await trial.world.advance(timedelta(hours=3))
    await trial.look()
    trial.world.slack.heal()
    await trial.world.advance(timedelta(minutes=2))
    await trial.look()
    await trial.end()


async def the_clocks_are_put_forward(trial: Trial) -> None:
    """In Berlin the night of 29 March 2026 has no hour between two and three."""
    trial.world.clock.move(datetime(2026, 3, 27, 21, tzinfo=UTC) - trial.world.clock.now())
    await trial.declare(severity=Severity.SEV3)
    await trial.give(BO)
    await trial.world.advance(timedelta(hours=50))
    await trial.end()


async def text_comes_from_outside(trial: Trial) -> None:
    await trial.declare("Search <!here> is slow, says <@U0STRANGER>")
    await trial.world.settle()
    await trial.ask(SendUpdate(incident=N, text="Tell <!channel>", by=ANA))
    await trial.end()


async def deliveries_come_again(trial: Trial) -> None:
    await trial.declare()
    await trial.world.settle()
    await trial.give(BO, "first")
    await trial.give(CLEO, "second")
    await trial.give(BO, "first")
    await trial.end()


async def slack_asks_to_be_left_alone(trial: Trial) -> None:
    await trial.declare()
    await trial.world.settle()
    trial.world.clock.move(A_MINUTE)
    trial.world.slack.retry_after = timedelta(seconds=30)
    trial.world.slack.fail(Fault.REFUSED, method="conversations.setTopic")
    await trial.ask(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await trial.world.advance(A_MINUTE)
    await trial.look(limited="conversations.setTopic")
    await trial.end()


async def it_goes_on_after_the_end(trial: Trial) -> None:
    await trial.declare(severity=Severity.SEV3)
    await trial.world.settle()
    await trial.resolve()
    await trial.world.advance(A_MINUTE)
    await trial.ask(SetSeverity(incident=N, severity=Severity.SEV1, by=BO))
    await trial.end()


async def work_is_poisoned(trial: Trial) -> None:
    """It is set aside, so not all is well at the end."""

    def poison(kind: str, perform: Perform) -> Perform:
        async def broken(job: Job) -> Done:
            raise ZeroDivisionError

        return broken if kind == "slack.topic" else perform

    trial.world.wrap = poison
    trial.world.start()
    await trial.declare()
    await trial.world.advance(timedelta(minutes=2))
    await trial.look()


async def events_are_lost(trial: Trial) -> None:
    await trial.declare()
    await trial.world.settle()
    said = trial.world.slack.write((await trial.world.incident()).channel_name, "It leaks", author=BO)
    trial.log.written.add((N, said.ts))
    await trial.end()


async def the_pager_is_away(trial: Trial) -> None:
    trial.world.pager.down = True
    await trial.declare()
    await trial.world.settle()
    await trial.resolve()
    await trial.world.advance(timedelta(seconds=5))
    await trial.end()


async def the_pager_stays_away(trial: Trial) -> None:
    trial.world.pager.down = True
    await trial.declare()
    await trial.world.advance(timedelta(minutes=2))
    await trial.look()
    await trial.end()


async def a_stranger_has_the_name(trial: Trial) -> None:
    await trial.declare()
    trial.world.slack.add_channel((await trial.world.incident()).channel_name)
    await trial.end()


async def a_decision_comes_during_a_call(trial: Trial) -> None:
    await trial.declare()
    await trial.world.settle()

    async def during(method: str) -> None:
        if method == "conversations.setTopic":
            trial.world.slack.meanwhile = None
            await trial.ask(SetStatus(incident=N, status=Status.MONITORING, by=ANA))

    trial.world.slack.meanwhile = during
    await trial.ask(SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA))
    await trial.world.advance(A_MINUTE)
    await trial.end()


async def slack_stumbles(trial: Trial) -> None:
    await trial.declare()
    await trial.world.settle()
    trial.world.slack.fail(Fault.REFUSED, method="chat.postMessage", times=2)
    await trial.give(BO)
    await trial.look()
    await trial.world.settle()
    await trial.look()
    await trial.ask(SendUpdate(incident=N, text="Rolling back", by=ANA))
    await trial.look()
    await trial.end()


async def a_declaration_is_refused(trial: Trial) -> None:
    await trial.declare("")
    await trial.declare()
    await trial.end()


async def the_process_stalls(trial: Trial) -> None:
    await trial.declare()
    await trial.world.settle()
    trial.world.clock.move(timedelta(minutes=30, seconds=3))
    await trial.world.advance(timedelta(minutes=31))
    await trial.look()
    await trial.end()


async def it_gets_worse(trial: Trial) -> None:
    await trial.declare(severity=Severity.SEV4)
    await trial.world.settle()
    await trial.ask(SetSeverity(incident=N, severity=Severity.SEV1, by=ANA))
    await trial.look()
    await trial.end()
