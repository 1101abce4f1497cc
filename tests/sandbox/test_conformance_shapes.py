"""Every method is called with much in it: no answer has keys that Slack's have not, none lacks what clients need."""

from dataclasses import replace
from typing import Any

import pytest

from bot.sandbox.methods import HANDLERS
from bot.sandbox.state import forms, installs, passes
from bot.sandbox.state.ids import FileId, UserId
from tests.sandbox.apps import CARD, MODAL
from tests.sandbox.caller import ANA_TOKEN, Caller
from tests.sandbox.conformance import SHAPES, UNRECORDED, unknown_event_keys, unknown_keys

Answer = dict[str, Any]
ANA = UserId("U0ANA")
HOME = {"type": "home", "blocks": CARD}

# What slack_sdk, Bolt and incident bots read from answers.
RELIED_ON = {
    "apps.connections.open": "url",
    "auth.test": "url team user team_id user_id bot_id is_enterprise_install",
    "bookmarks.add": "bookmark.id bookmark.link bookmark.title",
    "bookmarks.list": "bookmarks.id bookmarks.link bookmarks.title",
    "canvases.create": "canvas_id",
    "canvases.sections.lookup": "sections.id",
    "chat.getPermalink": "permalink channel",
    "chat.postEphemeral": "message_ts",
    "chat.postMessage": "channel ts message.ts message.text message.user message.bot_id message.blocks.type",
    "chat.scheduleMessage": "scheduled_message_id channel post_at message.text",
    "chat.scheduledMessages.list": "scheduled_messages.id scheduled_messages.post_at response_metadata.next_cursor",
    "chat.update": "channel ts text message.text",
    "conversations.canvases.create": "canvas_id",
    "conversations.create": "channel.id channel.name channel.is_private channel.is_archived channel.topic.value",
    "conversations.history": "messages.ts messages.text messages.user has_more pin_count",
    "conversations.info": "channel.id channel.name channel.is_member channel.is_archived channel.is_ext_shared",
    "conversations.invite": "channel.id",
    "conversations.list": "channels.id channels.name channels.num_members response_metadata.next_cursor",
    "conversations.members": "members response_metadata.next_cursor",
    "conversations.open": "channel.id already_open no_op",
    "conversations.replies": "messages.ts messages.thread_ts has_more",
    "dnd.info": "dnd_enabled next_dnd_start_ts next_dnd_end_ts",
    "files.completeUploadExternal": "files.id files.title files.url_private files.permalink",
    "files.getUploadURLExternal": "upload_url file_id",
    "files.info": "file.id file.name file.shares.public",
    "oauth.v2.access": "access_token scope bot_user_id app_id team.id team.name authed_user.id is_enterprise_install",
    "pins.list": "items.message.ts items.created items.created_by",
    "reactions.get": "message.reactions.name message.reactions.users message.reactions.count",
    "team.info": "team.id team.name team.domain",
    "usergroups.list": "usergroups.id usergroups.handle usergroups.name usergroups.users usergroups.date_delete",
    "usergroups.users.list": "users",
    "users.conversations": "channels.id response_metadata.next_cursor",
    "users.getPresence": "presence",
    "users.info": "user.id user.name user.real_name user.tz user.deleted user.is_bot user.is_restricted"
    " user.is_ultra_restricted user.profile.email user.profile.display_name user.profile.image_72 user.team_id",
    "users.list": "members.id members.profile.real_name response_metadata.next_cursor",
    "users.lookupByEmail": "user.id user.profile.email",
    "users.profile.get": "profile.status_text profile.status_emoji profile.real_name",
    "views.open": "view.id view.hash view.state.values view.root_view_id view.callback_id view.private_metadata",
    "views.publish": "view.id view.hash",
    "views.update": "view.id view.hash view.title.text",
}


def talk(caller: Caller) -> None:
    metadata = {"event_type": "card", "event_payload": {"k": "1"}}
    root = caller.post(
        blocks=CARD, metadata=metadata, attachments=[{"text": "more"}], username="Pager", icon_emoji=":x:"
    )
    reply = caller.post("reply", thread_ts=root, reply_broadcast=True)
    caller.do("chat.update", channel="C0GENERAL", ts=reply, text="changed")
    caller.do("chat.postEphemeral", channel="C0GENERAL", user="U0ANA", text="psst")
    caller.do("chat.meMessage", channel="C0GENERAL", text="is on it")
    caller.do("chat.getPermalink", channel="C0GENERAL", message_ts=root)
    link = caller.post("see https://example.com/a")
    caller.do("chat.unfurl", channel="C0GENERAL", ts=link, unfurls={"https://example.com/a": {"text": "A"}})
    caller.do("pins.add", channel="C0GENERAL", timestamp=root)
    caller.do("reactions.add", channel="C0GENERAL", timestamp=root, name="eyes")
    caller.do("pins.list", channel="C0GENERAL")
    caller.do("reactions.get", channel="C0GENERAL", timestamp=root)
    caller.do("reactions.list")
    caller.do("reactions.list", count=1)
    caller.do("conversations.history", channel="C0GENERAL", limit=3, include_all_metadata=True)
    caller.do("conversations.history", channel="C0GENERAL", include_all_metadata=True)
    caller.do("conversations.replies", channel="C0GENERAL", ts=root, limit=1)
    caller.do("conversations.replies", channel="C0GENERAL", ts=root)
    caller.do("reactions.remove", channel="C0GENERAL", timestamp=root, name="eyes")
    caller.do("pins.remove", channel="C0GENERAL", timestamp=root)
    caller.do("chat.delete", channel="C0GENERAL", ts=reply)
    post_at = caller.workspace.make.seconds() + 600
    waiting = caller.do("chat.scheduleMessage", channel="C0GENERAL", text="later", blocks=CARD, post_at=post_at)
    caller.do("chat.scheduledMessages.list")
    scheduled = waiting["scheduled_message_id"]
    caller.do("chat.deleteScheduledMessage", channel="C0GENERAL", scheduled_message_id=scheduled)


def run_channels(caller: Caller) -> None:
    channel = caller.do("conversations.create", name="inc-1")["channel"]["id"]
    private = caller.do("conversations.create", name="inc-2", is_private=True)["channel"]["id"]
    caller.do("conversations.invite", channel=channel, users="U0ANA,U0BO")
    caller.do("conversations.kick", channel=channel, user="U0BO")
    caller.do("conversations.setTopic", channel=channel, topic="Checkout")
    caller.do("conversations.setPurpose", channel=channel, purpose="To mend it")
    caller.do("conversations.rename", channel=channel, name="inc-1-checkout")
    caller.do("conversations.mark", channel=channel, ts="1.000000")
    caller.do("conversations.info", channel=channel, include_num_members=True)
    caller.do("conversations.info", channel=private)
    caller.do("conversations.members", channel=channel, limit=1)
    caller.do("conversations.list", types="public_channel,private_channel,im,mpim", limit=2)
    caller.do("conversations.join", channel=channel)
    bookmark = caller.do("bookmarks.add", channel_id=channel, title="Runbook", type="link", link="https://example.com")
    named = {"channel_id": channel, "bookmark_id": bookmark["bookmark"]["id"]}
    caller.do("bookmarks.edit", **named, title="Other")
    caller.do("bookmarks.list", channel_id=channel)
    caller.do("bookmarks.remove", **named)
    direct = caller.do("conversations.open", users="U0ANA", return_im=True)["channel"]["id"]
    caller.do("conversations.open", users="U0ANA,U0BO")
    caller.do("conversations.list", types="im,mpim")
    caller.do("conversations.info", channel=direct)
    caller.do("users.conversations", types="public_channel,private_channel,im")
    caller.do("conversations.close", channel=direct)
    caller.do("conversations.archive", channel=channel)
    ana = caller.workspace.tokens[ANA_TOKEN]  # Slack lets people alone unarchive
    caller.workspace.tokens[ANA_TOKEN] = replace(ana, scopes=ana.scopes | {"channels:write"})
    caller.do("conversations.unarchive", channel=channel, token=ANA_TOKEN)
    caller.workspace.tokens[ANA_TOKEN] = ana
    caller.do("conversations.join", channel=channel)
    caller.do("conversations.leave", channel=channel)


def write_canvases(caller: Caller) -> None:
    content = {"type": "markdown", "markdown": "# Checkout\n\nIt is down."}
    tab = caller.do("conversations.canvases.create", channel_id="C0GENERAL", document_content=content)["canvas_id"]
    caller.do("files.info", file=tab)
    caller.do("conversations.info", channel="C0GENERAL")
    caller.do("conversations.list")
    canvas = caller.do("canvases.create", title="Notes", document_content=content)["canvas_id"]
    found = caller.do("canvases.sections.lookup", canvas_id=canvas, criteria={"section_types": ["h1"]})
    change = {"operation": "insert_after", "section_id": found["sections"][0]["id"], "document_content": content}
    caller.do("canvases.edit", canvas_id=canvas, changes=[change])
    caller.do("canvases.access.set", canvas_id=canvas, access_level="read", user_ids=["U0ANA"])
    caller.do("canvases.access.delete", canvas_id=canvas, user_ids=["U0ANA"])
    caller.do("canvases.delete", canvas_id=canvas)


def share_files(caller: Caller) -> None:
    file = caller.do("files.getUploadURLExternal", filename="a.txt", length=2)["file_id"]
    caller.workspace.files[FileId(file)].content = b"hi"
    caller.do("files.completeUploadExternal", files=[{"id": file, "title": "A"}], channel_id="C0GENERAL")
    caller.do("conversations.history", channel="C0GENERAL", limit=1)
    caller.do("files.info", file=file)
    caller.do("files.list")
    caller.do("files.delete", file=file)


def meet_people(caller: Caller) -> None:
    caller.do("users.list", limit=2)
    caller.do("users.list", include_locale=True)
    for user in caller.workspace.people:
        caller.do("users.info", user=user, include_locale=True)
    caller.do("users.lookupByEmail", email="ana@northwind.example")
    caller.do("users.profile.get", user="U0ANA")
    caller.do("users.getPresence", user="U0ANA")
    caller.do("users.getPresence")
    caller.do("users.setPresence", presence="auto")
    caller.do("dnd.info", user="U0ANA")
    caller.do("dnd.teamInfo", users="U0ANA,U0BO")
    caller.as_ana("dnd.setSnooze", num_minutes=5)
    caller.as_ana("dnd.endSnooze")
    caller.as_ana("dnd.setSnooze", num_minutes=5)
    caller.as_ana("dnd.endDnd")
    caller.as_ana("users.profile.set", profile={"status_text": "On call"})
    caller.as_ana("users.identity")
    group = caller.do("usergroups.create", name="Search", handle="search-oncall", include_count=True)["usergroup"]["id"]
    caller.do("usergroups.users.update", usergroup=group, users="U0ANA")
    caller.do("usergroups.update", usergroup=group, description="Who search pages", channels="C0GENERAL")
    caller.do("usergroups.users.list", usergroup=group)
    caller.do("usergroups.disable", usergroup=group)
    caller.do("usergroups.list", include_users=True, include_count=True, include_disabled=True)
    caller.do("usergroups.enable", usergroup=group)


def show_forms(caller: Caller) -> None:
    def trigger(*, in_modal: bool = False) -> str:
        return passes.issue_trigger(caller.workspace, ANA, in_modal=in_modal)

    caller.do("views.open", trigger_id=trigger(), view=MODAL)
    caller.do("views.push", trigger_id=trigger(in_modal=True), view=MODAL)
    top = forms.top(caller.workspace, ANA)
    assert top is not None
    caller.do("views.update", view_id=top.id, view=MODAL)
    caller.do("views.publish", user_id="U0ANA", view=HOME)


def come_and_go(caller: Caller) -> None:
    caller.do("api.test", foo="bar")
    caller.do("auth.test")
    caller.do("auth.teams.list", include_icon=True)
    caller.do("team.info")
    caller.do("bots.info", bot="B0MUSTER")
    caller.do("emoji.list", include_categories=True)
    caller.as_app("apps.connections.open")
    caller.as_app("apps.event.authorizations.list", event_context="1-message-T0SANDBOX-C0GENERAL")
    app = caller.workspace.app
    code = installs.issue_code(caller.workspace, ANA, scopes={"chat:write"}, user_scopes={"dnd:write"})
    secrets = {"client_id": app.client_id, "client_secret": app.client_secret}
    access = caller.do("oauth.v2.access", token="", code=code, **secrets)
    caller.do("auth.revoke", token=access["access_token"])
    caller.do("apps.uninstall", **secrets)


@pytest.fixture(scope="module")
def day() -> Caller:
    """Return who lived through a day in which every method is used."""
    caller = Caller()
    for part in (talk, run_channels, write_canvases, share_files, meet_people, show_forms, come_and_go):
        part(caller)
    return caller


@pytest.fixture
def answers(day: Caller) -> list[tuple[str, Answer]]:
    return day.answers


def test_no_event_has_keys_that_slacks_have_not(day: Caller) -> None:
    unknown = {f"{event['type']}: {key}" for event in day.told for key in unknown_event_keys(event)}

    assert unknown == set()
    assert len({event["type"] for event in day.told}) > 20


def test_an_event_that_slack_does_not_have_is_noticed() -> None:
    assert unknown_event_keys({"type": "channel_painted"}) == {"type"}
    assert unknown_event_keys({"type": "pin_removed", "mood": "good"}) == {"mood"}


def test_the_day_uses_every_method(answers: list[tuple[str, Answer]]) -> None:
    assert {method for method, _ in answers} == set(HANDLERS) == set(SHAPES)


@pytest.mark.parametrize("method", sorted(HANDLERS))
def test_no_answer_has_keys_that_slacks_have_not(answers: list[tuple[str, Answer]], method: str) -> None:
    unknown = {key for name, answer in answers if name == method for key in unknown_keys(method, answer)}

    assert unknown == UNRECORDED.get(method, set())


def _values(answer: object, path: list[str]) -> list[object]:
    """Return what stands at a path, in every item of the lists on the way."""
    if isinstance(answer, list):
        return [value for one in answer for value in _values(one, path)]
    if not path:
        return [answer]
    return _values(answer[path[0]], path[1:]) if isinstance(answer, dict) and path[0] in answer else []


@pytest.mark.parametrize("method", sorted(RELIED_ON))
def test_what_clients_rely_on_is_there(answers: list[tuple[str, Answer]], method: str) -> None:
    newest = [answer for name, answer in answers if name == method]
    absent = {path for path in RELIED_ON[method].split() if not any(_values(one, path.split(".")) for one in newest)}

    assert absent == set()


def test_a_key_that_slack_does_not_have_is_noticed() -> None:
    assert unknown_keys("team.info", {"ok": True, "team": {"id": "T1", "mood": "good"}}) == {"team.mood"}
    assert unknown_keys("conversations.history", {"messages": [{"ts": "1"}, {"colour": "red"}]}) == {"messages.colour"}
