"""Channels are as strict as Slack's: names, membership, archives, invitations."""

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import BOT_TOKEN


async def refusal(call: object) -> str:
    """Return the code with which Slack refuses a call."""
    with pytest.raises(SlackApiError) as error:
        await call  # type: ignore[misc]
    return str(error.value.response["error"])


async def test_a_new_channel_has_its_creator_and_its_name_is_taken_for_good(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="inc-7-checkout"))["channel"]
    members = await client.conversations_members(channel=channel["id"])
    await client.conversations_archive(channel=channel["id"])

    assert (channel["name"], channel["is_private"], members["members"]) == ("inc-7-checkout", False, ["U0MUSTER"])
    assert await refusal(client.conversations_create(name="inc-7-checkout")) == "name_taken"


async def test_a_private_channels_name_is_taken_too(client: AsyncWebClient) -> None:
    await client.conversations_create(name="secret", is_private=True)

    assert await refusal(client.conversations_create(name="secret")) == "name_taken"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "invalid_name_required"),
        ("x" * 81, "invalid_name_maxlength"),
        ("Loud", "invalid_name_specials"),
        ("two words", "invalid_name_specials"),
        ("---", "invalid_name_punctuation"),
    ],
)
async def test_a_name_that_slack_refuses_is_refused(client: AsyncWebClient, name: str, code: str) -> None:
    assert await refusal(client.conversations_create(name=name)) == code


async def test_invitations_are_all_or_nothing_unless_forced(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="war-room"))["channel"]["id"]
    await client.conversations_invite(channel=channel, users="U0ANA")

    async def invite(users: str, **more: bool) -> str:
        return await refusal(client.conversations_invite(channel=channel, users=users, **more))

    assert await invite("U0ANA") == "already_in_channel"
    assert await invite("U0MUSTER") == "cant_invite_self"
    assert await invite("U0NOBODY,U0BO") == "user_not_found"
    assert "U0BO" not in (await client.conversations_members(channel=channel))["members"]
    await client.conversations_invite(channel=channel, users="U0NOBODY,U0BO", force=True)
    assert "U0BO" in (await client.conversations_members(channel=channel))["members"]


async def test_a_refused_invitation_names_everybodys_fault(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError) as error:
        await client.conversations_invite(channel="C0GENERAL", users="U0ANA,U0NOBODY")

    assert error.value.response["errors"] == [
        {"ok": False, "error": "already_in_channel", "user": "U0ANA"},
        {"ok": False, "error": "user_not_found", "user": "U0NOBODY"},
    ]


async def test_an_archived_channel_is_closed_to_everything(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="done"))["channel"]["id"]
    ts = (await client.chat_postMessage(channel=channel, text="last words"))["ts"]
    await client.conversations_archive(channel=channel)

    assert await refusal(client.conversations_archive(channel=channel)) == "already_archived"
    assert await refusal(client.chat_postMessage(channel=channel, text="more")) == "is_archived"
    assert await refusal(client.chat_update(channel=channel, ts=ts, text="more")) == "is_inactive"
    assert await refusal(client.conversations_setTopic(channel=channel, topic="x")) == "is_archived"
    assert await refusal(client.conversations_invite(channel=channel, users="U0ANA")) == "is_archived"
    assert (await client.conversations_info(channel=channel))["channel"]["is_archived"]


async def test_a_bot_is_in_no_archived_channel_so_it_can_unarchive_none(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="done"))["channel"]["id"]
    assert await refusal(client.conversations_unarchive(channel=channel)) == "not_archived"
    await client.conversations_archive(channel=channel)
    assert await refusal(client.conversations_unarchive(channel=channel)) == "not_in_channel"
    assert await refusal(client.conversations_history(channel=channel)) == "not_in_channel"


async def test_a_topic_has_250_characters_at_most(client: AsyncWebClient) -> None:
    await client.conversations_setTopic(channel="C0GENERAL", topic="x" * 250)

    assert await refusal(client.conversations_setTopic(channel="C0GENERAL", topic="x" * 251)) == "too_long"
    assert (await client.conversations_info(channel="C0GENERAL"))["channel"]["topic"]["value"] == "x" * 250


async def test_who_is_not_in_a_channel_may_not_act_in_it(client: AsyncWebClient, people: People) -> None:
    channel = (await client.conversations_create(name="left"))["channel"]["id"]
    await people.person("ana").joins("left")
    await client.conversations_leave(channel=channel)

    assert await refusal(client.chat_postMessage(channel=channel, text="hi")) == "not_in_channel"
    assert await refusal(client.conversations_history(channel=channel)) == "not_in_channel"
    assert await refusal(client.chat_postMessage(channel="C0NOWHERE", text="hi")) == "channel_not_found"
    await client.conversations_join(channel=channel)
    await client.chat_postMessage(channel=channel, text="back")


async def test_a_renamed_channel_remembers_its_old_name(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="before"))["channel"]["id"]
    renamed = await client.conversations_rename(channel=channel, name="after")

    assert (renamed["channel"]["name"], renamed["channel"]["previous_names"]) == ("after", ["before"])
    assert await refusal(client.conversations_rename(channel=channel, name="general")) == "name_taken"


async def test_lists_come_in_pages(client: AsyncWebClient) -> None:
    first = await client.conversations_list(limit=3)
    pages = [[one["name"] for one in page["channels"]] async for page in first]

    assert pages == [["general", "alerts", "payments-alerts"], ["incidents", "muster-admin"]]


async def test_a_direct_message_is_opened_once(client: AsyncWebClient) -> None:
    first = await client.conversations_open(users="U0ANA")
    second = await client.conversations_open(users=["U0ANA"])
    posted = await client.chat_postMessage(channel="U0ANA", text="psst")

    assert first["channel"]["id"] == second["channel"]["id"] == posted["channel"]
    assert (first["already_open"], second["already_open"]) == (False, True)


async def test_private_channels_need_a_scope_of_their_own() -> None:
    scopes = ALL_BOT_SCOPES - {"groups:write"}
    async with Sandbox(SystemClock(), SeededChance(1), scopes=scopes) as sandbox:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/")
        await client.conversations_create(name="public")
        with pytest.raises(SlackApiError) as error:
            await client.conversations_create(name="private", is_private=True)

    assert (error.value.response["error"], error.value.response["needed"]) == ("missing_scope", "groups:write")
    assert "chat:write" in error.value.response["provided"].split(",")


async def test_slack_itself_notes_who_came_and_what_the_topic_is(client: AsyncWebClient) -> None:
    channel = (await client.conversations_create(name="noted"))["channel"]["id"]
    await client.conversations_invite(channel=channel, users="U0ANA")
    await client.conversations_setTopic(channel=channel, topic="Checkout")
    messages = (await client.conversations_history(channel=channel))["messages"]

    assert [one["subtype"] for one in reversed(messages)] == ["channel_join", "channel_join", "channel_topic"]
