"""What Muster relies on Slack for, against the fake and against the real gateway: a fake that drifts fails here."""

from datetime import timedelta

import pytest

from bot.domain.ids import ChannelId, UserId
from bot.errors import TryLater, Uncertain, Undeliverable
from bot.outbound.slack.port import BlocksRefused, ChannelGone, Link, MessageGone, NameTaken
from bot.views.blocks import Message, image, message, section
from tests.fakes.slack import Fault
from tests.outbound.slack.stage import ANA, BO, LATE, Stage

NOBODY = UserId("U0NOBODY")
MARKER = "said:1:4"


def hello(text: str = "hello") -> Message:
    return message(text, section(text))


class TestPosts:
    async def test_a_post_is_found_by_its_marker(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        posted = await stage.slack.post(channel, hello(), MARKER)
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now()) == posted

    async def test_a_message_whose_picture_cannot_be_fetched_is_refused_whole(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        pictured = message("hello", section("hello"), image("https://grafana.internal/1.png", "A graph"))
        with pytest.raises(BlocksRefused, match="downloading image failed"):
            await stage.slack.post(channel, pictured, MARKER)
        posted = await stage.slack.post(channel, hello(), MARKER)
        with pytest.raises(BlocksRefused, match="downloading image failed"):
            await stage.slack.update(channel, posted.ts, pictured)
        assert stage.texts(channel) == ["hello"]

    async def test_another_marker_is_not_found(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        await stage.slack.post(channel, hello(), MARKER)
        assert await stage.slack.find_post(channel, "said:1:5", stage.clock.now()) is None

    async def test_a_post_is_found_by_a_clock_that_is_most_of_an_hour_ahead_of_slacks(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        root = await stage.slack.post(channel, hello("root"), "announcement:1")
        since = stage.clock.now() + timedelta(minutes=59)
        posted = await stage.slack.post(channel, hello(), MARKER)
        assert await stage.slack.find_post(channel, MARKER, since) == posted
        reply = await stage.slack.post(channel, hello(), MARKER, thread=root.ts)
        assert await stage.slack.find_post(channel, MARKER, since, thread=root.ts) == reply

    async def test_a_post_from_long_before_is_not_found(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        await stage.slack.post(channel, hello(), MARKER)
        since = stage.clock.now() + timedelta(minutes=61)
        assert await stage.slack.find_post(channel, MARKER, since) is None

    async def test_somebody_else_who_copies_the_marker_is_not_taken_for_us(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        stage.write(channel, "forged", MARKER)
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now()) is None

    async def test_a_reply_is_found_in_its_thread_and_not_in_the_channel(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        root = await stage.slack.post(channel, hello("root"), "announcement:1")
        reply = await stage.slack.post(channel, hello("reply"), MARKER, thread=root.ts)
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now(), thread=root.ts) == reply
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now()) is None

    async def test_a_reply_to_a_deleted_message_is_refused_and_not_found(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        root = await stage.slack.post(channel, hello("root"), "announcement:1")
        stage.delete(channel, root.ts)
        with pytest.raises(MessageGone):
            await stage.slack.post(channel, hello("reply"), MARKER, thread=root.ts)
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now(), thread=root.ts) is None

    async def test_posting_twice_makes_two_messages(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        await stage.slack.post(channel, hello(), MARKER)
        await stage.slack.post(channel, hello(), MARKER)
        assert stage.posts(MARKER) == 2

    async def test_a_post_is_found_behind_a_page_of_others(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        posted = await stage.slack.post(channel, hello(), MARKER)
        for number in range(201):
            stage.write(channel, f"message {number}", f"other:{number}")
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now()) == posted

    async def test_an_update_replaces_the_text_and_keeps_the_marker(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        posted = await stage.slack.post(channel, hello("before"), MARKER)
        await stage.slack.update(channel, posted.ts, hello("after"))
        assert stage.texts(channel) == ["after"]
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now()) == posted

    async def test_updating_a_deleted_message_says_that_it_is_gone(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        posted = await stage.slack.post(channel, hello(), MARKER)
        stage.delete(channel, posted.ts)
        with pytest.raises(MessageGone):
            await stage.slack.update(channel, posted.ts, hello("after"))

    async def test_an_archived_channel_is_gone_and_the_sentence_says_so(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        stage.archive(channel)
        with pytest.raises(ChannelGone, match="archived"):
            await stage.slack.post(channel, hello(), MARKER)

    async def test_a_deleted_channel_is_gone(self, stage: Stage) -> None:
        with pytest.raises(ChannelGone):
            await stage.slack.post(ChannelId("C0NOWHERE"), hello(), MARKER)

    async def test_out_of_the_channel_it_waits_to_be_invited(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        stage.remove_bot(channel)
        with pytest.raises(TryLater, match="/invite"):
            await stage.slack.post(channel, hello(), MARKER)


class TestLostReplies:
    async def test_a_reply_lost_after_the_post_is_uncertain_and_the_post_is_found(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        stage.go_wrong(Fault.LOST_AFTER, "chat.postMessage")
        with pytest.raises(Uncertain):
            await stage.slack.post(channel, hello(), MARKER)
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now())
        assert stage.posts(MARKER) == 1

    async def test_a_call_lost_before_the_post_is_uncertain_and_nothing_is_found(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        stage.go_wrong(Fault.LOST_BEFORE, "chat.postMessage")
        with pytest.raises(Uncertain):
            await stage.slack.post(channel, hello(), MARKER)
        assert await stage.slack.find_post(channel, MARKER, stage.clock.now()) is None

    async def test_a_post_applied_late_is_found_only_once_it_has_settled(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        since = stage.clock.now()
        stage.go_wrong(Fault.APPLIED_LATE, "chat.postMessage")
        with pytest.raises(Uncertain):
            await stage.slack.post(channel, hello(), MARKER)
        assert await stage.slack.find_post(channel, MARKER, since) is None
        await stage.clock.advance(LATE)
        assert await stage.slack.find_post(channel, MARKER, since)

    async def test_a_refused_post_was_not_made_and_says_when_to_come_back(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        stage.go_wrong(Fault.REFUSED, "chat.postMessage")
        with pytest.raises(TryLater) as refused:
            await stage.slack.post(channel, hello(), MARKER)
        assert refused.value.after == timedelta(seconds=1)
        assert stage.posts(MARKER) == 0

    async def test_a_lost_reading_is_only_read_later(self, stage: Stage) -> None:
        stage.go_wrong(Fault.LOST_BEFORE, "conversations.history")
        with pytest.raises(TryLater):
            await stage.slack.find_post(stage.channel("incidents"), MARKER, stage.clock.now())


class TestChannels:
    async def test_a_channel_that_is_opened_is_ours_and_found(self, stage: Stage) -> None:
        opened = await stage.slack.open_channel("inc-1-db-down-7k3")
        assert opened.name == "inc-1-db-down-7k3"
        assert await stage.slack.find_channel("inc-1-db-down-7k3") == opened

    async def test_after_a_lost_reply_the_name_is_taken_and_the_channel_is_found(self, stage: Stage) -> None:
        stage.go_wrong(Fault.LOST_AFTER, "conversations.create")
        with pytest.raises(Uncertain):
            await stage.slack.open_channel("inc-1-db-down-7k3")
        with pytest.raises(NameTaken):
            await stage.slack.open_channel("inc-1-db-down-7k3")
        assert await stage.slack.find_channel("inc-1-db-down-7k3")
        assert stage.channels_called("inc-1-db-down-7k3") == 1

    @pytest.mark.parametrize("with_bot", [False, True])
    async def test_a_strangers_channel_is_never_ours_even_with_us_in_it(self, stage: Stage, with_bot: bool) -> None:
        stage.stranger_makes("inc-1-db-down-7k3", with_bot=with_bot)
        with pytest.raises(NameTaken):
            await stage.slack.open_channel("inc-1-db-down-7k3")
        assert await stage.slack.find_channel("inc-1-db-down-7k3") is None

    async def test_an_archived_channel_is_ours_no_more_and_neither_found_nor_listed(self, stage: Stage) -> None:
        opened = await stage.slack.open_channel("inc-1-db-down-7k3")
        stage.archive(opened.id)
        assert await stage.slack.find_channel("inc-1-db-down-7k3") is None
        assert opened.id not in {room.id for room in await stage.slack.my_channels()}

    async def test_only_channels_that_we_are_in_are_listed(self, stage: Stage) -> None:
        stage.stranger_makes("random")
        names = {room.name for room in await stage.slack.my_channels()}
        assert {"alerts", "incidents", "muster-admin"} <= names
        assert "random" not in names

    async def test_people_are_brought_in_and_who_cannot_be_is_named(self, stage: Stage) -> None:
        channel = (await stage.slack.open_channel("inc-1-db-down-7k3")).id
        me = (await stage.slack.whoami()).user
        failed = await stage.slack.invite(channel, [ANA, NOBODY, BO, me])
        assert {ANA, BO, me} <= stage.members(channel)
        assert set(failed) == {NOBODY}
        assert "know" in failed[NOBODY]

    async def test_bringing_people_in_again_is_fine(self, stage: Stage) -> None:
        channel = (await stage.slack.open_channel("inc-1-db-down-7k3")).id
        assert await stage.slack.invite(channel, [ANA]) == {}
        assert await stage.slack.invite(channel, [ANA]) == {}

    async def test_a_topic_is_written(self, stage: Stage) -> None:
        channel = (await stage.slack.open_channel("inc-1-db-down-7k3")).id
        await stage.slack.set_topic(channel, "SEV-1 · Investigating")
        assert stage.topic(channel) == "SEV-1 · Investigating"

    async def test_a_topic_that_is_too_long_is_refused(self, stage: Stage) -> None:
        channel = (await stage.slack.open_channel("inc-1-db-down-7k3")).id
        with pytest.raises(Undeliverable, match="too_long"):
            await stage.slack.set_topic(channel, "x" * 251)

    async def test_a_bookmark_added_twice_stands_there_twice(self, stage: Stage) -> None:
        channel = (await stage.slack.open_channel("inc-1-db-down-7k3")).id
        link = Link(title="Runbook", url="https://runbooks.example/db")
        assert await stage.slack.bookmarks(channel) == ()
        await stage.slack.add_bookmark(channel, link)
        await stage.slack.add_bookmark(channel, link)
        assert await stage.slack.bookmarks(channel) == (link, link)


class TestPeopleFilesAndForms:
    async def test_who_has_no_account_any_more_is_not_brought_in_and_has_no_direct_conversation(
        self, stage: Stage
    ) -> None:
        stage.deactivate(BO)
        channel = (await stage.slack.open_channel("inc-1-db-down-7k3")).id
        assert await stage.slack.invite(channel, [ANA, BO]) == {BO: "cannot be invited to this channel"}
        with pytest.raises(Undeliverable, match="deactivated"):
            await stage.slack.direct_channel(BO)
        assert ANA in stage.members(channel)

    async def test_a_direct_conversation_is_the_same_every_time_and_takes_posts(self, stage: Stage) -> None:
        direct = await stage.slack.direct_channel(ANA)
        assert await stage.slack.direct_channel(ANA) == direct
        posted = await stage.slack.post(direct, hello(), MARKER)
        assert await stage.slack.find_post(direct, MARKER, stage.clock.now()) == posted

    async def test_people_have_names_and_addresses(self, stage: Stage) -> None:
        ana = await stage.slack.person(ANA)
        assert (ana.name in {"Ana Lima", "ana"}, ana.zone) == (True, "America/Sao_Paulo")
        assert await stage.slack.user_by_email("ana@northwind.example") == ANA
        assert await stage.slack.user_by_email("nobody@northwind.example") is None
        with pytest.raises(Undeliverable):
            await stage.slack.person(NOBODY)

    async def test_an_uploaded_file_is_seen_once_it_is_shared(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        file = await stage.slack.upload_file("inc-1-postmortem-9.md", b"# INC-1")
        assert await stage.slack.find_file(channel, "inc-1-postmortem-9.md", stage.clock.now()) is None
        await stage.slack.share_file(channel, file, title="INC-1", comment="The draft.")
        assert await stage.slack.find_file(channel, "inc-1-postmortem-9.md", stage.clock.now())
        assert stage.texts(channel) == ["The draft."]

    async def test_a_file_whose_share_was_lost_is_found(self, stage: Stage) -> None:
        channel = stage.channel("incidents")
        file = await stage.slack.upload_file("inc-1-postmortem-9.md", b"# INC-1")
        stage.go_wrong(Fault.LOST_AFTER, "files.completeUploadExternal")
        with pytest.raises(Uncertain):
            await stage.slack.share_file(channel, file, title="INC-1", comment="The draft.")
        assert await stage.slack.find_file(channel, "inc-1-postmortem-9.md", stage.clock.now())

    async def test_a_form_is_opened_and_replaced(self, stage: Stage) -> None:
        title = {"type": "plain_text", "text": "Declare"}
        block = {"type": "section", "text": {"type": "plain_text", "text": "…"}}
        view: dict[str, object] = {"type": "modal", "title": title, "blocks": [block]}
        opened = await stage.slack.open_view(stage.trigger(), view)
        replaced = await stage.slack.update_view(opened.id, view, revision=opened.hash)
        assert replaced.id == opened.id

    async def test_a_home_tab_is_published_and_replaced_whatever_stood_there(self, stage: Stage) -> None:
        for word in ("first", "second"):
            block = {"type": "section", "text": {"type": "plain_text", "text": word}}
            await stage.slack.publish_home(ANA, {"type": "home", "blocks": [block]})
        assert "second" in stage.home(ANA)
        assert "first" not in stage.home(ANA)
        assert stage.home(BO) == ""

    async def test_a_home_tab_whose_answer_was_lost_is_published_again(self, stage: Stage) -> None:
        block = {"type": "section", "text": {"type": "plain_text", "text": "how it stands"}}
        view: dict[str, object] = {"type": "home", "blocks": [block]}
        stage.go_wrong(Fault.LOST_AFTER, "views.publish")
        with pytest.raises(TryLater):
            await stage.slack.publish_home(ANA, view)
        await stage.slack.publish_home(ANA, view)
        assert "how it stands" in stage.home(ANA)

    async def test_we_know_who_we_are(self, stage: Stage) -> None:
        me = await stage.slack.whoami()
        assert me.user == "U0MUSTER"
        assert me == await stage.slack.whoami()
