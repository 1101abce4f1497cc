"""Reading back: a few pages a turn, each turn makes headway, and what is read says what an event would have said."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import IncidentId
from bot.domain.read_back import ReadBack
from bot.domain.record_commands import RecordHistory, RecordMessage
from bot.engine.jobs import Job
from bot.errors import TryLater
from bot.outbound.slack.port import ChannelGone
from bot.outbound.slack.read_back import PAGES_AT_ONCE
from tests.fakes.slack import FakeChannel, Fault
from tests.outbound.slack.jobs import ANA, BO, Stand

WORK = ReadBack(incident=IncidentId(1))
HISTORY = "conversations.history"


def room(stand: Stand) -> FakeChannel:
    assert stand.channel
    return stand.channel


async def turn(stand: Stand, job: Job) -> RecordHistory:
    done = await stand.once(job)
    assert isinstance(done.command, RecordHistory)
    return done.command


async def every_turn(stand: Stand, work: ReadBack) -> list[RecordHistory]:
    turns = [await turn(stand, stand.job(work))]
    while rest := turns[-1].rest:
        turns.append(await turn(stand, stand.job(rest)))
    return turns


def said_in(*turns: RecordHistory) -> list[RecordMessage]:
    return [one for read in turns for one in read.messages if isinstance(one, RecordMessage)]


async def test_what_people_said_is_read_and_what_bots_said_is_not() -> None:
    stand = Stand()
    name = room(stand).name
    root = stand.slack.write(name, "Errors since <!date^1|02:58>", author=BO)
    stand.slack.write(name, "Yes &amp; more", author=ANA, thread=root.ts)
    stand.slack.write(name, "I am Muster", author="U0MUSTER")
    (read,) = await every_turn(stand, WORK)
    assert [(one.by, one.text, one.thread) for one in said_in(read)] == [
        (BO, "Errors since 02:58", None),
        (ANA, "Yes & more", root.ts),
    ]
    assert (read.read_at, read.rest) == (stand.clock.now(), None)


async def test_a_turn_asks_for_a_few_pages_and_the_next_one_goes_on() -> None:
    stand = Stand()
    for number in range(1001):
        stand.slack.write(room(stand).name, str(number))
    first, second = await every_turn(stand, WORK)
    assert [len(first.messages), len(second.messages)] == [1000, 1]
    assert len(stand.slack.calls) == PAGES_AT_ONCE + 1
    assert [one.text for one in said_in(second, first)] == [str(number) for number in range(1001)]
    assert second.work.reading
    assert second.work.reading.began == first.read_at


async def test_a_thread_that_goes_on_for_pages_is_read_to_its_end() -> None:
    stand = Stand()
    root = stand.slack.write(room(stand).name, "root")
    for number in range(450):
        stand.slack.write(room(stand).name, str(number), thread=root.ts)
    (read,) = await every_turn(stand, WORK)
    assert [one.text for one in said_in(read)] == ["root", *(str(number) for number in range(450))]


async def test_a_later_reading_asks_only_for_the_last_day_and_for_threads_that_were_answered_lately() -> None:
    stand = Stand()
    name = room(stand).name
    stand.slack.write(name, "two days ago")
    stand.clock.move(timedelta(days=1))
    quiet, busy = stand.slack.write(name, "quiet"), stand.slack.write(name, "busy")
    stand.slack.write(name, "long ago", thread=quiet.ts)
    stand.clock.move(timedelta(hours=20))
    stand.slack.write(name, "just now", thread=busy.ts)
    (read,) = await every_turn(stand, replace(WORK, since=stand.clock.now() - timedelta(minutes=10)))
    assert [one.text for one in said_in(read)] == ["quiet", "busy", "just now"]
    assert [call.method for call in stand.slack.calls] == [HISTORY, "conversations.replies"]
    stand.slack.calls.clear()
    await every_turn(stand, replace(WORK, final=True))
    assert len(stand.slack.calls) == 3, "the final one reads everything"


async def test_what_was_read_before_slack_stumbled_is_kept() -> None:
    stand = Stand()
    for number in range(300):
        stand.slack.write(room(stand).name, str(number))

    async def stumble(_method: str) -> None:
        if stand.slack.calls:
            stand.slack.meanwhile = None
            stand.slack.fail(Fault.REFUSED, method=HISTORY)

    stand.slack.meanwhile = stumble
    first, second = await every_turn(stand, WORK)
    assert [len(first.messages), len(second.messages)] == [200, 100]


async def test_a_turn_ends_when_the_lease_does_but_never_without_headway() -> None:
    stand = Stand()
    for number in range(300):
        stand.slack.write(room(stand).name, str(number))
    read = await turn(stand, replace(stand.job(WORK), still_ours=lambda: not stand.slack.calls))
    assert (len(read.messages), len(stand.slack.calls)) == (200, 1)
    assert read.rest


async def test_when_nothing_can_be_read_it_is_tried_later_or_given_up() -> None:
    stand = Stand()
    stand.slack.fail(Fault.LOST_BEFORE, method=HISTORY)
    with pytest.raises(TryLater):
        await turn(stand, stand.job(WORK))
    del stand.slack.channels[room(stand).id]
    with pytest.raises(ChannelGone):
        await turn(stand, stand.job(WORK))


async def test_a_thread_that_was_deleted_meanwhile_is_passed_over() -> None:
    stand = Stand()
    name = room(stand).name
    root = stand.slack.write(name, "root")
    answer = stand.slack.write(name, "answer", thread=root.ts)

    async def delete(method: str) -> None:
        if method == "conversations.replies":
            stand.slack.meanwhile = None
            stand.slack.delete(answer)
            stand.slack.delete(root)

    stand.slack.meanwhile = delete
    (read,) = await every_turn(stand, WORK)
    assert [one.text for one in said_in(read)] == ["root"]
