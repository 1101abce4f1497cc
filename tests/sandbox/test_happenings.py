"""What happens in a workspace reaches the app as an event, whoever did it: people, admins, or the app itself."""

import pytest

from bot.sandbox.errors import NotPossible
from bot.sandbox.oracle import Count, Oracle
from bot.sandbox.state import rooms
from bot.sandbox.state.ids import ChannelId, Obj, UserId
from bot.sandbox.state.records import Channel
from tests.sandbox.here import ANA, Here

BO = UserId("U0BO")


def incidents(here: Here) -> Channel:
    return here.sandbox.workspace.channels[ChannelId("C0INCIDENTS")]


async def do(here: Here, act: str, **fields: object) -> Obj:
    """Let Ana do something, as the control API would."""
    acts = here.sandbox.control.acts | {f"admin/{name}": one for name, one in here.sandbox.control.admin.items()}
    answer = await acts[act](ANA, {"channel": "C0INCIDENTS", **fields})
    await here.settle()
    return answer


async def test_a_broadcast_reply_and_a_file_are_told(here: Here) -> None:
    ts = (await do(here, "say", text="root"))["ts"]
    await do(here, "say", text="to all", thread_ts=ts, broadcast=True)
    await do(here, "say", text="logs", files=[{"name": "app.log", "text": "oom"}])

    assert here.app.event("message.thread_broadcast")["thread_ts"] == ts
    share, shared = here.app.event("message.file_share"), here.app.event("file_shared")
    assert (shared["file_id"], shared["user_id"]) == (share["files"][0]["id"], ANA)


async def test_a_file_brought_before_is_sent_later(here: Here) -> None:
    file = (await do(here, "upload", name="graph.png", content="aGVsbG8="))["file"]
    await do(here, "say", text="see", files=[{"id": file["id"]}])

    assert (file["mimetype"], file["size"]) == ("image/png", 5)
    assert here.app.event("file_shared")["file_id"] == file["id"]


async def test_edits_deletions_reactions_and_pins_are_told(here: Here) -> None:
    ts = (await do(here, "say", text="old"))["ts"]
    await do(here, "react", ts=ts, name="eyes")
    await do(here, "unreact", ts=ts, name="eyes")
    await do(here, "pin", ts=ts)
    await do(here, "unpin", ts=ts)
    await do(here, "edit", ts=ts, text="new")
    await do(here, "delete", ts=ts)

    assert here.app.names == [
        "message",
        "reaction_added",
        "reaction_removed",
        "pin_added",
        "pin_removed",
        "message.message_changed",
        "message.message_deleted",
    ]


async def test_what_befalls_channels_is_told(here: Here) -> None:
    made = (await do(here, "create", name="war-room"))["channel"]
    await do(here, "topic", topic="Checkout")
    for act, fields in (
        ("rename", {"name": "war-room-2"}),
        ("archive", {}),
        ("unarchive", {}),
        ("admin/delete_channel", {}),
    ):
        await do(here, act, **{**fields, "channel": made})

    told = [name for name in here.app.names if name.startswith("channel_")]
    assert told == ["channel_created", "channel_rename", "channel_archive", "channel_unarchive", "channel_deleted"]
    assert here.app.event("channel_deleted") | {"event_ts": ""} == {
        "type": "channel_deleted",
        "channel": made,
        "actor_id": ANA,
        "event_ts": "",
    }
    assert here.app.event("message.channel_topic")["topic"] == "Checkout"
    reply = await here.slack.call("conversations.info", channel=made)
    assert reply.body["error"] == "channel_not_found"


async def test_a_bot_that_is_kicked_hears_it_and_then_nothing_from_there(here: Here) -> None:
    await do(here, "kick")
    await do(here, "say", text="alone at last")

    assert here.app.names == ["message.channel_leave", "member_left_channel", "channel_left"]
    assert here.app.event("channel_left")["actor_id"] == ANA
    posted = await here.slack.call("chat.postMessage", channel="C0INCIDENTS", text="hello?")
    assert posted.body["error"] == "not_in_channel"


async def test_people_come_change_and_go(here: Here) -> None:
    user = (await do(here, "admin/join_team", name="finn", real_name="Finn Olsen"))["user"]
    await do(here, "admin/rename_person", user=user, real_name="Finn Berg")
    await do(here, "admin/deactivate", user=user)

    assert here.app.event("team_join")["user"]["real_name"] == "Finn Olsen"
    changed = [one["event"]["user"] for one in here.app.payloads if one["event"]["type"] == "user_change"]
    assert [(one["profile"]["real_name"], one["deleted"]) for one in changed] == [
        ("Finn Berg", False),
        ("Finn Berg", True),
    ]
    assert user not in here.general.members


async def test_who_pauses_notifications_and_ends_the_pause_is_told_of(here: Here) -> None:
    began = here.sandbox.workspace.make.seconds()
    await do(here, "admin/snooze", user=BO, minutes=30)
    await do(here, "admin/snooze", user=BO, minutes=0)

    told = [one["event"] for one in here.app.payloads if one["event"]["type"] == "dnd_updated_user"]
    paused, ended = (one["dnd_status"] for one in told)
    assert {one["user"] for one in told} == {BO}
    assert began <= paused["next_dnd_start_ts"] <= paused["next_dnd_end_ts"] - 30 * 60
    assert ended["next_dnd_end_ts"] != paused["next_dnd_end_ts"]


async def test_scopes_and_tokens_can_be_taken(here: Here) -> None:
    await do(here, "admin/scopes", revoke=["pins:write"])
    pinned = await here.slack.call("pins.add", channel="C0GENERAL", timestamp="1.000000")
    await do(here, "admin/expire_token")
    expired = await here.post()
    await do(here, "admin/expire_token", expired=False)
    await do(here, "admin/revoke_token")
    revoked = await here.post()

    assert (pinned.body["error"], pinned.body["needed"]) == ("missing_scope", "pins:write")
    assert (expired, revoked, here.app.names) == ("token_expired", "account_inactive", ["tokens_revoked"])


async def test_a_message_may_be_lost_without_a_word(here: Here) -> None:
    await here.post()
    (message,) = here.general.messages.values()
    await do(here, "admin/lose_message", channel="C0GENERAL", ts=message.ts)

    assert (here.texts, here.app.names) == ([], ["message"])
    assert Oracle(here.sandbox.workspace).counts() == {"card": Count(posts=1, standing=0, distinct=1)}


async def test_links_to_the_apps_domains_are_told_also_from_where_its_bot_is_not(here: Here) -> None:
    here.sandbox.control.hands.link_domains = {"example.com"}
    rooms.depart(here.sandbox.workspace, incidents(here), here.sandbox.workspace.bot)
    await do(here, "say", text="see https://grafana.example.com/d/1?x=2 and https://example.org/")

    shared = here.app.event("link_shared")
    assert shared["links"] == [{"domain": "grafana.example.com", "url": "https://grafana.example.com/d/1?x=2"}]
    assert shared["is_bot_user_member"] is False


async def test_opening_the_home_tab_tells_which_view_was_seen(here: Here) -> None:
    await do(here, "open_home")
    first = here.app.event("app_home_opened")
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    await here.slack.call("views.publish", user_id=ANA, view=view)
    await do(here, "open_home")
    second = here.app.event("app_home_opened")

    assert "view" not in first
    assert (second["view"]["type"], second["view"]["state"], second["tab"]) == ("home", {"values": {}}, "home")


async def test_the_apps_bot_is_not_an_account_to_deactivate(here: Here) -> None:
    with pytest.raises(NotPossible, match="uninstall"):
        await do(here, "admin/deactivate")
