"""Declaring at once by a reaction, where the policy says so: once a message, before the event is acknowledged."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.commands import Declare
from bot.domain.existing import Existing
from bot.domain.ids import ChannelId, IncidentId, UserId
from bot.domain.model import Status
from bot.domain.permissions import Account, Act, Permissions, Rule
from bot.domain.quoted import Quoted
from bot.errors import Overloaded, TryLater
from tests.inbound.slack.front import ANA, BO, GENERAL, INCIDENT_CHANNEL, POLICY, Front, an_incident
from tests.inbound.slack.test_quoting import AT, LINK, MESSAGE, QUOTED, TS, reaction
from tests.views.limits import check

AT_ONCE = replace(POLICY, declares_at_once=True)
BY_ITS_LINK = Quoted(by=None, said_at=AT, text="Reported by a reaction to a message", link=LINK)


def front(message: Mapping[str, object] = MESSAGE, *, private: bool = False, **changes: Any) -> Front:
    there = Front(**{"policy": AT_ONCE, **changes})
    there.messages[TS] = message
    there.rooms[GENERAL] = Existing(channel=GENERAL, name="general", private=private)
    return there


async def react(there: Front, user: UserId = ANA, **changes: Any) -> int:
    answer = await there.event(reaction(user=user, **changes))
    await there.app.drain()
    return answer.status


async def test_a_message_is_declared_from_at_once_and_once_whoever_reacts_and_however_often() -> None:
    there = front()
    assert [await react(there), await react(there), await react(there, BO)] == [200, 200, 200]
    assert there.desk.taken == [Declare(title="Cards fail", by=ANA, quoted=QUOTED)]
    (channel, user, said), *others = there.offered
    check(said)
    assert (channel, user) == (GENERAL, ANA)
    assert "Declaring INC-" in said.text
    assert ["declared already" in told.text for _, _, told in others] == [True, True]
    assert [user for _, user, _ in others] == [ANA, BO]


async def test_the_event_is_acknowledged_when_the_incident_is_kept_and_not_before() -> None:
    there = front()
    there.desk.fail = Overloaded("The database is busy.")
    assert await react(there) == 503
    there.desk.fail = None
    assert await react(there) == 200
    assert len(there.desk.taken) == 1


async def test_who_may_not_declare_is_told_who_may_and_the_next_one_declares() -> None:
    there = front(policy=replace(AT_ONCE, permissions=Permissions(rules={Act.DECLARE: Rule(people=frozenset({BO}))})))
    await react(there)
    ((_, user, said),) = there.offered
    assert (user, there.desk.taken) == (ANA, [])
    assert "may not declare an incident" in said.text
    await react(there, BO)
    assert [one.by for one in there.desk.taken if isinstance(one, Declare)] == [BO]


async def test_guests_declare_nothing_by_it() -> None:
    there = front(accounts={ANA: Account(guest=True)})
    await react(there)
    assert there.desk.taken == []


async def test_in_a_private_channel_it_is_offered_and_nothing_told_elsewhere() -> None:
    there = front(private=True)
    await react(there)
    assert there.desk.taken == []
    ((_, _, said),) = there.offered
    assert "Is this an incident?" in said.text


async def test_where_an_incident_is_open_none_is_declared_and_where_it_is_over_another_is() -> None:
    there = front()
    item = {"type": "message", "channel": INCIDENT_CHANNEL, "ts": TS}
    there.rooms[INCIDENT_CHANNEL] = Existing(channel=INCIDENT_CHANNEL, name="inc-42", private=False)
    await react(there, item=item)
    assert there.desk.taken == []
    there.desk.incidents[IncidentId(42)] = an_incident(status=Status.RESOLVED)
    await react(there, item=item)
    assert len(there.desk.taken) == 1


@pytest.mark.parametrize("changes", [{"slack_fails": TryLater("down")}, {"message": {"ts": TS, "text": " "}}])
async def test_what_cannot_be_read_is_declared_by_its_link(changes: dict[str, Any]) -> None:
    there = front(**changes)
    assert await react(there) == 200
    assert there.desk.taken == [Declare(title=BY_ITS_LINK.text, by=ANA, quoted=BY_ITS_LINK)]


async def test_any_other_reaction_declares_nothing() -> None:
    there = front()
    await there.event(reaction("eyes"))
    await react(there, item={"type": "message", "channel": ChannelId("C0X"), "ts": "x"})
    assert (there.desk.taken, there.offered) == ([], [])
