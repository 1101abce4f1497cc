"""Channels and direct messages: who may come, who may change what, what is read, what is closed."""

import dataclasses
from typing import Any

import pytest

from bot.sandbox.state import upheaval
from bot.sandbox.state.ids import ChannelId, UserId
from bot.sandbox.state.records import Standing
from tests.sandbox.caller import ANA_TOKEN, Answer, Caller

GENERAL = "C0GENERAL"


@pytest.fixture
def caller() -> Caller:
    return Caller()


def create(caller: Caller, name: str = "inc-1", **more: Any) -> str:
    return str(caller.do("conversations.create", name=name, **more)["channel"]["id"])


def become(caller: Caller, user: str, **changes: Any) -> None:
    people = caller.workspace.people
    people[UserId(user)] = dataclasses.replace(people[UserId(user)], **changes)


def invite(caller: Caller, channel: str, users: str, **more: Any) -> Answer:
    return caller.ask("conversations.invite", channel=channel, users=users, **more)


def members(caller: Caller, channel: str) -> list[str]:
    found: list[str] = caller.do("conversations.members", channel=channel)["members"]
    return found


def test_a_single_channel_guest_is_in_one_channel_only(caller: Caller) -> None:
    become(caller, "U0EVE", standing=Standing.SINGLE_CHANNEL_GUEST)
    channel = create(caller)

    assert invite(caller, channel, "U0EVE")["error"] == "ura_max_channels"
    caller.workspace.channels[ChannelId(GENERAL)].members.remove(UserId("U0EVE"))
    assert invite(caller, channel, "U0EVE")["ok"]


def test_where_only_admins_invite_guests_the_app_may_not(caller: Caller) -> None:
    become(caller, "U0EVE", standing=Standing.GUEST)
    caller.workspace.preferences.guests_by_all = False
    channel = create(caller)

    assert invite(caller, channel, "U0EVE")["error"] == "user_is_restricted"
    caller.workspace.preferences.guests_by_all = True
    assert invite(caller, channel, "U0EVE")["ok"]


@pytest.mark.parametrize(
    ("user", "changes", "code"),
    [
        ("U0EVE", {"deleted": True}, "cant_invite"),
        ("U0EVE", {"standing": Standing.STRANGER, "home": "T0ELSEWHERE"}, "no_external_invite_permission"),
        ("U0MUSTER", {}, "cant_invite_self"),
        ("U0NOBODY", None, "user_not_found"),
    ],
)
def test_who_cannot_be_invited_is_named_with_the_reason(
    caller: Caller, user: str, changes: Answer | None, code: str
) -> None:
    if changes is not None:
        become(caller, user, **changes)
    channel = create(caller)
    answer = invite(caller, channel, f"U0ANA,{user}")

    assert (answer["error"], answer["errors"]) == (code, [{"ok": False, "error": code, "user": user}])
    assert members(caller, channel) == ["U0MUSTER"]
    assert invite(caller, channel, f"U0ANA,{user}", force=True)["ok"]
    assert members(caller, channel) == ["U0MUSTER", "U0ANA"]


def test_a_hundred_people_are_invited_at_once_and_no_more(caller: Caller) -> None:
    answer = invite(caller, create(caller), ",".join(f"U{number}" for number in range(101)))

    assert (answer["error"], answer["errors"]) == (
        "invalid_arguments",
        ["no more than 100 items allowed [json-pointer:/users]"],
    )


def test_a_channel_is_renamed_by_its_creator_or_an_admin(caller: Caller) -> None:
    assert caller.refused("conversations.rename", channel=GENERAL, name="all-hands") == "not_authorized"
    become(caller, "U0MUSTER", admin=True)
    caller.do("conversations.rename", channel=GENERAL, name="all-hands")

    assert caller.refused("conversations.create", name="all-hands") == "name_taken"
    assert create(caller, "general")


def test_where_only_admins_create_channels_the_app_may_not(caller: Caller) -> None:
    caller.workspace.preferences.channels_by_all = False

    assert caller.refused("conversations.create", name="inc-1") == "restricted_action"


def test_the_last_one_stays_in_a_private_channel(caller: Caller) -> None:
    private, public = create(caller, "secret", is_private=True), create(caller, "open")

    assert caller.refused("conversations.leave", channel=private) == "last_member"
    caller.do("conversations.leave", channel=public)
    assert caller.do("conversations.leave", channel=public) == {"ok": True, "not_in_channel": True}
    assert caller.refused("conversations.leave", channel=GENERAL) == "cant_leave_general"


def test_somebody_is_removed_but_not_oneself_nor_from_general(caller: Caller) -> None:
    channel = create(caller)
    invite(caller, channel, "U0ANA")

    def kick(user: str, channel: str = channel) -> str:
        return caller.refused("conversations.kick", channel=channel, user=user)

    assert kick("U0MUSTER") == "cant_kick_self"
    assert kick("U0BO") == "not_in_channel"
    assert kick("U0NOBODY") == "user_not_found"
    assert kick("U0ANA", GENERAL) == "cant_kick_from_general"
    with caller.heard("member_left_channel") as left:
        caller.do("conversations.kick", channel=channel, user="U0ANA")
    assert [one["user"] for one in left] == ["U0ANA"]


def test_a_direct_conversation_is_closed_and_opened_again_with_all_that_was_said(caller: Caller) -> None:
    channel = caller.do("conversations.open", users="U0ANA")["channel"]["id"]
    caller.post("psst", channel=channel)

    first, second = (caller.do("conversations.close", channel=channel) for _ in range(2))
    again = caller.do("conversations.open", users="U0ANA")
    assert (first, second) == ({"ok": True}, {"ok": True, "no_op": True, "already_closed": True})
    assert (again["channel"]["id"], again["already_open"]) == (channel, False)
    assert caller.do("conversations.history", channel=channel)["messages"][0]["text"] == "psst"
    assert caller.refused("conversations.close", channel=GENERAL) == "method_not_supported_for_channel_type"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": ",".join(f"U{number}" for number in range(9))}, "too_many_users"),
        ({"users": "U0NOBODY"}, "user_not_found"),
        ({"users": "U0MUSTER"}, "not_enough_users"),
        ({"users": "U0ANA", "prevent_creation": True}, "channel_not_found"),
        ({"channel": GENERAL}, "method_not_supported_for_channel_type"),
    ],
)
def test_what_cannot_be_opened_is_refused(caller: Caller, asked: Answer, code: str) -> None:
    assert caller.refused("conversations.open", **asked) == code


def test_nobody_writes_to_somebody_who_is_gone(caller: Caller) -> None:
    become(caller, "U0EVE", deleted=True)

    assert caller.refused("conversations.open", users="U0EVE") == "user_disabled"


def test_one_marks_how_far_one_has_read(caller: Caller) -> None:
    ts = caller.post()
    caller.do("conversations.mark", channel=GENERAL, ts=ts)

    assert caller.do("conversations.info", channel=GENERAL)["channel"]["last_read"] == ts
    assert caller.refused("conversations.mark", channel=GENERAL, ts="soon") == "invalid_timestamp"


def test_the_purpose_and_the_topic_are_short(caller: Caller) -> None:
    for what in ("topic", "purpose"):
        method = f"conversations.set{what.title()}"
        caller.do(method, channel=GENERAL, **{what: "x" * 250})
        answer = caller.ask(method, channel=GENERAL, **{what: "x" * 251})
        assert answer["error"] == "too_long"
        assert caller.do("conversations.info", channel=GENERAL)["channel"][what]["value"] == "x" * 250


def test_an_archived_channel_is_left_alone(caller: Caller) -> None:
    channel = create(caller)
    caller.do("conversations.archive", channel=channel)
    acts: list[tuple[str, Answer]] = [
        ("conversations.invite", {"users": "U0ANA"}),
        ("conversations.setTopic", {"topic": "x"}),
        ("conversations.setPurpose", {"purpose": "x"}),
        ("conversations.rename", {"name": "inc-2"}),
        ("conversations.kick", {"user": "U0ANA"}),
        ("conversations.join", {}),
        ("conversations.leave", {}),
        ("chat.meMessage", {"text": "x"}),
    ]

    assert {caller.refused(method, channel=channel, **args) for method, args in acts} == {"is_archived"}
    assert caller.refused("conversations.archive", channel=GENERAL) == "cant_archive_general"


def test_cursors_and_limits_are_checked(caller: Caller) -> None:
    assert caller.refused("conversations.list", limit=1001) == "invalid_limit"
    assert caller.refused("conversations.list", cursor="???") == "invalid_cursor"
    assert caller.refused("conversations.list", types="secret_channel") == "invalid_types"
    assert caller.refused("conversations.history", channel=GENERAL, cursor="???") == "invalid_cursor"
    assert caller.refused("conversations.history", channel=GENERAL, oldest="soon") == "invalid_ts_oldest"
    assert caller.refused("conversations.history", channel=GENERAL, latest="soon") == "invalid_ts_latest"
    assert caller.refused("conversations.replies", channel=GENERAL, ts="1.0") == "thread_not_found"


def test_a_private_channel_does_not_exist_for_who_is_not_in_it(caller: Caller) -> None:
    channel = caller.workspace.channels[ChannelId(create(caller, "secret", is_private=True))]
    channel.members[:] = [UserId("U0ANA")]

    assert caller.refused("conversations.info", channel=channel.id) == "channel_not_found"
    assert caller.refused("chat.postMessage", channel=channel.id, text="x") == "channel_not_found"
    assert caller.as_ana("chat.postMessage", channel=channel.id, text="x")["ok"]
    assert caller.refused("chat.postMessage", token=ANA_TOKEN, channel="C0NOWHERE", text="x") == "channel_not_found"


def test_channels_are_found_by_name_however_many_there_are(caller: Caller) -> None:
    for number in range(200):
        create(caller, f"inc-{number}")
    caller.do("conversations.rename", channel=create(caller, "inc-x"), name="inc-y")

    assert caller.refused("conversations.create", name="inc-199") == "name_taken"
    assert caller.refused("conversations.create", name="inc-y") == "name_taken"
    assert create(caller, "inc-x")
    first = caller.do("conversations.open", users="U0ANA,U0BO")["channel"]["id"]
    assert caller.do("conversations.open", users="U0BO,U0ANA")["channel"]["id"] == first


def test_the_name_of_a_deleted_channel_is_free_again(caller: Caller) -> None:
    channel = create(caller, "inc-7")
    direct = caller.do("conversations.open", users="U0ANA")["channel"]["id"]
    upheaval.delete_channel(caller.workspace, caller.workspace.channels[ChannelId(channel)], by=UserId("U0ANA"))

    assert caller.refused("conversations.info", channel=channel) == "channel_not_found"
    assert create(caller, "inc-7") != channel
    assert caller.do("conversations.open", users="U0ANA")["channel"]["id"] == direct
