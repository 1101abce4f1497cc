"""The postmortem draft stands in the channel exactly once, with people's names."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.events import Event, IncidentDeclared, RoleAssigned, TimelineRow
from bot.domain.ids import IncidentId, MessageTs, UserId
from bot.domain.message_events import MessagePosted
from bot.domain.model import Severity
from bot.domain.roles_model import Role
from bot.domain.work import PostPostmortem
from bot.errors import TryLater
from bot.outbound.slack.files import people_of
from tests.fakes.clock import START
from tests.fakes.slack import Fault
from tests.outbound.slack.jobs import ANA, BO, CLEO, NAME, Stand

ONE = IncidentId(1)
WORK = PostPostmortem(incident=ONE, seq=9)
EVENTS: tuple[Event, ...] = (
    IncidentDeclared(
        at=START,
        by=ANA,
        incident=ONE,
        title="Checkout is down",
        severity=Severity.SEV1,
        channel_name=NAME,
        update_every=timedelta(minutes=10),
    ),
    RoleAssigned(at=START, by=BO, role=Role.COMMANDER, user=CLEO, previous=BO),
    MessagePosted(
        at=START, by=CLEO, ts=MessageTs("1.000100"), text="<@U0DMITRI> can you look?", permalink="https://x.example/p1"
    ),
)
ROWS = tuple(TimelineRow(incident=ONE, seq=seq, event=event, hash="") for seq, event in enumerate(EVENTS, start=1))


@pytest.fixture
def stand() -> Stand:
    return Stand()


async def test_the_draft_is_a_file_in_the_channel(stand: Stand) -> None:
    await stand.once(stand.job(WORK, rows=ROWS))
    (said,) = stand.slack.said(NAME)
    (file,) = stand.slack.files.values()
    assert said.filename == file.name == "inc-1-postmortem-9.md"
    assert "Checkout is down" in file.content.decode()


async def test_names_are_learned_for_those_who_have_none_yet(stand: Stand) -> None:
    stand.slack.add_person("U0DMITRI", "Dmitri")
    job = replace(stand.job(WORK, rows=ROWS), names={ANA: "Ana L."})
    done = await stand.once(job)
    assert done.names == {BO: "Bo", CLEO: "Cleo", "U0DMITRI": "Dmitri"}
    (file,) = stand.slack.files.values()
    assert "Ana L." in file.content.decode()
    assert "Cleo" in file.content.decode()


async def test_somebody_slack_does_not_know_does_not_stop_the_draft(stand: Stand) -> None:
    done = await stand.once(stand.job(WORK, rows=ROWS))
    assert UserId("U0DMITRI") not in done.names


@given(
    faults=st.lists(
        st.tuples(st.sampled_from(Fault), st.sampled_from(["", "files.completeUploadExternal"])), max_size=6
    ),
    late=st.integers(min_value=0, max_value=15),
)
@settings(max_examples=200, deadline=None)
async def test_whatever_goes_wrong_it_is_shared_exactly_once(faults: list[tuple[Fault, str]], late: int) -> None:
    stand = Stand()
    stand.slack.late = timedelta(seconds=late)
    for fault, method in faults:
        stand.slack.fail(fault, method=method)
    await stand.deliver(stand.job(WORK, rows=ROWS))
    await stand.clock.advance(timedelta(minutes=1))
    assert [said.filename for said in stand.slack.said(NAME)] == ["inc-1-postmortem-9.md"]


async def test_with_the_lease_gone_the_file_is_not_shown(stand: Stand) -> None:
    with pytest.raises(TryLater):
        await stand.once(replace(stand.job(WORK, rows=ROWS), still_ours=lambda: False))
    assert stand.slack.said(NAME) == []


def test_everybody_whom_the_draft_may_name_is_known(stand: Stand) -> None:
    assert people_of(stand.incident, ROWS) == {ANA, BO, CLEO, "U0DMITRI"}
