"""The contract of reading back what people wrote: against the fake and against the real gateway."""

import pytest

from bot.domain.ids import ChannelId, MessageTs
from bot.errors import TryLater
from bot.outbound.slack.port import ChannelGone, MessageGone, NotInChannel
from bot.views.blocks import message, section
from tests.fakes.slack import Fault
from tests.outbound.slack.stage import ANA, Stage

END = MessageTs("9999999999.000000")


async def test_a_channel_is_read_from_the_newest_message_back_between_two_moments(stage: Stage) -> None:
    channel = stage.channel("incidents")
    first, *between, last = [stage.say(channel, f"message {number}") for number in range(4)]
    page = await stage.slack.history(channel, before=last, after=first)
    assert [one.ts for one in page.messages] == between[::-1]
    assert [one.raw["text"] for one in page.messages] == ["message 2", "message 1"]
    assert [one.raw["user"] for one in page.messages] == [ANA, ANA]
    assert not page.more


async def test_a_long_channel_comes_in_pages_and_goes_on_before_the_oldest_that_was_seen(stage: Stage) -> None:
    channel = stage.channel("incidents")
    said = [stage.say(channel, f"message {number}") for number in range(450)]
    before, sizes, read = END, [], []
    more = True
    while more:
        page = await stage.slack.history(channel, before=before)
        sizes.append(len(page.messages))
        read += [one.ts for one in page.messages]
        more, before = page.more, page.messages[-1].ts
    assert [ts for ts in read if ts in said] == said[::-1]
    assert sizes[:2] == [200, 200]


async def test_one_message_is_read_in_the_channel_and_in_a_thread_and_is_gone_when_it_was_deleted(stage: Stage) -> None:
    channel = stage.channel("incidents")
    alone, root = stage.say(channel, "alone"), stage.say(channel, "root")
    answers = [stage.say(channel, f"answer {number}", thread=root) for number in range(3)]
    for ts, text in ((alone, "alone"), (root, "root"), (answers[1], "answer 1")):
        found = await stage.slack.message(channel, ts)
        assert (found.ts, found.raw["text"], found.raw["user"]) == (ts, text, ANA)
    assert (await stage.slack.message(channel, answers[1])).thread == root
    with pytest.raises(MessageGone):
        await stage.slack.message(channel, MessageTs("1111111111.000000"))


async def test_a_message_tells_of_its_answers_and_they_are_read_for_themselves(stage: Stage) -> None:
    channel = stage.channel("incidents")
    root = stage.say(channel, "root")
    answers = [stage.say(channel, f"answer {number}", thread=root) for number in range(3)]
    (shown,) = (await stage.slack.history(channel, before=END)).messages[:1]
    assert (shown.ts, shown.thread, shown.newest_answer) == (root, root, answers[-1])
    assert [one.ts for one in (await stage.slack.replies(channel, root, after=root)).messages] == answers
    later = await stage.slack.replies(channel, root, after=answers[0])
    assert [(one.ts, one.thread) for one in later.messages] == [(ts, root) for ts in answers[1:]]
    assert not later.more


async def test_who_answers_an_answer_does_so_in_its_thread(stage: Stage) -> None:
    channel = stage.channel("incidents")
    root = stage.say(channel, "root")
    answer = stage.say(channel, "answer", thread=root)
    another = stage.say(channel, "another", thread=answer)
    (shown,) = (await stage.slack.history(channel, before=END)).messages[:1]
    assert (shown.ts, shown.newest_answer) == (root, another)
    answers = (await stage.slack.replies(channel, root, after=root)).messages
    assert [(one.ts, one.thread) for one in answers] == [(answer, root), (another, root)]


async def test_a_long_thread_comes_in_pages_and_goes_on_after_the_newest_that_was_seen(stage: Stage) -> None:
    channel = stage.channel("incidents")
    root = stage.say(channel, "root")
    answers = [stage.say(channel, f"answer {number}", thread=root) for number in range(250)]
    first = await stage.slack.replies(channel, root, after=root)
    assert first.more
    rest = await stage.slack.replies(channel, root, after=first.messages[-1].ts)
    assert not rest.more
    assert [one.ts for one in (*first.messages, *rest.messages)] == answers


async def test_a_message_that_nobody_answered_is_in_no_thread(stage: Stage) -> None:
    channel = stage.channel("incidents")
    stage.say(channel, "alone")
    (shown,) = (await stage.slack.history(channel, before=END)).messages[:1]
    assert (shown.thread, shown.newest_answer) == (None, None)


async def test_what_was_edited_is_read_as_it_stands_now(stage: Stage) -> None:
    channel = stage.channel("incidents")
    stage.edit(channel, stage.say(channel, "before"), "after")
    (shown,) = (await stage.slack.history(channel, before=END)).messages[:1]
    assert shown.raw["text"] == "after"


async def test_what_we_say_ourselves_is_known_by_our_name(stage: Stage) -> None:
    channel = stage.channel("incidents")
    posted = await stage.slack.post(channel, message("hello", section("hello")), "said:1:4")
    (shown,) = (await stage.slack.history(channel, before=END)).messages[:1]
    me = await stage.slack.whoami()
    assert (shown.ts, shown.raw["user"]) == (posted.ts, me.user)
    assert shown.raw["bot_id"] == me.bot


async def test_a_thread_that_is_gone_says_so(stage: Stage) -> None:
    channel = stage.channel("incidents")
    root = stage.say(channel, "root")
    stage.delete(channel, root)
    with pytest.raises(MessageGone):
        await stage.slack.replies(channel, root, after=root)


async def test_an_archived_channel_which_the_bot_is_put_out_of_cannot_be_read(stage: Stage) -> None:
    channel = stage.channel("incidents")
    stage.say(channel, "over")
    stage.archive(channel)
    with pytest.raises(NotInChannel):
        await stage.slack.history(channel, before=END)


async def test_a_deleted_channel_cannot_be_read(stage: Stage) -> None:
    with pytest.raises(ChannelGone):
        await stage.slack.history(ChannelId("C0NOWHERE"), before=END)


async def test_out_of_the_channel_reading_waits_to_be_invited(stage: Stage) -> None:
    channel = stage.channel("incidents")
    stage.remove_bot(channel)
    with pytest.raises(TryLater, match="/invite"):
        await stage.slack.history(channel, before=END)


async def test_an_answer_that_is_lost_is_only_asked_for_later(stage: Stage) -> None:
    stage.go_wrong(Fault.LOST_BEFORE, "conversations.history")
    with pytest.raises(TryLater):
        await stage.slack.history(stage.channel("incidents"), before=END)
