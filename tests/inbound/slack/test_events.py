"""What is said in Slack goes on record: who spoke, when, where it can be read; and what nobody said does not."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.commands import Command
from bot.domain.ids import ChannelId, MessageTs
from bot.domain.record_commands import RecordDeletion, RecordEdit, RecordMessage, RecordMove
from bot.engine.receipts import Receipt
from bot.errors import Overloaded, Refused
from bot.inbound.slack.app import INTRODUCTION
from tests.inbound.slack.front import ANA, BO, INCIDENT_CHANNEL, US, Front

TS = MessageTs("1596183880.004200")
AT = datetime(2020, 7, 31, 8, 24, 40, 4200, tzinfo=UTC)
LINK = "https://acme.slack.com/archives/C0INC42/p1596183880004200"
MESSAGE: dict[str, object] = {
    "type": "message", "user": ANA, "text": "Rolling back", "ts": TS, "channel": INCIDENT_CHANNEL,
    "channel_type": "channel", "event_ts": TS, "team": "T0ACME", "client_msg_id": "a8744611",
}  # fmt: skip
BEFORE: dict[str, object] = {"type": "message", "user": ANA, "text": "Rolling back", "ts": TS}
CHANGED: dict[str, object] = {
    "type": "message", "subtype": "message_changed", "hidden": True, "channel": INCIDENT_CHANNEL,
    "ts": "1596183999.000100",
    "message": {**BEFORE, "text": "Rolled back", "edited": {"user": ANA, "ts": "1596183999.000000"}},
    "previous_message": BEFORE,
}  # fmt: skip
DELETED: dict[str, object] = {
    "type": "message", "subtype": "message_deleted", "hidden": True, "channel": INCIDENT_CHANNEL,
    "ts": "1596183999.000100",
    "deleted_ts": TS, "previous_message": BEFORE,
}  # fmt: skip


def recorded(**changes: object) -> RecordMessage:
    values: dict[str, object] = {
        "channel": INCIDENT_CHANNEL, "ts": TS, "by": ANA, "said_at": AT, "text": "Rolling back", "permalink": LINK,
    }  # fmt: skip
    return RecordMessage(**{**values, **changes})  # type: ignore[arg-type]


THREAD = MessageTs("1596183000.000100")
IN_THREAD = f"{LINK}?thread_ts=1596183000.000100&cid=C0INC42"
RECORDED: dict[str, tuple[dict[str, object], Command]] = {
    "a message": (MESSAGE, recorded()),
    "an answer in a thread": ({**MESSAGE, "thread_ts": THREAD}, recorded(thread=THREAD, permalink=IN_THREAD)),
    "the message that a thread hangs from": ({**MESSAGE, "thread_ts": TS}, recorded()),
    "an answer shown in the channel too": (
        {**MESSAGE, "subtype": "thread_broadcast", "thread_ts": THREAD},
        recorded(thread=THREAD, permalink=IN_THREAD),
    ),
    "a file with words": (
        {**MESSAGE, "subtype": "file_share", "files": [{"id": "F1", "name": "graph.png"}, {"title": "log"}, {}]},
        recorded(files=("graph.png", "log")),
    ),
    "files with their addresses, of one name too": (
        {**MESSAGE, "files": [{"name": "a.png", "permalink": one} for one in ("https://a.example/1", "x")]},
        recorded(files=("a.png", "a.png"), links=("https://a.example/1", "")),
    ),
    "somebody who came, brought in": (
        {**MESSAGE, "subtype": "channel_join", "user": BO, "inviter": ANA},
        RecordMove(channel=INCIDENT_CHANNEL, ts=TS, user=BO, moved_at=AT, joined=True, brought_by=ANA),
    ),
    "somebody who left a private channel": (
        {**MESSAGE, "subtype": "group_leave", "user": BO},
        RecordMove(channel=INCIDENT_CHANNEL, ts=TS, user=BO, moved_at=AT, joined=False),
    ),
    "a file without words": (
        {**MESSAGE, "subtype": "file_share", "text": "", "files": [{"name": "graph.png"}]},
        recorded(text="", files=("graph.png",)),
    ),
    "a /me": ({**MESSAGE, "subtype": "me_message"}, recorded()),
    "Slack's markup, made plain": (
        {**MESSAGE, "text": "<@U0BO> see <https://a.example/?a=1&amp;b|runbook> &lt;now&gt;"},
        recorded(text="<@U0BO> see runbook (https://a.example/?a=1&b) <now>"),
    ),
    "what cannot be stored, left out": ({**MESSAGE, "text": "a\x00b\ud800"}, recorded(text="ab\ufffd")),
    "an edit": (
        CHANGED,
        RecordEdit(channel=INCIDENT_CHANNEL, ts=TS, by=ANA, text="Rolled back", permalink=LINK),
    ),
    "an edit by somebody else": (
        {**CHANGED, "message": {**BEFORE, "text": "x", "edited": {"user": BO}}},
        RecordEdit(channel=INCIDENT_CHANNEL, ts=TS, by=BO, text="x", permalink=LINK),
    ),
    "an edit of what we never saw": (
        {**CHANGED, "previous_message": None},
        RecordEdit(channel=INCIDENT_CHANNEL, ts=TS, by=ANA, text="Rolled back", permalink=LINK),
    ),
    "an edit in a thread": (
        {**CHANGED, "message": {**BEFORE, "text": "x", "thread_ts": THREAD}},
        RecordEdit(channel=INCIDENT_CHANNEL, ts=TS, by=ANA, text="x", permalink=IN_THREAD),
    ),
    "a deletion": (DELETED, RecordDeletion(channel=INCIDENT_CHANNEL, ts=TS)),
    "a deletion of what we never saw": (
        {**DELETED, "previous_message": None},
        RecordDeletion(channel=INCIDENT_CHANNEL, ts=TS),
    ),
    "a deletion that leaves a thread behind": (
        {**CHANGED, "message": {"subtype": "tombstone", "user": "USLACKBOT", "text": "Deleted.", "ts": TS}},
        RecordDeletion(channel=INCIDENT_CHANNEL, ts=TS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", list(RECORDED))
async def test_what_people_say_is_kept_before_slack_is_answered(what: str) -> None:
    front = Front()
    event, command = RECORDED[what]
    answer = await front.event(event, event_id="Ev7")
    assert front.desk.taken == [command]
    assert answer.status == 200
    assert Receipt(origin="slack.event", key="Ev7") in front.desk.receipts


BY_A_BOT = {**BEFORE, "bot_id": "B0OTHER"}
IGNORED: dict[str, dict[str, object]] = {
    "our own message": {**MESSAGE, "user": US.user, "bot_id": US.bot},
    "our own message, by name only": {**MESSAGE, "user": US.user},
    "another bot's": {**MESSAGE, "bot_id": "B0OTHER", "bot_profile": {"id": "B0OTHER"}},
    "a webhook's": {**MESSAGE, "subtype": "bot_message", "user": None, "bot_id": "B0HOOK"},
    "Slackbot's": {**MESSAGE, "user": "USLACKBOT"},
    "ourselves, who joined": {**MESSAGE, "subtype": "channel_join", "user": US.user},
    "somebody who joined at no time": {**MESSAGE, "subtype": "channel_join", "ts": "now"},
    "a topic": {**MESSAGE, "subtype": "channel_topic", "topic": "x"},
    "an answer was given": {**MESSAGE, "subtype": "message_replied", "message": BEFORE},
    "nothing at all": {**MESSAGE, "text": ""},
    "an unfurled link": {**CHANGED, "message": {**BEFORE, "attachments": [{}]}},
    "our own card, refreshed": {
        **CHANGED,
        "message": {**BEFORE, "user": US.user, "bot_id": US.bot, "text": "now"},
        "previous_message": {**BEFORE, "user": US.user, "bot_id": US.bot},
    },
    "a bot's edit": {**CHANGED, "message": {**BY_A_BOT, "text": "new"}, "previous_message": BY_A_BOT},
    "a bot's deletion": {**DELETED, "previous_message": BY_A_BOT},
    "a bot's tombstone": {**CHANGED, "message": {"subtype": "tombstone", "ts": TS}, "previous_message": BY_A_BOT},
    "no channel": {**MESSAGE, "channel": None},
    "no time": {**MESSAGE, "ts": None},
    "a time that is none": {**MESSAGE, "ts": "1e9"},
    "a time of another age": {**MESSAGE, "ts": "99999999999.000000"},
    "a shape nobody knows": {"type": "message", "message": [], "previous_message": 3, "subtype": ["x"]},
    "a change of nothing": {"type": "message", "subtype": "message_changed", "channel": INCIDENT_CHANNEL},
    "another event": {"type": "reaction_added", "user": ANA, "reaction": "eyes"},
    "the app was removed": {"type": "app_uninstalled"},
}


@pytest.mark.parametrize("what", list(IGNORED))
async def test_what_nobody_said_is_acknowledged_and_not_recorded(what: str) -> None:
    front = Front()
    answer = await front.event(IGNORED[what])
    assert (answer.status, front.desk.taken) == (200, [])


@pytest.mark.parametrize("subtype", ["channel_topic", "group_topic"])
async def test_slacks_word_of_a_topic_that_we_set_is_to_be_taken_out(subtype: str) -> None:
    front = Front()
    line = {**MESSAGE, "subtype": subtype, "user": US.user, "bot_id": US.bot, "topic": "SEV-1"}
    answer = await front.event(line)
    assert (answer.status, front.desk.taken, front.desk.notices) == (200, [], [(INCIDENT_CHANNEL, TS)])


@pytest.mark.parametrize(
    "change", [{"user": "U0ANA"}, {"ts": "now"}, {"channel": None}, {"subtype": "channel_purpose"}]
)
async def test_any_other_line_of_slacks_is_left_alone(change: dict[str, object]) -> None:
    front = Front()
    await front.event({**MESSAGE, "subtype": "channel_topic", "user": US.user, **change})
    assert front.desk.notices == []


async def test_an_event_delivered_twice_is_recorded_once() -> None:
    front = Front()
    for _ in range(2):
        assert (await front.event(MESSAGE, event_id="Ev7")).status == 200
    assert len(front.desk.taken) == 1


async def test_a_retry_that_is_the_first_to_arrive_is_recorded() -> None:
    front = Front()
    body = json.dumps({"type": "event_callback", "event_id": "Ev1", "team_id": "T0ACME", "event": MESSAGE}).encode()
    headers = {
        **front.signed(body, "application/json"),
        "X-Slack-Retry-Num": "2",
        "X-Slack-Retry-Reason": "http_timeout",
    }
    assert (await front.app.handle_http(headers, body)).status == 200
    assert len(front.desk.taken) == 1


async def test_people_of_other_workspaces_are_heard_in_shared_channels() -> None:
    front = Front()
    await front.event({**MESSAGE, "user": "U0GUEST", "team": "T0OTHER"}, team_id="T0OTHER", is_ext_shared_channel=True)
    assert [command.by for command in front.desk.taken if isinstance(command, RecordMessage)] == ["U0GUEST"]


async def test_a_message_elsewhere_goes_to_the_desk_which_knows_whose_channel_it_is() -> None:
    front = Front()
    await front.event({**MESSAGE, "channel": "C0GENERAL"})
    assert [command.channel for command in front.desk.taken if isinstance(command, RecordMessage)] == [
        ChannelId("C0GENERAL")
    ]


@pytest.mark.parametrize(
    ("error", "status", "retry_after"),
    [
        (Overloaded("full", after=timedelta(milliseconds=1500)), 503, "2"),
        (RuntimeError("x"), 500, None),
        (Refused("no"), 200, None),
    ],
)
async def test_what_was_not_kept_is_asked_for_again(error: Exception, status: int, retry_after: str | None) -> None:
    front = Front()
    front.desk.fail = error
    answer = await front.event(MESSAGE)
    assert (answer.status, answer.headers.get("retry-after")) == (status, retry_after)
    front.desk.fail = None
    assert (await front.event(MESSAGE)).status == 200


async def test_while_slack_has_not_said_who_we_are_events_are_asked_for_again() -> None:
    front = Front(identity=None)
    asked = asyncio.create_task(front.event(MESSAGE))
    await front.clock.advance(INTRODUCTION)
    assert (await asked).status == 503
