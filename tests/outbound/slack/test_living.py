"""Living messages: one each, always as the state is, whatever becomes of the line and whoever deletes them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.group_work import ShowGroup
from bot.domain.ids import GroupId, IncidentId
from bot.domain.model import Proposal
from bot.domain.proposals import ShowProposal
from bot.domain.work import Announce, ShowCard
from bot.engine.jobs import Posted
from bot.errors import TryLater, Undeliverable
from bot.outbound.slack.means import SETTLE
from tests.fakes.clock import START
from tests.fakes.slack import Fault
from tests.outbound.slack.jobs import ANA, NAME, Stand

CARD = ShowCard(incident=IncidentId(1))
ANNOUNCEMENT = Announce(incident=IncidentId(1))
ALERT = ShowGroup(group=GroupId("a1"))
PROPOSAL = ShowProposal(incident=IncidentId(1), n=1)
LIVING = [(CARD, NAME), (ANNOUNCEMENT, "incidents"), (ALERT, "alerts")]


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.mark.parametrize(("work", "channel"), LIVING)
async def test_it_is_posted_once_and_then_updated_in_place(stand: Stand, work: ShowCard, channel: str) -> None:
    posted = (await stand.once(stand.job(work))).posted
    stand.incident = replace(stand.incident, title="Checkout and search are down")
    assert (await stand.once(replace(stand.job(work), posted=posted))).posted == posted
    assert len(stand.slack.said(channel)) == 1


async def test_an_update_shows_the_state_of_now(stand: Stand) -> None:
    posted = (await stand.once(stand.job(CARD))).posted
    stand.incident = replace(stand.incident, title="Checkout and search are down")
    await stand.once(replace(stand.job(CARD), posted=posted))
    (card,) = stand.slack.said(NAME)
    assert "search" in f"{card.text}{card.blocks}"
    assert len(card.revisions) == 1


@given(
    living=st.sampled_from(LIVING),
    faults=st.lists(
        st.tuples(st.sampled_from(Fault), st.sampled_from(["", "chat.postMessage", "chat.update"])), max_size=6
    ),
    late=st.integers(min_value=0, max_value=int(SETTLE.total_seconds())),
)
@settings(max_examples=300, deadline=None)
async def test_whatever_goes_wrong_there_is_one_and_it_is_up_to_date(
    living: tuple[ShowCard, str], faults: list[tuple[Fault, str]], late: int
) -> None:
    work, channel = living
    stand = Stand()
    stand.slack.late = timedelta(seconds=late)
    for fault, method in faults:
        stand.slack.fail(fault, method=method)
    first = (await stand.deliver(stand.job(work))).posted
    stand.incident = replace(stand.incident, title="Search is down")
    stand.alert = replace(stand.alert, report=replace(stand.alert.report, summary="Search is down"))
    await stand.deliver(replace(stand.job(work), posted=first))
    await stand.clock.advance(timedelta(minutes=1))
    (said,) = stand.slack.said(channel)
    assert first == Posted(channel=said.channel, ts=said.ts)
    assert "Search is down" in f"{said.text}{said.blocks}"


async def test_what_an_earlier_try_posted_is_brought_up_to_date_when_found(stand: Stand) -> None:
    stand.slack.fail(Fault.LOST_AFTER, method="chat.postMessage")
    since = stand.clock.now()
    with pytest.raises(Exception, match="line to Slack"):
        await stand.once(stand.job(CARD))
    stand.clock.move(SETTLE)
    stand.incident = replace(stand.incident, title="Search is down")
    await stand.once(replace(stand.job(CARD), maybe_sent_since=since, last_sent_at=since))
    (card,) = stand.slack.said(NAME)
    assert "Search is down" in f"{card.text}{card.blocks}"


async def test_a_card_that_somebody_deleted_is_posted_anew(stand: Stand) -> None:
    posted = (await stand.once(stand.job(CARD))).posted
    stand.slack.delete(stand.slack.said(NAME)[0])
    again = (await stand.once(replace(stand.job(CARD), posted=posted))).posted
    assert again != posted
    assert len(stand.slack.said(NAME)) == 1


async def test_an_alert_stays_where_it_stands_when_its_route_changes(stand: Stand) -> None:
    posted = (await stand.once(stand.job(ALERT))).posted
    stand.slack.channel("payments")
    stand.alert = replace(stand.alert, channel="payments")
    assert (await stand.once(replace(stand.job(ALERT), posted=posted))).posted == posted


async def test_a_channel_replaced_by_another_of_its_name_is_found_after_one_failure(stand: Stand) -> None:
    await stand.once(stand.job(ANNOUNCEMENT))
    old = stand.slack.channel("incidents")
    old.archived, old.name = True, "incidents-old"
    new = stand.slack.channel("incidents")
    with pytest.raises(Undeliverable, match="archived"):
        await stand.once(stand.job(ANNOUNCEMENT))
    stand.clock.move(timedelta(minutes=1))
    assert (await stand.once(stand.job(ANNOUNCEMENT))).posted
    assert len(new.messages) == 1


STANDS = Proposal(n=1, at=START, since=START)


async def test_a_proposal_is_written_once_and_then_shows_what_became_of_it(stand: Stand) -> None:
    stand.incident = replace(stand.incident, proposal=STANDS)
    posted = (await stand.once(stand.job(PROPOSAL))).posted
    stand.incident = replace(stand.incident, proposal=replace(STANDS, ended_at=START, kept_by=ANA))
    assert (await stand.once(replace(stand.job(PROPOSAL), posted=posted))).posted == posted
    assert [said.text for said in stand.slack.said(NAME)] == ["INC-1 stays open."]


@pytest.mark.parametrize("lost", [False, True])
async def test_a_proposal_that_does_not_stand_any_more_is_not_posted(stand: Stand, lost: bool) -> None:
    stand.incident = replace(stand.incident, proposal=STANDS)
    since = stand.clock.now()
    if lost:
        stand.slack.fail(Fault.LOST_AFTER, method="chat.postMessage")
        with pytest.raises(Exception, match="line to Slack"):
            await stand.once(stand.job(PROPOSAL))
    stand.clock.move(SETTLE)
    stand.incident = replace(stand.incident, proposal=replace(STANDS, n=2))
    await stand.once(replace(stand.job(PROPOSAL), maybe_sent_since=since, last_sent_at=since))
    taken_back = ["INC-1: an alert fired again, it is not over."]
    assert [said.text for said in stand.slack.said(NAME)] == taken_back * lost


@pytest.mark.parametrize("posted_before", [False, True])
async def test_with_the_lease_gone_nothing_is_written(stand: Stand, posted_before: bool) -> None:
    posted = (await stand.once(stand.job(CARD))).posted if posted_before else None
    calls = len(stand.slack.calls)
    with pytest.raises(TryLater):
        await stand.once(replace(stand.job(CARD), posted=posted, still_ours=lambda: False))
    assert len(stand.slack.calls) == calls
