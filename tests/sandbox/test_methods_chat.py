"""Messages: threads, disguises, limits, whose they are, what an edit may do."""

from typing import Any

import pytest

from bot.sandbox.state import rooms
from bot.sandbox.state.ids import ChannelId, Ts
from tests.sandbox.apps import CARD
from tests.sandbox.caller import ANA_TOKEN, Answer, Caller

GENERAL = ChannelId("C0GENERAL")


@pytest.fixture
def caller() -> Caller:
    return Caller()


def refused(caller: Caller, method: str = "chat.postMessage", **args: Any) -> str:
    return caller.refused(method, **{"channel": GENERAL, "text": "x", **args})


def history(caller: Caller) -> list[Answer]:
    messages: list[Answer] = caller.do("conversations.history", channel=GENERAL, include_all_metadata=True)["messages"]
    return messages


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"text": ""}, "no_text"),
        ({"blocks": "not json"}, "invalid_blocks_format"),
        ({"blocks": {"type": "divider"}}, "invalid_blocks_format"),
        ({"blocks": [{"type": "hologram"}]}, "invalid_blocks"),
        ({"attachments": "not json"}, "invalid_arguments"),
        ({"attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        ({"attachments": [{"blocks": [{"type": "hologram"}]}]}, "invalid_blocks"),
        ({"metadata": "not json"}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
        ({"metadata": {"event_type": "x", "event_payload": {"k": "x" * 9_000}}}, "metadata_too_large"),
        ({"markdown_text": "x"}, "markdown_text_conflict"),
        ({"text": None, "markdown_text": "x" * 12_001}, "msg_blocks_too_long"),
        ({"thread_ts": "1.000000"}, "thread_not_found"),
        ({"thread_ts": "soon"}, "invalid_thread_ts"),
        ({"as_user": "true"}, "as_user_not_supported"),
        ({"channel": "C0NOWHERE"}, "channel_not_found"),
    ],
)
def test_what_slack_refuses_to_post_is_refused(caller: Caller, said: Answer, code: str) -> None:
    assert refused(caller, **said) == code
    assert history(caller) == []


def test_faults_in_attachments_are_pointed_at(caller: Caller) -> None:
    answer = caller.ask("chat.postMessage", channel=GENERAL, attachments=[{"blocks": [{"type": "hologram"}]}])

    assert answer["errors"] == ["unsupported type: hologram [json-pointer:/attachments/0/blocks/0/type]"]
    assert answer["response_metadata"]["messages"] == [f"[ERROR] {answer['errors'][0]}"]


def test_attachments_are_numbered_and_have_a_fallback(caller: Caller) -> None:
    caller.post(attachments=[{"text": "one"}, {"text": "two", "fallback": "2"}])

    shown = history(caller)[0]["attachments"]
    assert [(one["id"], one["fallback"]) for one in shown] == [(1, "[no preview available]"), (2, "2")]


def test_more_than_40000_characters_are_cut_off(caller: Caller) -> None:
    caller.post("x" * 50_000)

    assert sum(len(one["text"]) for one in history(caller)) == 40_000
    assert len(history(caller)) == 10


def test_text_beside_blocks_is_not_split(caller: Caller) -> None:
    caller.post("x" * 9_000, blocks=CARD)

    assert [len(one["text"]) for one in history(caller)] == [9_000]


def test_a_message_is_posted_to_a_channels_name_too(caller: Caller) -> None:
    assert caller.do("chat.postMessage", channel="#general", text="x")["channel"] == GENERAL
    assert caller.do("chat.postMessage", channel="alerts", text="x")["channel"] == "C0ALERTS"


def test_a_name_and_a_picture_need_a_scope_of_their_own(caller: Caller) -> None:
    caller.post(username="Pager", icon_emoji=":pager:")
    caller.post(username="Pager", icon_url="https://example.com/p.png")

    newest, older = history(caller)
    assert (newest["username"], newest["icons"]) == ("Pager", {"image_48": "https://example.com/p.png"})
    assert older["icons"] == {"emoji": ":pager:"}
    refusal = caller.ask("chat.postMessage", token=ANA_TOKEN, channel=GENERAL, text="x", username="Pager")
    assert (refusal["error"], refusal["needed"]) == ("missing_scope", "chat:write.customize")


def test_a_reply_may_be_shown_in_the_channel_at_once_or_later(caller: Caller) -> None:
    root = caller.post("root")
    at_once = caller.post("at once", thread_ts=root, reply_broadcast=True)
    later = caller.post("later", thread_ts=at_once)
    before = [one["text"] for one in history(caller)]

    both = caller.refused("chat.update", channel=GENERAL, ts=later, text="other", reply_broadcast=True)
    caller.do("chat.update", channel=GENERAL, ts=later, text="later", reply_broadcast=True)
    assert both == "no_dual_broadcast_content_update"
    assert before == ["at once", "root"]
    assert [one["text"] for one in history(caller)] == ["later", "at once", "root"]
    assert refused(caller, "chat.update", ts=root, reply_broadcast=True) == "cant_broadcast_message"


def test_nobody_replies_to_what_slack_itself_wrote(caller: Caller) -> None:
    channel = caller.do("conversations.create", name="inc-1")["channel"]["id"]
    joined = caller.do("conversations.history", channel=channel)["messages"][0]["ts"]

    assert refused(caller, channel=channel, thread_ts=joined) == "cannot_reply_to_message"
    assert refused(caller, "chat.update", channel=channel, ts=joined) == "cant_update_message"
    assert refused(caller, "chat.delete", channel=channel, ts=joined) == "cant_delete_message"
    assert refused(caller, "pins.add", channel=channel, timestamp=joined) == "not_pinnable"


def test_a_message_in_an_archived_channel_is_not_edited(caller: Caller) -> None:
    channel = caller.do("conversations.create", name="inc-1")["channel"]["id"]
    ts = caller.post(channel=channel)
    caller.do("conversations.archive", channel=channel)

    assert refused(caller, "chat.update", channel=channel, ts=ts) == "is_inactive"
    assert refused(caller, channel=channel) == "is_archived"


def test_people_and_the_bot_edit_their_own_messages_only(caller: Caller) -> None:
    mine = caller.post("mine")
    anas = caller.as_ana("chat.postMessage", channel=GENERAL, text="Ana's")["ts"]

    assert refused(caller, "chat.update", ts=anas) == "cant_update_message"
    assert refused(caller, "chat.delete", token=ANA_TOKEN, ts=mine) == "cant_delete_message"
    caller.as_ana("chat.update", channel=GENERAL, ts=anas, text="still Ana's")
    assert [one["text"] for one in history(caller)] == ["still Ana's", "mine"]


def test_a_free_team_has_a_number_of_messages(caller: Caller) -> None:
    caller.workspace.preferences.messages_left = 1
    caller.post()

    assert refused(caller) == "message_limit_exceeded"
    assert refused(caller, "chat.postEphemeral", user="U0ANA") == "message_limit_exceeded"
    later = caller.workspace.make.seconds() + 600
    assert refused(caller, "chat.scheduleMessage", post_at=later) == "message_limit_exceeded"


def test_a_client_msg_id_is_looked_up_only_when_asked_to(caller: Caller) -> None:
    first = caller.post(client_msg_id="a")
    caller.post(client_msg_id="a")
    caller.workspace.dedupe_client_msg_id = True
    newest = caller.workspace.channels[GENERAL].client_ids["a"]
    answer = caller.ask("chat.postMessage", channel=GENERAL, text="x", client_msg_id="a")

    assert first != newest
    assert (answer["error"], answer["ts"]) == ("duplicate_message", newest)
    caller.do("chat.delete", channel=GENERAL, ts=newest)
    assert caller.post(client_msg_id="a")


def test_an_ephemeral_message_is_for_somebody_in_the_channel(caller: Caller) -> None:
    assert refused(caller, "chat.postEphemeral", user="U0NOBODY") == "user_not_in_channel"
    assert refused(caller, "chat.postEphemeral", channel="C0ALERTS", user="U0EVE") == "user_not_in_channel"
    assert refused(caller, "chat.postEphemeral", user="U0ANA", text="x" * 40_001) == "msg_too_long"
    ts = caller.do("chat.postEphemeral", channel=GENERAL, user="U0ANA", text="x")["message_ts"]
    assert refused(caller, "chat.update", ts=ts) == "message_not_found"


def test_what_one_does_is_told_in_the_third_person(caller: Caller) -> None:
    caller.do("chat.meMessage", channel=GENERAL, text="looks into it")

    assert (history(caller)[0]["subtype"], history(caller)[0]["text"]) == ("me_message", "looks into it")
    assert refused(caller, "chat.meMessage", text="x" * 4_001) == "msg_too_long"


def test_a_link_is_unfurled_once_and_only_where_it_stands(caller: Caller) -> None:
    address = "https://muster.example/incidents/7"
    ts = caller.as_ana("chat.postMessage", channel=GENERAL, text=f"see {address}")["ts"]
    for text in ("Checkout is down", "again"):
        caller.do("chat.unfurl", channel=GENERAL, ts=ts, unfurls={address: {"text": text}})

    shown = history(caller)[0]["attachments"]
    assert [(one["text"], one["from_url"]) for one in shown] == [("Checkout is down", address)]

    def unfurl(**args: Any) -> str:
        good = {"channel": GENERAL, "ts": ts, "unfurls": {address: {}}}
        return caller.refused("chat.unfurl", **{**good, **args})

    assert unfurl(channel=None) == "missing_channel"
    assert unfurl(ts=None) == "missing_ts"
    assert unfurl(unfurls=None) == "missing_unfurls"
    assert unfurl(unfurls="{") == "invalid_unfurls_format"
    assert unfurl(unfurls={"https://elsewhere.example": {}}) == "cannot_unfurl_message"
    assert unfurl(channel="C0NOWHERE") == "cannot_find_channel"
    assert unfurl(ts="1.000000") == "cannot_find_message"


def test_who_left_a_channel_needs_a_scope_to_post_there(caller: Caller) -> None:
    channel = caller.do("conversations.create", name="inc-1")["channel"]["id"]
    caller.do("conversations.invite", channel=channel, users="U0ANA")
    rooms.depart(caller.workspace, caller.workspace.channels[ChannelId(channel)], caller.workspace.bot)

    assert refused(caller, channel=channel) == "not_in_channel"
    assert caller.refused("reactions.add", channel=channel, timestamp="1.0", name="eyes") == "not_in_channel"
    assert caller.refused("conversations.replies", channel=channel, ts="1.0") == "not_in_channel"


def test_a_look_at_the_newest_costs_the_same_in_a_long_channel(caller: Caller) -> None:
    for number in range(300):
        caller.post(str(number))
    looked: list[Ts] = []

    class Watched(dict[Ts, Any]):
        def __reversed__(self) -> Any:
            for key in list(self)[::-1]:
                looked.append(key)
                yield key

        def values(self) -> Any:
            return _Values(self)

    class _Values:
        def __init__(self, messages: Watched) -> None:
            self._messages = messages

        def __reversed__(self) -> Any:
            return (self._messages[key] for key in reversed(self._messages))

    channel = caller.workspace.channels[GENERAL]
    channel.messages = Watched(channel.messages)
    newest = caller.do("conversations.history", channel=GENERAL, limit=2)

    assert [one["text"] for one in newest["messages"]] == ["299", "298"]
    assert len(looked) <= 4


def test_a_thread_tells_who_wrote_in_it_also_after_some_of_it_was_deleted(caller: Caller) -> None:
    root = caller.post("root")
    first, second = (caller.post(text, thread_ts=root) for text in ("one", "two"))
    caller.as_ana("chat.postMessage", channel=GENERAL, text="three", thread_ts=root)

    def thread() -> Answer:
        shape = history(caller)[0]
        return {key: shape.get(key) for key in ("reply_count", "reply_users", "reply_users_count", "latest_reply")}

    assert (thread()["reply_count"], thread()["reply_users"]) == (3, ["U0MUSTER", "U0ANA"])
    caller.do("chat.delete", channel=GENERAL, ts=first)
    assert (thread()["reply_count"], thread()["reply_users"]) == (2, ["U0MUSTER", "U0ANA"])
    caller.do("chat.delete", channel=GENERAL, ts=second)
    assert (thread()["reply_count"], thread()["reply_users"]) == (1, ["U0ANA"])
