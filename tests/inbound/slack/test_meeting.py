"""Whoever is first heard of is asked about beside everything else, once; whoever does nothing never is."""

import pytest

from bot.domain.ids import UserId
from bot.domain.permissions import Account
from bot.errors import TryLater
from bot.inbound.slack import meeting
from bot.inbound.slack.meeting import Meetings
from bot.inbound.slack.payload import Payload


class People:
    """Slack, asked who people are."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.is_away = False

    async def account_of(self, user: UserId) -> Account:
        self.asked.append(user)
        if self.is_away:
            raise TryLater("Slack is away")
        return Account()


@pytest.mark.parametrize(
    "payload", [{"user_id": "U0ANA"}, {"user": {"id": "U0ANA"}}, {"event": {"type": "message", "user": "U0ANA"}}]
)
async def test_who_types_presses_or_writes_is_met_once(payload: Payload) -> None:
    people = People()
    meetings = Meetings(people.account_of)
    for _ in range(3):
        meetings.meet(payload)
        await meetings.drain()
    assert people.asked == ["U0ANA"]


async def test_what_no_person_sent_leads_to_no_question() -> None:
    people = People()
    meetings = Meetings(people.account_of)
    meetings.meet({"event": {"type": "message", "bot_id": "B1"}})
    meetings.meet({"event": {"type": "user_change", "user": {"id": "U0ANA"}}})
    await meetings.drain()
    assert people.asked == []


async def test_who_could_not_be_asked_about_is_met_the_next_time() -> None:
    people = People()
    meetings = Meetings(people.account_of)
    people.is_away = True
    meetings.meet({"user_id": "U0ANA"})
    await meetings.drain()
    people.is_away = False
    meetings.meet({"user_id": "U0ANA"})
    await meetings.drain()
    assert people.asked == ["U0ANA", "U0ANA"]


async def test_no_more_are_remembered_than_there_is_room_for() -> None:
    people = People()
    meetings = Meetings(people.account_of)
    for number in range(meeting.MOST + 1):
        meetings.meet({"user_id": f"U{number}"})
    await meetings.drain()
    meetings.meet({"user_id": "U0"})
    await meetings.drain()
    assert people.asked[-1] == "U0"
