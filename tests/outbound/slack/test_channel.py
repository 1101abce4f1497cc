"""The incident's channel: exactly one, ours, with its people, its topic and its bookmark."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.archives import Archiving, ArchivingEnd
from bot.domain.hushing import RemoveNotice
from bot.domain.ids import IncidentId, UserId
from bot.domain.result_commands import OpenedChannel, ReportFailure
from bot.domain.work import AddBookmark, Announce, InvitePeople, OpenChannel, SetTopic, ShowCard
from bot.engine.jobs import Done
from bot.errors import TryLater, Uncertain, Undeliverable
from bot.outbound.slack.means import SETTLE
from bot.outbound.slack.performers import TRIES
from bot.outbound.slack.port import ChannelGone
from tests.fakes.clock import turn
from tests.fakes.slack import Fault
from tests.outbound.slack.jobs import ANA, BO, NAME, Stand, incident

ONE = IncidentId(1)
OPEN, TOPIC, BOOKMARK = OpenChannel(incident=ONE), SetTopic(incident=ONE), AddBookmark(incident=ONE)
INVITE = InvitePeople(incident=ONE, users=(ANA, BO))
FAULTS = st.lists(
    st.tuples(st.sampled_from(Fault), st.sampled_from(["", "conversations.create", "bookmarks.add"])), max_size=6
)
LATE = st.integers(min_value=0, max_value=int(SETTLE.total_seconds()))


@pytest.fixture
def closed() -> Stand:
    return Stand(opened=False)


@pytest.fixture
def stand() -> Stand:
    return Stand()


async def test_opening_takes_one_call_and_says_which_channel_it_is(closed: Stand) -> None:
    done = await closed.once(closed.job(OPEN))
    made = closed.slack.channel(NAME)
    assert done.command == OpenedChannel(incident=ONE, channel=made.id, name=NAME)
    assert [call.method for call in closed.slack.calls] == ["conversations.create"]


async def test_an_incident_with_a_channel_needs_no_other(stand: Stand) -> None:
    assert (await stand.once(stand.job(OPEN))).command is None
    assert stand.slack.calls == []


async def test_slacks_own_word_of_a_new_topic_is_taken_out_of_the_channel(stand: Stand) -> None:
    await stand.once(stand.job(TOPIC))
    (line,) = stand.slack.said()
    notice = RemoveNotice(channel=line.channel, ts=line.ts)
    await stand.once(stand.job(notice))
    assert stand.slack.said() == []
    assert await stand.once(stand.job(notice)) == Done(), "once more hurts nobody"


async def test_where_slack_keeps_its_word_of_a_topic_it_stays_and_nobody_is_told(stand: Stand) -> None:
    await stand.once(stand.job(TOPIC))
    stand.slack.keeps_notices = True
    (line,) = stand.slack.said()
    assert await stand.once(stand.job(RemoveNotice(channel=line.channel, ts=line.ts))) == Done()
    assert stand.slack.said() == [line]


@given(faults=FAULTS, late=LATE)
@settings(max_examples=300, deadline=None)
async def test_whatever_goes_wrong_there_is_exactly_one_channel(faults: list[tuple[Fault, str]], late: int) -> None:
    closed = Stand(opened=False)
    closed.slack.late = timedelta(seconds=late)
    for fault, method in faults:
        closed.slack.fail(fault, method=method)
    done = await closed.deliver(closed.job(OPEN))
    await closed.clock.advance(timedelta(minutes=1))
    (made,) = closed.slack.channels_named("inc-1")
    assert done.command == OpenedChannel(incident=ONE, channel=made.id, name=NAME)


async def test_a_strangers_channel_of_our_name_is_never_adopted(closed: Stand) -> None:
    closed.slack.add_channel(NAME)
    done = await closed.deliver(closed.job(OPEN))
    assert isinstance(done.command, OpenedChannel)
    assert done.command.name == f"{NAME}-2"
    assert closed.slack.channel(f"{NAME}-2").creator == "U0MUSTER"


async def test_after_a_lost_reply_a_taken_name_is_not_a_strangers_before_slack_had_time_to_list_it(
    closed: Stand,
) -> None:
    closed.slack.add_channel(NAME, with_bot=False)
    job = replace(closed.job(OPEN), maybe_sent_since=closed.clock.now(), last_sent_at=closed.clock.now())
    with pytest.raises(TryLater):
        await closed.once(job)
    closed.clock.move(timedelta(minutes=2))
    done = await closed.once(job)
    assert isinstance(done.command, OpenedChannel)
    assert done.command.name == f"{NAME}-2"


async def test_after_a_lost_reply_the_channel_does_not_wait_to_settle(closed: Stand) -> None:
    closed.slack.fail(Fault.APPLIED_LATE)
    sent = closed.clock.now()
    with pytest.raises(Uncertain):
        await closed.once(closed.job(OPEN))
    assert (await closed.once(replace(closed.job(OPEN), maybe_sent_since=sent, last_sent_at=sent))).command
    await closed.clock.advance(timedelta(minutes=1))
    assert len(closed.slack.channels_named("inc-1")) == 1


async def test_when_every_name_is_taken_it_says_so(closed: Stand) -> None:
    for name in (NAME, f"{NAME}-2", f"{NAME}-3"):
        closed.slack.add_channel(name)
    with pytest.raises(Undeliverable, match="taken"):
        await closed.deliver(closed.job(OPEN))


async def test_with_the_lease_gone_no_channel_is_opened(closed: Stand) -> None:
    with pytest.raises(TryLater):
        await closed.once(replace(closed.job(OPEN), still_ours=lambda: False))
    assert closed.slack.calls == []


async def test_people_are_brought_in_blindly_again_after_a_lost_reply(stand: Stand) -> None:
    stand.slack.fail(Fault.LOST_AFTER)
    with pytest.raises(Uncertain):
        await stand.once(stand.job(INVITE))
    now = stand.clock.now()
    await stand.once(replace(stand.job(INVITE), maybe_sent_since=now, last_sent_at=now))
    assert stand.channel
    assert stand.channel.members.count(ANA) == 1


async def test_who_cannot_be_brought_in_is_reported_and_the_others_are_in(stand: Stand) -> None:
    stand.slack.uninvitable[ANA] = "is a guest who may not join this channel"
    done = await stand.once(stand.job(INVITE))
    assert isinstance(done.command, ReportFailure)
    assert done.command.reason == "U0ANA is a guest who may not join this channel"
    assert stand.channel
    assert BO in stand.channel.members


async def test_nobody_to_invite_is_no_call(stand: Stand) -> None:
    await stand.once(stand.job(replace(INVITE, users=())))
    assert stand.slack.calls == []


@pytest.mark.parametrize("work", [INVITE, TOPIC, BOOKMARK], ids=lambda work: work.kind)
async def test_what_needs_a_channel_that_never_opened_is_given_up(closed: Stand, work: SetTopic) -> None:
    with pytest.raises(Undeliverable, match="INC-1 has no channel"):
        await closed.once(closed.job(work))


async def test_the_topic_is_that_of_now(stand: Stand) -> None:
    await stand.once(stand.job(TOPIC))
    assert stand.channel
    assert "SEV-1" in stand.channel.topic


async def test_a_topic_that_is_applied_late_does_not_win(stand: Stand) -> None:
    stand.slack.fail(Fault.APPLIED_LATE)
    job = stand.job(TOPIC)
    with pytest.raises(Uncertain):
        await stand.once(job)
    now = stand.clock.now()
    stand.incident = incident(stand.incident.channel, title="Search is down")
    await stand.deliver(replace(job, maybe_sent_since=now, last_sent_at=now))
    await stand.clock.advance(timedelta(minutes=1))
    assert "Search is down" in stand.slack.channel(NAME).topic


@pytest.mark.parametrize("end", [None, ArchivingEnd.REOPENED])
async def test_what_finds_the_channel_archived_while_we_archive_it_waits_until_that_is_known(
    stand: Stand, end: ArchivingEnd | None
) -> None:
    """Else people would be told that a topic failed which nobody is there to read."""
    assert stand.channel
    stand.channel.archived = True
    warned = Archiving(n=1, at=stand.clock.now(), since=stand.clock.now(), notice=timedelta(days=1), end=end)
    stand.incident = replace(stand.incident, archiving=warned)
    with pytest.raises(TryLater):
        await stand.once(stand.job(TOPIC))
    with pytest.raises(ChannelGone):  # it was somebody else, long ago
        await stand.once(replace(stand.job(TOPIC), attempt=TRIES))
    stand.incident = replace(stand.incident, archiving=None)
    with pytest.raises(ChannelGone):
        await stand.once(stand.job(TOPIC))


@given(faults=FAULTS, late=LATE)
@settings(max_examples=200, deadline=None)
async def test_whatever_goes_wrong_there_is_exactly_one_bookmark(faults: list[tuple[Fault, str]], late: int) -> None:
    stand = Stand()
    stand.slack.late = timedelta(seconds=late)
    for fault, method in faults:
        stand.slack.fail(fault, method=method)
    await stand.deliver(stand.job(BOOKMARK))
    await stand.clock.advance(timedelta(minutes=1))
    assert [link.url for link in stand.slack.channel(NAME).bookmarks] == ["https://runbooks.example/checkout"]


async def test_without_a_runbook_there_is_no_bookmark(stand: Stand) -> None:
    stand.incident = replace(stand.incident, service=None)
    await stand.once(stand.job(BOOKMARK))
    assert stand.slack.calls == []


async def test_from_nothing_to_a_usable_channel_takes_two_round_trips() -> None:
    stand = Stand(opened=False)
    await stand.once(stand.job(Announce(incident=ONE)))  # the directory is warm, as it is in a running process
    stand.slack.calls.clear()
    stand.slack.latency = timedelta(milliseconds=140)
    began = stand.clock.monotonic()

    async def declare() -> None:
        done = await stand.once(stand.job(OPEN))
        assert isinstance(done.command, OpenedChannel)
        stand.incident = replace(stand.incident, channel=done.command.channel)
        works = (ShowCard(incident=ONE), Announce(incident=ONE), INVITE, TOPIC, BOOKMARK)
        await asyncio.gather(*(stand.once(stand.job(work)) for work in works))

    declaring = asyncio.ensure_future(declare())
    while not declaring.done():
        await stand.clock.advance(timedelta(milliseconds=10))
        await turn()
    await declaring
    assert stand.slack.round_trips() == 2
    assert stand.clock.monotonic() - began == pytest.approx(0.28, abs=0.02)


async def test_somebody_slack_does_not_know_is_named(stand: Stand) -> None:
    stand.slack.uninvitable[UserId("U0GONE")] = "Slack does not know this person"
    done = await stand.once(stand.job(replace(INVITE, users=(UserId("U0GONE"),))))
    assert isinstance(done.command, ReportFailure)
    assert done.command.work == replace(INVITE, users=(UserId("U0GONE"),))
