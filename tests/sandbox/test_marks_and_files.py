"""Bookmarks, pins, reactions, files, people: what else hangs on channels and messages."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import People
from tests.sandbox.test_channels import refusal


async def test_bookmarks_are_added_twice_when_asked_twice(client: AsyncWebClient) -> None:
    async def add(link: str, kind: str = "link") -> str:
        answer = await client.bookmarks_add(channel_id="C0GENERAL", title="Runbook", type=kind, link=link)
        return str(answer["bookmark"]["id"])

    one, two = await add("https://example.com/a"), await add("https://example.com/a")
    await client.bookmarks_edit(channel_id="C0GENERAL", bookmark_id=one, title="Other")
    await client.bookmarks_remove(channel_id="C0GENERAL", bookmark_id=two)
    left = (await client.bookmarks_list(channel_id="C0GENERAL"))["bookmarks"]

    assert [(mark["id"], mark["title"], mark["link"]) for mark in left] == [(one, "Other", "https://example.com/a")]
    assert await refusal(add("nowhere")) == "invalid_link"
    assert await refusal(add("https://example.com", "folder")) == "invalid_bookmark_type"
    emoji = client.bookmarks_edit(channel_id="C0GENERAL", bookmark_id=one, emoji="not an emoji")
    assert await refusal(emoji) == "invalid_emoji"
    removing = client.bookmarks_remove(channel_id="C0GENERAL", bookmark_id=two)
    assert await refusal(removing) == "not_found"


async def test_a_message_is_pinned_once(client: AsyncWebClient, people: People) -> None:
    ts = (await client.chat_postMessage(channel="C0GENERAL", text="card"))["ts"]
    await client.pins_add(channel="C0GENERAL", timestamp=ts)

    assert await refusal(client.pins_add(channel="C0GENERAL", timestamp=ts)) == "already_pinned"
    assert [one["message"]["ts"] for one in (await client.pins_list(channel="C0GENERAL"))["items"]] == [ts]
    assert (await people.channel("general"))["pins"] == [ts]
    await client.pins_remove(channel="C0GENERAL", timestamp=ts)
    assert await refusal(client.pins_remove(channel="C0GENERAL", timestamp=ts)) == "no_pin"
    assert await refusal(client.pins_add(channel="C0GENERAL", timestamp="1.0")) == "message_not_found"


async def test_a_reaction_is_given_once_by_each(client: AsyncWebClient, people: People) -> None:
    ts = (await client.chat_postMessage(channel="C0GENERAL", text="card"))["ts"]
    await client.reactions_add(channel="C0GENERAL", timestamp=ts, name="eyes")
    await people.person("ana").reacts("eyes", channel="general", ts=ts)
    found = (await client.reactions_get(channel="C0GENERAL", timestamp=ts))["message"]["reactions"]

    assert found == [{"name": "eyes", "users": ["U0MUSTER", "U0ANA"], "count": 2}]
    adding = client.reactions_add(channel="C0GENERAL", timestamp=ts, name="eyes")
    assert await refusal(adding) == "already_reacted"
    await client.reactions_remove(channel="C0GENERAL", timestamp=ts, name="eyes")
    removing = client.reactions_remove(channel="C0GENERAL", timestamp=ts, name="eyes")
    assert await refusal(removing) == "no_reaction"


async def test_a_file_is_uploaded_in_three_steps_and_can_be_read(client: AsyncWebClient, people: People) -> None:
    answer = await client.files_upload_v2(
        channel="C0GENERAL", filename="postmortem.md", content="# What happened", initial_comment="Draft"
    )
    file = answer["files"][0]
    message = await people.wait_for("Draft", channel="general")
    headers = {"Authorization": "Bearer xoxb-sandbox-bot"}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(file["url_private"]) as content:
        text = await content.text()

    assert text == "# What happened"
    assert message["files"][0]["id"] == file["id"]
    assert (await client.files_info(file=file["id"]))["file"]["name"] == "postmortem.md"


async def test_a_file_without_its_bytes_cannot_be_completed(client: AsyncWebClient) -> None:
    file = (await client.files_getUploadURLExternal(filename="a.txt", length=1))["file_id"]

    assert await refusal(client.files_completeUploadExternal(files=[{"id": file}])) == "file_not_found"


async def test_people_are_found_by_address_and_id(client: AsyncWebClient) -> None:
    found = (await client.users_lookupByEmail(email="ana@northwind.example"))["user"]
    known = (await client.users_info(user="U0ANA"))["user"]

    assert (found["id"], known["real_name"], known["tz"]) == ("U0ANA", "Ana Lima", "America/Sao_Paulo")
    assert await refusal(client.users_lookupByEmail(email="no@one.example")) == "users_not_found"
    assert await refusal(client.users_info(user="U0NOBODY")) == "user_not_found"
    assert [one["name"] for one in (await client.users_list())["members"]][-1] == "muster"
    assert (await client.usergroups_list(include_users=True))["usergroups"][0]["users"] == ["U0BO", "U0CLEO"]


async def test_the_workspace_and_the_bot_say_who_they_are(client: AsyncWebClient) -> None:
    assert (await client.team_info())["team"]["name"] == "Northwind"
    assert (await client.bots_info(bot="B0MUSTER"))["bot"]["user_id"] == "U0MUSTER"
