"""Posts are said exactly once for each key, whatever becomes of the line or of the process."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.events import ChannelOpened, Event, RoleAssigned, StatusChanged, TimelineRow, UpdateSent
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.latecomers import SendSummary
from bot.domain.model import Status
from bot.domain.result_commands import ConfirmReminder
from bot.domain.roles_model import Role
from bot.domain.second_route import CallPerson
from bot.domain.subscriptions import TellSubscriber
from bot.domain.work import Place, Remind, Reminder, Say, SendDuties, TellFailure, WarnAdmins
from bot.engine.jobs import Done, Posted
from bot.errors import TryLater, Uncertain, Undeliverable
from bot.outbound.slack.means import SETTLE
from tests.fakes.clock import START
from tests.fakes.slack import Fault
from tests.outbound.slack.jobs import ANA, BO, CLEO, NAME, Stand

ONE = IncidentId(1)
UPDATE = UpdateSent(at=START, by=ANA, text="We are failing over.", update_every=timedelta(minutes=10))
SAY = Say(incident=ONE, place=Place.CHANNEL, seq=4, event=UPDATE)
SAY_UNDER = Say(incident=ONE, place=Place.ANNOUNCEMENT, seq=4, event=UPDATE)
REMIND = Remind(incident=ONE, about=Reminder.UPDATE, n=1)
DUTIES = SendDuties(incident=ONE, role=Role.COMMANDER, user=CLEO, seq=5)
CALL = CallPerson(incident=ONE, user=CLEO)
FAILURE = TellFailure(incident=ONE, seq=6, what="slack.topic", reason="the channel is archived")
WARNING = WarnAdmins(subject="slack.group", text="I am not in #alerts")
SUMMARY = SendSummary(incident=ONE, user=CLEO)
POSTS = [SAY, REMIND, DUTIES, FAILURE, WARNING, SUMMARY]


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.mark.parametrize("work", POSTS, ids=lambda work: work.kind)
async def test_a_post_is_made_in_one_call_once_the_place_is_known(stand: Stand, work: Say) -> None:
    await stand.slack.direct_channel(CLEO)
    stand.slack.calls.clear()
    done = await stand.once(stand.job(work))
    assert [call.method for call in stand.slack.calls if call.method == "chat.postMessage"] == ["chat.postMessage"]
    assert [said.ts for said in stand.slack.marked(stand.job(work).key)] == [done.posted.ts if done.posted else ""]


@given(
    work=st.sampled_from(POSTS),
    faults=st.lists(st.tuples(st.sampled_from(Fault), st.sampled_from(["", "chat.postMessage"])), max_size=6),
    late=st.integers(min_value=0, max_value=int(SETTLE.total_seconds())),
)
@settings(max_examples=300, deadline=None)
async def test_whatever_goes_wrong_it_is_said_exactly_once(
    work: Say, faults: list[tuple[Fault, str]], late: int
) -> None:
    stand = Stand()
    stand.slack.late = timedelta(seconds=late)
    for fault, method in faults:
        stand.slack.fail(fault, method=method)
    done = await stand.deliver(stand.job(work))
    await stand.clock.advance(timedelta(minutes=1))
    (said,) = stand.slack.marked(stand.job(work).key)
    assert done.posted == Posted(channel=said.channel, ts=said.ts)


async def test_it_does_not_look_before_an_earlier_try_has_settled(stand: Stand) -> None:
    sent = stand.clock.now()
    stand.clock.move(timedelta(seconds=4))
    job = replace(stand.job(SAY), maybe_sent_since=sent, last_sent_at=sent)
    with pytest.raises(TryLater) as early:
        await stand.once(job)
    assert early.value.after == timedelta(seconds=11)
    assert stand.slack.calls == []


async def test_it_settles_from_the_last_try_and_looks_since_the_first(stand: Stand) -> None:
    first = stand.clock.now()
    posted = (await stand.once(stand.job(SAY))).posted
    stand.clock.move(timedelta(minutes=10))
    job = replace(stand.job(SAY), maybe_sent_since=first, last_sent_at=stand.clock.now() - timedelta(seconds=14))
    with pytest.raises(TryLater):
        await stand.once(job)
    stand.clock.move(timedelta(seconds=1))
    assert (await stand.once(job)).posted == posted


async def test_a_clock_set_back_six_hours_neither_waits_nor_posts_twice(stand: Stand) -> None:
    sent = stand.clock.now() + timedelta(hours=6)
    posted = (await stand.once(stand.job(SAY))).posted
    stand.clock.move(SETTLE)
    job = replace(stand.job(SAY), maybe_sent_since=sent, last_sent_at=sent)
    assert (await stand.once(job)).posted == posted


async def test_a_clock_minutes_ahead_of_slacks_posts_nothing_twice_after_a_lost_reply(stand: Stand) -> None:
    posted = (await stand.once(stand.job(SAY))).posted
    stand.clock.move(timedelta(minutes=10))  # what Slack has is of ten minutes before the try, as we count
    job = replace(stand.job(SAY), maybe_sent_since=stand.clock.now(), last_sent_at=stand.clock.now())
    stand.clock.move(SETTLE)
    assert (await stand.once(job)).posted == posted
    assert len(stand.slack.said()) == 1


@pytest.mark.parametrize("by", [timedelta(minutes=2), timedelta(minutes=-2), timedelta(hours=6)], ids=str)
async def test_a_clock_that_is_set_while_a_try_is_under_way_hurries_nobody(stand: Stand, by: timedelta) -> None:
    job, sent = stand.job(SAY), stand.clock.now()
    stand.slack.fail(Fault.APPLIED_LATE, method="chat.postMessage")
    with pytest.raises(Uncertain):
        await stand.once(job)
    stand.clock.jump(by)
    await stand.deliver(replace(job, maybe_sent_since=sent, last_sent_at=sent))
    await stand.clock.advance(timedelta(minutes=1))
    assert len(stand.slack.said()) == 1


async def test_a_replica_whose_clock_is_a_little_ahead_is_given_its_time(stand: Stand) -> None:
    sent = stand.clock.now() + timedelta(seconds=30)
    with pytest.raises(TryLater) as early:
        await stand.once(replace(stand.job(SAY), maybe_sent_since=sent, last_sent_at=sent))
    assert early.value.after == SETTLE


@pytest.mark.parametrize("work", POSTS, ids=lambda work: work.kind)
async def test_with_the_lease_gone_nothing_is_said(stand: Stand, work: Say) -> None:
    with pytest.raises(TryLater):
        await stand.once(replace(stand.job(work), still_ours=lambda: False))
    assert stand.slack.said() == []


async def test_what_was_said_is_not_said_again(stand: Stand) -> None:
    done = await stand.once(stand.job(SAY))
    again = await stand.once(replace(stand.job(SAY), posted=done.posted))
    assert again.posted == done.posted
    assert len(stand.slack.said()) == 1


async def test_a_moment_of_which_nothing_is_said_is_done(stand: Stand) -> None:
    event = ChannelOpened(at=START, channel=ChannelId("C1"), name=NAME)
    await stand.once(stand.job(Say(incident=ONE, place=Place.CHANNEL, seq=2, event=event)))
    assert stand.slack.calls == []


async def test_without_an_announcement_nothing_holds_up_the_lane_in_which_it_would_come(stand: Stand) -> None:
    assert (await stand.once(stand.job(SAY_UNDER))).posted is None
    assert stand.slack.calls == []


async def test_under_the_announcement_it_is_a_reply(stand: Stand) -> None:
    root = stand.slack.write("incidents", "INC-1", author="U0MUSTER")
    anchor = Posted(channel=root.channel, ts=root.ts)
    done = await stand.once(replace(stand.job(SAY_UNDER), anchor=anchor))
    assert done.posted
    assert stand.slack.marked("announced:1:4")[0].thread == root.ts


async def test_a_reply_whose_announcement_was_deleted_is_undeliverable(stand: Stand) -> None:
    root = stand.slack.write("incidents", "INC-1", author="U0MUSTER")
    stand.slack.delete(root)
    with pytest.raises(Undeliverable, match="deleted"):
        await stand.once(replace(stand.job(SAY_UNDER), anchor=Posted(channel=root.channel, ts=root.ts)))


async def test_a_reminder_confirms_that_the_channel_has_seen_it(stand: Stand) -> None:
    done = await stand.once(stand.job(REMIND))
    assert done.command == ConfirmReminder(incident=ONE, about=Reminder.UPDATE, n=1)
    assert [said.channel for said in stand.slack.marked("reminder:1:update:1")] == [stand.incident.channel]


async def test_a_reminder_that_an_update_overtook_is_not_posted(stand: Stand) -> None:
    stand.incident = replace(stand.incident, update_due=START + timedelta(minutes=10))
    await stand.once(stand.job(REMIND))
    assert stand.slack.said() == []


async def test_duties_go_to_the_holder_alone(stand: Stand) -> None:
    await stand.once(stand.job(DUTIES))
    assert len(stand.slack.said(CLEO)) == 1


async def test_who_is_on_call_is_called_while_the_pager_has_not_accepted_the_page(stand: Stand) -> None:
    stand.incident = replace(stand.incident, page_asked_at=START)
    await stand.once(stand.job(CALL))
    (call,) = stand.slack.said(CLEO)
    assert "You are on call" in call.text


@pytest.mark.parametrize("meanwhile", [{"page_accepted_at": START}, {"status": Status.RESOLVED}])
async def test_a_call_that_is_not_needed_any_more_is_not_made(stand: Stand, meanwhile: dict[str, Any]) -> None:
    stand.incident = replace(stand.incident, page_asked_at=START, **meanwhile)
    assert await stand.once(stand.job(CALL)) == Done()
    assert stand.slack.said() == []


@pytest.mark.parametrize(
    ("has", "told"),
    [
        ({"roles": {Role.COMMANDER: BO}}, BO),
        ({}, ANA),
        ({"declared_by": None, "responders": (CLEO, ANA)}, CLEO),
        ({"declared_by": None, "responders": ()}, NAME),
    ],
)
async def test_a_failure_is_told_to_the_commander_else_the_declarer_else_the_first_called_in_else_the_channel(
    stand: Stand, has: dict[str, Any], told: str
) -> None:
    stand.incident = replace(stand.incident, **{"roles": {}, **has})
    await stand.once(stand.job(FAILURE))
    assert len(stand.slack.said(told)) == 1


async def test_admins_are_warned_once_for_a_storm_and_again_when_it_comes_back(stand: Stand) -> None:
    first = (await stand.once(stand.job(WARNING))).posted
    stand.clock.move(timedelta(minutes=10))
    soon = replace(stand.job(replace(WARNING, text="I am not in #payments")), posted=first)
    assert (await stand.once(soon)).posted == first
    (notice,) = stand.slack.said("muster-admin")
    assert "#payments" in notice.text
    stand.clock.move(timedelta(hours=2))
    later = await stand.once(replace(stand.job(WARNING), posted=first))
    assert later.posted != first
    assert len(stand.slack.said("muster-admin")) == 2


async def test_without_an_admin_channel_nobody_is_warned() -> None:
    stand = Stand()
    stand.slack.channel("muster-admin").members.clear()
    with pytest.raises(Undeliverable, match="I am not in #muster-admin"):
        await stand.once(stand.job(WARNING))


async def test_an_archived_channel_ends_in_a_sentence(stand: Stand) -> None:
    assert stand.channel
    stand.channel.archived = True
    with pytest.raises(Undeliverable, match="unarchive"):
        await stand.once(stand.job(SAY))


async def test_without_a_channel_there_is_nowhere_to_say_it() -> None:
    stand = Stand(opened=False)
    with pytest.raises(Undeliverable, match="INC-1 has no channel"):
        await stand.once(stand.job(SAY))


async def test_other_moments_are_said_too(stand: Stand) -> None:
    assigned = RoleAssigned(at=START, by=ANA, role=Role.COMMANDER, user=BO)
    moved = StatusChanged(at=START, by=ANA, status=Status.MONITORING, previous=Status.INVESTIGATING)
    events: list[Event] = [assigned, moved]
    for seq, event in enumerate(events, start=7):
        await stand.once(stand.job(Say(incident=ONE, place=Place.CHANNEL, seq=seq, event=event)))
    assert len(stand.slack.said(NAME)) == 2


async def test_what_is_to_be_told_though_it_stands_is_added_to_it(stand: Stand) -> None:
    """A clock that is set back by seconds lets an update wait for what was told already."""
    first = replace(UPDATE, told_at=START, told_with=4, subscribers=(CLEO,))
    later = replace(first, text="We are nearly there.", at=START + timedelta(minutes=1))
    rows = [TimelineRow(incident=ONE, seq=seq, event=one, hash="") for seq, one in ((4, first), (5, later))]
    tell = TellSubscriber(incident=ONE, user=CLEO, told_at=START, since=4)
    posted = (await stand.once(stand.job(tell, rows=rows[:1]))).posted
    again = await stand.once(replace(stand.job(tell, rows=rows), posted=posted))
    (said,) = stand.slack.said(CLEO)
    assert again.posted == posted
    assert "We are failing over." in str(said.blocks)
    assert "We are nearly there." in str(said.blocks)


async def test_what_waits_from_before_rows_were_named_tells_all_of_its_moment(stand: Stand) -> None:
    old = [replace(UPDATE, told_at=START, text=text) for text in ("First", "Second")]
    new = replace(UPDATE, told_at=START, told_with=6, text="Third")
    rows = [TimelineRow(incident=ONE, seq=seq, event=one, hash="") for seq, one in enumerate((*old, new), 4)]
    await stand.once(stand.job(TellSubscriber(incident=ONE, user=CLEO, told_at=START), rows=rows))
    (said,) = stand.slack.said(CLEO)
    assert [text in str(said.blocks) for text in ("First", "Second", "Third")] == [True, True, False]
