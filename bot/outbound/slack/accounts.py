"""What Slack knows of people: names, addresses, user groups. Remembered for a while: such questions are rationed."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.domain.ids import UserId
from bot.outbound.slack.line import Line
from bot.outbound.slack.memory import Memory
from bot.outbound.slack.port import Person
from bot.outbound.slack.shapes import Hours, hours, person

# Slack tells of changes (user_change); this is for when such an event is lost.
KNOWN_FOR: Final = timedelta(hours=12)
MEMBERS_FOR: Final = timedelta(minutes=1)
HOURS_FOR: Final = timedelta(minutes=1)


class Accounts:
    """The part of the gateway that asks about people."""

    def __init__(self, web: AsyncWebClient, line: Line, clock: Clock) -> None:
        self._web = web
        self._line = line
        self._people: Memory[UserId, Person] = Memory(clock, KNOWN_FOR)
        self._emails: Memory[str, UserId] = Memory(clock, KNOWN_FOR)
        self._asking: dict[UserId, asyncio.Lock] = {}
        self._of_groups: Memory[str, tuple[UserId, ...]] = Memory(clock, MEMBERS_FOR)
        self._hours: Memory[UserId, Hours] = Memory(clock, HOURS_FOR)
        self._clock = clock

    async def person(self, user: UserId) -> Person:
        """Return who somebody is."""
        try:
            async with self._asking.setdefault(
                user, asyncio.Lock()
            ):  # who is asked for twice at once is asked for once
                if (known := self._people.get(user)) is not None:
                    return known
                answer = await self._line.read("users.info", partial(self._web.users_info, user=user))
                return self._people.keep(user, person(user, answer["user"]))
        finally:
            self._asking.pop(user, None)

    def forget(self, user: UserId) -> None:
        """Ask anew who somebody is the next time: Slack told of a change."""
        self._people.forget(user)

    async def user_by_email(self, email: str) -> UserId | None:
        """Return whose e-mail address this is."""
        if (known := self._emails.get(email)) is not None:
            return known
        send = partial(self._web.users_lookupByEmail, email=email)
        answer = await self._line.read("users.lookupByEmail", send, accept=frozenset({"users_not_found"}))
        return self._emails.keep(email, UserId(answer["user"]["id"])) if answer["ok"] else None

    async def group_members(self, group: str) -> tuple[UserId, ...]:
        """Return who is in a user group now."""
        if (known := self._of_groups.get(group)) is not None:
            return known
        answer = await self._line.read(
            "usergroups.users.list", partial(self._web.usergroups_users_list, usergroup=group)
        )
        return self._of_groups.keep(group, tuple(UserId(user) for user in answer["users"] or []))

    async def paused_until(self, user: UserId) -> datetime | None:
        """Return until when somebody's notifications are paused; None when they are not."""
        known = self._hours.get(user)
        if known is None:
            answer = await self._line.read("dnd.info", partial(self._web.dnd_info, user=user))
            known = self._hours.keep(user, hours(answer))
        return known.ends if known.begins <= self._clock.now() < known.ends else None
