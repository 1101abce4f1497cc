"""The plot of every end-to-end story: what people do, step by step, and how it shows that it has happened.

A step that is not acknowledged (the bot just died) is done again by people, but only when it is not in the record:
that is what the bot's own words ask of them. One that was acknowledged is never done again.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import aiohttp

from bot.domain.alert_events import AlertEnded
from bot.domain.events import (
    Event,
    IncidentDeclared,
    IncidentResolved,
    RoleAssigned,
    SeverityChanged,
    StatusChanged,
    UpdateSent,
)
from bot.domain.message_events import MessagePosted
from bot.domain.roles_model import Role
from bot.sandbox.errors import SandboxError
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of
from tests.e2e.house import SUMMARY, House, NotTaken

SAID: Final = "Release 4.2.0 leaks <connections> & *more*"
ANSWERED: Final = "I am rolling it back"
UPDATE: Final = "Rolling back 4.2.0"
RESOLUTION: Final = "Rolled back 4.2.0"
# How long a person looks for a button.
PATIENCE: Final = timedelta(seconds=3)

Act = Callable[[House], Awaitable[None]]
Look = Callable[[House], Awaitable[bool]]


NOT_TAKEN: Final = (NotTaken, SandboxError, TimeoutError, aiohttp.ClientError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that happens: `seen` tells whether it shows, `recorded` recognises it in the timeline."""

    name: str
    act: Act
    seen: Look
    recorded: Callable[[Event], bool] | None = None


async def room(house: House) -> Obj | None:
    """Return the incident's channel, when there is one."""
    channels = (await house.people.get("view", **{"as": "ana"}))["channels"]
    return next((one for one in channels if one["name"].startswith("inc-1-")), None)


async def messages(house: House, channel: str, as_: str = "ana") -> Sequence[Obj]:
    """Return what everybody sees in a channel; "incident" is the incident's own."""
    if channel == "incident":
        found = await room(house)
        if found is None:
            return []
        channel = str(found["id"])
    return [one for one in await house.people.messages(channel, as_=as_) if not one.get("ephemeral_for")]


def shows(channel: str, *texts: str, as_: str = "ana") -> Look:
    """Return a look for one message that contains all of these texts."""

    async def look(house: House) -> bool:
        return any(all(text in words_of(one) for text in texts) for one in await messages(house, channel, as_))

    return look


def all_of(*looks: Look) -> Look:
    async def look(house: House) -> bool:
        return all([await one(house) for one in looks])

    return look


async def _channel_is_ready(house: House) -> bool:
    found = await room(house)
    return bool(
        found and found["topic"] and found["bookmarks"] and {"U0ANA", "U0BO", "U0CLEO"} <= set(found["members"])
    )


async def _everybody_was_paged(house: House) -> bool:
    return any(key.startswith("muster-inc-1-") for key in house.pagerduty.alerts)


async def _draft_is_there(house: House) -> bool:
    return any(one.get("files") for one in await messages(house, "incident"))


def _presses(who: str, button: str) -> Act:
    async def act(house: House) -> None:
        answer = await house.people.person(who).clicks(button, channel="alerts", timeout=PATIENCE)
        if answer.get("error"):
            raise NotTaken(answer["error"])

    return act


def types(line: str, *, by: str = "ana") -> Act:
    """Return that somebody types this in the incident's channel."""

    async def act(house: House) -> None:
        channel = await room(house)
        assert channel, "there is no channel to type in"
        answer = await house.people.person(by).command(line, channel=channel["id"])
        if answer.get("error"):
            raise NotTaken(answer["error"])

    return act


async def _fires(house: House) -> None:
    await house.monitoring.fire()


async def _recovers(house: House) -> None:
    await house.monitoring.resolve()


async def _talk(house: House) -> None:
    channel = await room(house)
    assert channel, "there is no channel to talk in"
    root = await house.people.person("bo").says(SAID, channel=channel["id"])
    await house.people.person("cleo").says(ANSWERED, channel=channel["id"], thread=root)


async def _is_on_the_record(house: House) -> bool:
    said = [event.text for event in await house.events() if isinstance(event, MessagePosted)]
    return SAID in said and ANSWERED in said


def _role(role: Role, user: str) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, RoleAssigned) and event.role is role and event.user == user


def _is(kind: type[Event]) -> Callable[[Event], bool]:
    return lambda event: isinstance(event, kind)


ALERT: Final = Step(name="the alert fires", act=_fires, seen=shows("alerts", SUMMARY))
ACKNOWLEDGE: Final = Step(
    name="Bo acknowledges", act=_presses("bo", "Acknowledge"), seen=shows("alerts", "Acknowledged by")
)
DECLARE: Final = Step(
    name="Ana declares",
    act=_presses("ana", "Declare Incident"),
    seen=all_of(
        _channel_is_ready,
        _everybody_was_paged,
        shows("incident", SUMMARY, "SEV-1", "INC-1"),
        shows("incidents", SUMMARY, "INC-1"),
        shows("alerts", "INC-1"),
    ),
    recorded=_is(IncidentDeclared),
)
COMMAND: Final = Step(
    name="Ana takes command",
    act=types("/incident ic @ana"),
    seen=all_of(shows("incident", "took command"), shows("@muster", "You are the Incident Commander of INC-1")),
    recorded=_role(Role.COMMANDER, "U0ANA"),
)
COMMUNICATIONS: Final = Step(
    name="Bo speaks for them",
    act=types("/incident comms @bo"),
    seen=all_of(
        shows("incident", "gave <@U0BO> the role of Communications Lead"),
        shows("@muster", "You are the Communications Lead of INC-1", as_="bo"),
    ),
    recorded=_role(Role.COMMUNICATIONS, "U0BO"),
)
SCRIBE: Final = Step(
    name="Dmitri writes it down",
    act=types("/incident role scribe @dmitri"),
    seen=all_of(
        shows("incident", "gave <@U0DMITRI> the role of Scribe"),
        shows("@muster", "You are the Scribe of INC-1", as_="dmitri"),
    ),
    recorded=_role(Role.SCRIBE, "U0DMITRI"),
)
STATUS: Final = Step(
    name="it is identified",
    act=types("/incident status identified"),
    seen=all_of(shows("incident", "to Identified"), shows("incidents", "to Identified")),
    recorded=_is(StatusChanged),
)
SEVERITY: Final = Step(
    name="it is less grave",
    act=types("/incident severity sev2"),
    seen=all_of(shows("incident", "lowered the severity"), shows("incidents", "lowered the severity")),
    recorded=_is(SeverityChanged),
)
TELL: Final = Step(
    name="everybody is told",
    act=types(f"/incident update {UPDATE}"),
    seen=all_of(shows("incident", "*Update*", UPDATE), shows("incidents", "*Update*", UPDATE)),
    recorded=_is(UpdateSent),
)
TALK: Final = Step(name="people talk", act=_talk, seen=_is_on_the_record, recorded=_is(MessagePosted))
RECOVER: Final = Step(
    name="the alert ends",
    act=_recovers,
    seen=all_of(shows("alerts", "*Resolved*"), shows("incident", "Alert ended")),
    recorded=_is(AlertEnded),
)
RESOLVE: Final = Step(
    name="it is resolved",
    act=types(f"/incident resolve {RESOLUTION}"),
    seen=all_of(shows("incident", "*Resolved* by", RESOLUTION), shows("incidents", "*Resolved* by"), _draft_is_there),
    recorded=_is(IncidentResolved),
)
PLOT: Final = (
    *(ALERT, ACKNOWLEDGE, DECLARE, COMMAND, COMMUNICATIONS, SCRIBE),
    *(STATUS, SEVERITY, TELL, TALK, RECOVER, RESOLVE),
)
