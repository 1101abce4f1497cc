"""The channel for communications on the real database: one, whatever dies, with its people; archived with the other."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import AssignRole, Declare, Resolve, SendUpdate
from bot.domain.comms import CommsOpened
from bot.domain.comms_commands import OpenComms
from bot.domain.course_commands import Reopen
from bot.domain.existing import Existing
from bot.domain.roles_model import Role
from bot.engine.jobs import Done, Job, Perform
from bot.errors import Refused
from tests.engine.ruling import N
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, POLICY, World
from tests.fakes.records import BOT, FakeChannel
from tests.fakes.slack import Fault, Killed
from tests.invariants import the_comms
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
ASK = OpenComms(incident=N, by=ANA)
UPDATE = SendUpdate(incident=N, text="We are rolling back", by=BO)


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url, replace(POLICY, archive_after=14 * A_DAY)).open()
    yield world
    await world.close()


async def declared(world: World, *, private: bool = False) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, service=CHECKOUT, private=private))
    await world.settle()
    await world.do(AssignRole(incident=N, role=Role.COMMUNICATIONS, user=BO, by=BO))
    await world.settle()


def made(world: World) -> list[FakeChannel]:
    return [one for one in world.slack.channels.values() if "-comms" in one.name]


async def asked(world: World) -> None:
    await world.do(ASK)
    await world.settle()


async def opened(world: World) -> FakeChannel:
    """Declare an incident and open the channel."""
    await declared(world)
    await asked(world)
    (room,) = made(world)
    return room


async def test_it_is_opened_with_its_people_and_what_is_told_is_told_there_once(world: World) -> None:
    room = await opened(world)
    assert room.name == (await world.incident()).channel_name.replace("inc-1-", "inc-1-comms-")
    assert {BOT, ANA, BO} <= set(room.members)
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=CLEO))
    await world.do(UPDATE)
    await world.settle()
    assert CLEO in room.members
    said = [one.text for one in world.slack.said(room.name)]
    assert len(said) == 2, "the message at the top, and the update"
    assert "We are rolling back" in said[0]
    assert said[1] == "Update on INC-1: We are rolling back"
    must_hold(await of_world(world), at_rest=True)


@pytest.mark.parametrize("fault", list(Fault))
async def test_whatever_becomes_of_the_call_there_is_one(world: World, fault: Fault) -> None:
    await declared(world)
    world.slack.fail(fault, method="conversations.create")
    await asked(world)
    await world.advance(AN_HOUR)
    assert len(made(world)) == 1
    assert (await world.incident()).comms_channel == made(world)[0].id
    must_hold(await of_world(world), at_rest=True)


async def test_of_a_private_incident_it_is_private_or_there_is_none(world: World) -> None:
    await declared(world, private=True)
    world.slack.private_refused = "Slack: restricted_action"
    await asked(world)
    assert made(world) == []
    world.slack.private_refused = ""
    await asked(world)
    (room,) = made(world)
    assert room.private
    assert room.name.startswith("inc-1-comms-private-")
    assert room.name.endswith("-r2")
    must_hold(await of_world(world), at_rest=True)


async def test_its_incident_is_known_by_it_and_it_cannot_be_another_incidents(world: World) -> None:
    room = await opened(world)
    found = await world.desk.incident_told_in(room.id)
    assert found
    assert found.id == N
    own = (await world.incident()).channel
    assert own
    assert await world.desk.incident_told_in(own) is None
    with pytest.raises(Refused, match="INC-1's already"):
        await world.do(
            Declare(title="Another", by=ANA, existing=Existing(channel=room.id, name=room.name, private=False))
        )


async def test_it_is_archived_with_the_incidents_channel_and_reopened_another_can_be_had(world: World) -> None:
    await over(world)
    await world.advance(15 * A_DAY)
    (room,) = made(world)
    assert room.archived
    assert (await world.incident()).comms_channel is None
    must_hold(await of_world(world), at_rest=True)
    await world.do(Reopen(incident=N, reason="Errors are back", by=ANA))
    await world.settle()
    await asked(world)
    assert [one.archived for one in made(world)] == [True, False]
    must_hold(await of_world(world), at_rest=True)


async def test_where_people_still_write_it_stays(world: World) -> None:
    await over(world)
    await world.advance(13 * A_DAY + AN_HOUR)
    (room,) = made(world)
    world.slack.write(room.name, "Legal still asks", author=BO)
    await world.advance(2 * A_DAY)
    incident = await world.incident()
    assert (incident.is_archived, room.archived) == (True, False)
    assert incident.comms_channel == room.id
    must_hold(await of_world(world), at_rest=True)


async def test_one_that_people_archived_counts_as_archived(world: World) -> None:
    await over(world)
    await world.advance(13 * A_DAY + AN_HOUR)
    (room,) = made(world)
    room.archived = True
    room.members.remove(BOT)
    await world.advance(2 * A_DAY)
    assert (await world.incident()).comms_channel is None


async def test_one_that_people_archive_meanwhile_is_told_of_once_and_another_can_be_had(world: World) -> None:
    room = await opened(world)
    room.archived = True
    room.members.remove(BOT)
    await world.do(UPDATE)
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=CLEO))
    await world.settle()
    incident = await world.incident()
    assert incident.comms_channel is None
    gone = [one for one in world.slack.said(incident.channel_name) if "for communications was archived" in one.text]
    assert len(gone) == 1
    assert [one for one in world.slack.said() if (one.marker or "").startswith("failure:")] == []
    await asked(world)
    assert [one.archived for one in made(world)] == [True, False]
    must_hold(await of_world(world), at_rest=True)


async def test_who_asks_for_one_that_people_archived_learns_that_it_is_gone(world: World) -> None:
    room = await opened(world)
    room.archived = True
    room.members.remove(BOT)
    await asked(world)
    assert (await world.incident()).comms_channel is None


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("dies", [False, True])
async def test_archived_while_the_incident_is_reopened_it_is_followed_by_another_with_its_people(
    world: World, *, dies: bool, private: bool
) -> None:
    await over(world, private=private)
    first = iter([True])

    def reopened_meanwhile(kind: str, perform: Perform) -> Perform:
        async def archive(job: Job) -> Done:
            done = await perform(job)
            if next(first, False):
                await world.do(Reopen(incident=N, reason="Errors are back", by=ANA))
                if dies:
                    raise Killed
            return done

        return archive if kind == "slack.archive_comms" else perform

    world.wrap = reopened_meanwhile
    world.dispatcher = world.another()
    await world.advance(14 * A_DAY + AN_HOUR)
    assert [one.archived for one in made(world)] == [True, False]
    assert {BOT, ANA, BO} <= set(made(world)[1].members)
    assert (await world.incident()).comms_channel == made(world)[1].id
    must_hold(await of_world(world), at_rest=True)


async def test_of_an_incident_that_was_reopened_before_that_it_stays(world: World) -> None:
    await over(world)

    def first_of_all(kind: str, perform: Perform) -> Perform:
        async def archive(job: Job) -> Done:
            if not (await world.incident()).status.is_open:
                await world.do(Reopen(incident=N, reason="Errors are back", by=ANA))
                raise Killed
            return await perform(job)

        return archive if kind == "slack.archive_comms" else perform

    world.wrap = first_of_all
    world.dispatcher = world.another()
    await world.advance(14 * A_DAY + AN_HOUR)
    assert [one.archived for one in made(world)] == [False]
    must_hold(await of_world(world), at_rest=True)


async def over(world: World, *, private: bool = False) -> None:
    await declared(world, private=private)
    await asked(world)
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.settle()


async def test_the_checker_names_what_is_wrong_with_one(world: World) -> None:
    await declared(world)
    await asked(world)
    await world.do(UPDATE)
    await world.settle()
    seen = await of_world(world)
    (room,) = made(world)
    public = replace(seen, rooms=tuple(replace(one, private=True) if one.id == room.id else one for one in seen.rooms))
    check = the_comms.a_channel_for_communications_is_made_by_the_bot_for_one_incident
    assert (list(check(seen)) == []) is not (list(check(public)) == [])
    (opening,) = [row for row in seen.timelines[N] if isinstance(row.event, CommsOpened)]
    untold = {name: times for name, times in seen.posted.items() if not name.startswith("told:")}
    untold_check = the_comms.what_everybody_is_told_is_said_to_those_who_tell_it
    assert opening.seq
    assert list(untold_check(seen)) == []
    assert list(untold_check(replace(seen, posted=untold))) != []
    empty = replace(
        seen, rooms=tuple(replace(one, members=frozenset()) if one.id == room.id else one for one in seen.rooms)
    )
    at_rest = the_comms.who_asked_for_a_channel_for_communications_has_one_with_its_people
    assert list(at_rest(seen)) == []
    assert list(at_rest(empty)) != []
