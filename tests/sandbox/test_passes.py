"""trigger_ids live three seconds and open one view; response_urls live thirty minutes and take five answers."""

from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance
from bot.sandbox.errors import SlackError
from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state import forms, passes
from bot.sandbox.state.ids import ChannelId, Maker, Ts, UserId
from bot.sandbox.state.seed import northwind
from bot.sandbox.state.workspace import Workspace
from tests.fakes.clock import FakeClock
from tests.sandbox.apps import CARD, MODAL
from tests.sandbox.test_channels import refusal

ANA = UserId("U0ANA")


def workspace_at(clock: FakeClock) -> Workspace:
    return northwind(Maker(clock, SeededChance(1)), scopes=ALL_BOT_SCOPES)


def test_a_trigger_works_once() -> None:
    workspace = workspace_at(FakeClock())
    trigger = passes.issue_trigger(workspace, ANA)

    assert passes.use_trigger(workspace, trigger).user == ANA
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        passes.use_trigger(workspace, trigger)


def test_a_trigger_dies_after_three_seconds() -> None:
    clock = FakeClock()
    workspace = workspace_at(clock)
    trigger = passes.issue_trigger(workspace, ANA)
    clock.move(timedelta(seconds=3, milliseconds=1))

    with pytest.raises(SlackError, match="expired_trigger_id"):
        passes.use_trigger(workspace, trigger)


async def test_a_made_up_trigger_opens_nothing(client: AsyncWebClient) -> None:
    assert await refusal(client.views_open(trigger_id="1.2.x", view=MODAL)) == "invalid_trigger_id"


def response_url(sandbox: Sandbox, **about: Any) -> str:
    channel = sandbox.workspace.channels[ChannelId("C0GENERAL")]
    return passes.issue_response_url(sandbox.workspace, ANA, channel, **about)


async def answer(url: str, **document: object) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, json=document) as response:
        return response.status, await response.text()


async def test_a_response_url_takes_five_answers(sandbox: Sandbox) -> None:
    url = response_url(sandbox)
    statuses = [(await answer(url, text="x"))[0] for _ in range(6)]

    assert statuses == [200, 200, 200, 200, 200, 404]
    assert "used_url" in (await answer(url, text="x"))[1]


async def test_a_response_url_dies_after_thirty_minutes() -> None:
    clock = FakeClock()
    async with Sandbox(clock, SeededChance(1)) as sandbox:
        url = response_url(sandbox)
        clock.move(timedelta(minutes=30, seconds=1))

        assert "expired_url" in (await answer(url, text="x"))[1]


async def test_a_response_url_replaces_and_deletes_the_message_that_was_clicked(
    sandbox: Sandbox, client: AsyncWebClient, people: People
) -> None:
    ts = Ts((await client.chat_postMessage(channel="C0GENERAL", text="card", blocks=CARD))["ts"])
    url = response_url(sandbox, message_ts=ts, ephemeral=False)

    await answer(url, text="settled", replace_original=True)
    replaced = await people.messages("general")
    await answer(url, delete_original=True)

    assert [(one["ts"], one["text"]) for one in replaced] == [(ts, "settled")]
    assert await people.messages("general") == []


def open_form(sandbox: Sandbox, **more: object) -> str:
    return forms.open_modal(sandbox.workspace, ANA, {**MODAL, **more}).id


async def test_a_stale_hash_is_a_conflict(sandbox: Sandbox, client: AsyncWebClient) -> None:
    view = open_form(sandbox)
    stale = sandbox.workspace.views[forms.top(sandbox.workspace, ANA).id].hash  # type: ignore[union-attr]
    fresh = (await client.views_update(view_id=view, hash=stale, view=MODAL))["view"]["hash"]

    assert await refusal(client.views_update(view_id=view, hash=stale, view=MODAL)) == "hash_conflict"
    assert (await client.views_update(view_id=view, hash=fresh, view=MODAL))["ok"]
    assert await refusal(client.views_update(view_id="V0", view=MODAL)) == "not_found"


async def test_an_external_id_names_one_view(sandbox: Sandbox, client: AsyncWebClient) -> None:
    open_form(sandbox, external_id="declare-1")
    updated = await client.views_update(external_id="declare-1", view={**MODAL, "external_id": "declare-1"})
    trigger = passes.issue_trigger(sandbox.workspace, UserId("U0BO"))
    opening = client.views_open(trigger_id=trigger, view={**MODAL, "external_id": "declare-1"})

    assert updated["view"]["external_id"] == "declare-1"
    assert await refusal(opening) == "duplicate_external_id"


async def test_three_views_are_stacked_and_no_more(sandbox: Sandbox, client: AsyncWebClient) -> None:
    open_form(sandbox)
    for _ in range(2):
        trigger = passes.issue_trigger(sandbox.workspace, ANA, in_modal=True)
        await client.views_push(trigger_id=trigger, view=MODAL)
    trigger = passes.issue_trigger(sandbox.workspace, ANA, in_modal=True)

    assert await refusal(client.views_push(trigger_id=trigger, view=MODAL)) == "push_limit_reached"


async def test_a_faulty_view_is_refused_with_pointers(sandbox: Sandbox, client: AsyncWebClient) -> None:
    title = {"type": "plain_text", "text": "x" * 25}
    trigger = passes.issue_trigger(sandbox.workspace, ANA)
    with pytest.raises(SlackApiError) as error:
        await client.views_open(trigger_id=trigger, view={**MODAL, "title": title})

    assert error.value.response["error"] == "invalid_arguments"
    assert error.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]


async def test_what_was_typed_stays_when_the_view_is_updated(
    sandbox: Sandbox, client: AsyncWebClient, people: People
) -> None:
    view = open_form(sandbox)
    await people.person("ana").uses("Title", "Checkout is down")
    await client.views_update(view_id=view, view=MODAL)
    form = await people.person("ana").modal()

    assert form.view["state"]["values"]["title"]["text"]["value"] == "Checkout is down"
