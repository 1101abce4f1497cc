"""Commands, clicks, forms and events reach a real Bolt app, over HTTP and over Socket Mode alike."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SeededChance, SystemClock
from bot.sandbox.people import People
from bot.sandbox.server import Sandbox
from bot.sandbox.state.ids import ChannelId, UserId
from bot.sandbox.state.seed import BOT_TOKEN
from tests.sandbox.apps import Seen, incident_app, listen, over_socket_mode


@pytest.fixture(params=["http", "socket"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Sandbox, Seen, People]]:
    """Return a sandbox with the app connected to it one way, then the other."""
    if request.param == "socket":
        async with (
            Sandbox(SystemClock(), SeededChance(1)) as sandbox,
            over_socket_mode(sandbox) as seen,
            People(sandbox.url) as people,
        ):
            yield sandbox, seen, people
        return
    holder = await listen()
    async with Sandbox(SystemClock(), SeededChance(1), holder.url) as sandbox, People(sandbox.url) as people:
        holder.app, seen = incident_app(sandbox)
        yield sandbox, seen, people
        await holder.stop()


Stage = tuple[Sandbox, Seen, People]


async def test_a_command_opens_a_form_and_the_form_makes_a_message(stage: Stage) -> None:
    _, seen, people = stage
    ana = people.person("ana")

    await ana.command("/incident declare", channel="payments-alerts")
    form = await ana.modal()
    errors = await ana.submits({"Title": "Checkout is down", "Severity": "Critical"})
    await people.wait_for("sev1: Checkout is down", channel="incidents", as_="bo")

    assert (form.title, form.labels, errors) == ("Declare an incident", ["Title", "Severity"], {})
    assert seen.bodies[0]["channel_name"] == "payments-alerts"
    assert not await ana.sees_form()


async def test_initial_values_are_submitted_when_nobody_touches_them(stage: Stage) -> None:
    _, _, people = stage
    ana = people.person("ana")

    await ana.command("/incident declare")
    await ana.submits({"Title": "Slow search"})

    await people.wait_for("sev3: Slow search", channel="incidents")


async def test_errors_stay_in_the_form_until_they_are_mended(stage: Stage) -> None:
    _, _, people = stage
    ana = people.person("ana")
    await ana.command("/incident declare")

    assert await ana.submits({"Title": ""}) == {"title": "Please complete this required field."}
    assert await ana.submits({"Title": "bad"}) == {"title": "Say more than that"}
    assert (await ana.modal()).errors == {"title": "Say more than that"}
    assert await ana.submits({"Title": "Checkout is down"}) == {}


async def test_a_pushed_form_lies_on_top_and_closing_it_shows_the_first(stage: Stage) -> None:
    sandbox, seen, people = stage
    ana = people.person("ana")
    await ana.command("/incident declare")

    await ana.submits({"Title": "more"})
    pushed = await ana.modal()
    await ana.closes()

    assert pushed.view["previous_view_id"] == (await ana.modal()).view["id"]
    assert seen.bodies[-1]["type"] == "view_closed"
    assert len(sandbox.workspace.modals[UserId("U0ANA")]) == 1


async def test_a_button_in_a_message_is_clicked_by_its_text(stage: Stage) -> None:
    _, seen, people = stage
    await people.person("ana").command("/incident card", channel="incidents")

    await people.person("bo").clicks("Acknowledge", channel="incidents")
    await people.wait_for("Acknowledged by <@U0BO>", channel="incidents")

    action = seen.bodies[-1]["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"]) == ("acknowledge", "card", "7")
    assert (await seen.event("message_changed"))["message"]["text"] == "Acknowledged by <@U0BO>"


async def test_the_bot_hears_its_own_posts_with_their_metadata(stage: Stage) -> None:
    sandbox, seen, _ = stage
    metadata = {"event_type": "outbox", "event_payload": {"k": "7"}}
    client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{sandbox.url}/api/")

    await client.chat_postMessage(channel="C0GENERAL", text="mine", metadata=metadata)
    echo = await seen.event("message")

    assert (echo["bot_id"], echo["user"], echo["metadata"]) == ("B0MUSTER", "U0MUSTER", metadata)


async def test_the_answer_to_a_command_is_seen_by_its_giver_only(stage: Stage) -> None:
    _, _, people = stage

    await people.person("ana").command("/incident help")

    assert [one["text"] for one in await people.person("ana").sees("general")] == ["Try /incident declare"]
    assert await people.person("bo").sees("general") == []


async def test_the_answer_to_a_command_may_be_for_all(stage: Stage) -> None:
    _, _, people = stage

    await people.person("ana").command("/incident aloud")

    await people.wait_for("Heard by all", channel="general", as_="bo")


async def test_a_response_url_answers_later_to_one_person(stage: Stage) -> None:
    _, _, people = stage

    await people.person("ana").command("/incident later")
    answer = await people.wait_for("Answered later", channel="general", as_="ana")

    assert answer["ephemeral_for"] == "U0ANA"


async def test_mentions_in_a_command_come_escaped(stage: Stage) -> None:
    _, seen, people = stage

    await people.person("ana").command("/incident page @bo in #incidents & <now>")

    assert seen.bodies[0]["text"] == "page <@U0BO|bo> in <#C0INCIDENTS|incidents> &amp; &lt;now&gt;"


async def test_what_people_write_arrives_as_events(stage: Stage) -> None:
    _, seen, people = stage
    ana = people.person("ana")

    ts = await ana.says("hello @muster", channel="incidents")
    mention = await seen.event("app_mention")
    await people.person("bo").says("on it", channel="incidents", thread=ts)
    await people.person("bo").reacts("eyes", channel="incidents", ts=ts)
    reaction = await seen.event("reaction_added")
    await ana.edits("hello all", channel="incidents", ts=ts)
    change = await seen.event("message_changed")
    await ana.says("logs", channel="incidents", files=[{"name": "app.log", "text": "oom"}])
    share = await seen.event("file_share")

    assert mention["text"] == "hello <@U0MUSTER>"
    assert any(one.get("thread_ts") == ts and one["text"] == "on it" for one in seen.events)
    assert (reaction["user"], reaction["item"]["ts"]) == ("U0BO", ts)
    assert (change["message"]["text"], change["previous_message"]["text"]) == ("hello all", "hello <@U0MUSTER>")
    assert share["files"][0]["name"] == "app.log"


async def test_events_of_channels_without_the_bot_stay_away(stage: Stage) -> None:
    sandbox, seen, people = stage
    sandbox.workspace.channels[ChannelId("C0PAYMENTS")].members.remove(sandbox.workspace.bot)

    await people.person("ana").says("secret", channel="payments-alerts")
    await people.person("ana").says("public", channel="general")
    await seen.event("message")

    assert [one["text"] for one in seen.events if one["type"] == "message"] == ["public"]


async def test_the_home_tab_is_published_when_it_is_opened(stage: Stage) -> None:
    _, _, people = stage

    await people.person("ana").opens_home()
    home = await people.person("ana").home()

    assert home["blocks"][0]["text"]["text"] == "Your incidents"


async def test_an_unknown_command_is_answered_by_slackbot(stage: Stage) -> None:
    _, seen, people = stage

    answer = await people.person("ana").command("/nonsense")

    assert answer["error"] == "invalid_command"
    assert seen.bodies == []


async def test_a_command_in_a_thread_is_not_delivered(stage: Stage) -> None:
    _, seen, people = stage
    ts = await people.person("ana").says("root", channel="general")

    await people.person("ana").says("/incident help", channel="general", thread=ts)

    await people.wait_for("/incident is not supported in threads. Sorry!", channel="general")
    assert seen.bodies == []
