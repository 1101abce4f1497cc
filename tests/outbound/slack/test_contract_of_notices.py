"""What Slack itself says of us, against the fake and against the real gateway: it can be taken out again."""

import pytest

from bot.domain.ids import ChannelId, MessageTs
from bot.errors import Undeliverable
from bot.outbound.slack.port import MessageGone
from tests.outbound.slack.stage import Stage


async def test_the_line_that_tells_of_our_topic_can_be_taken_out_once(stage: Stage) -> None:
    channel = (await stage.slack.open_channel("inc-1-db-down-7k3")).id
    await stage.slack.set_topic(channel, "SEV-1 · Investigating")
    line = await _line_of_topic(stage, channel)
    assert line is not None
    await stage.slack.take_out(channel, line)
    assert await _line_of_topic(stage, channel) is None
    with pytest.raises(MessageGone):
        await stage.slack.take_out(channel, line)
    assert stage.topic(channel) == "SEV-1 · Investigating"


async def test_what_a_person_wrote_is_not_ours_to_take_out(stage: Stage) -> None:
    channel = stage.channel("incidents")
    said = stage.say(channel, "I look at the database")
    with pytest.raises(Undeliverable, match="take this message out"):
        await stage.slack.take_out(channel, said)
    assert stage.texts(channel) == ["I look at the database"]


async def _line_of_topic(stage: Stage, channel: ChannelId) -> MessageTs | None:
    """Return which message is Slack's own word of a new topic."""
    page = await stage.slack.history(channel, before=MessageTs("9999999999.000000"))
    return next((one.ts for one in page.messages if one.raw.get("subtype") == "channel_topic"), None)
