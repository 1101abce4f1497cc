"""When people do not want to be disturbed: their nightly hours and their snoozes.

Source: https://docs.slack.dev/reference/methods/dnd.info. The hours are those that Slack gives a new workspace.
"""

from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import Person
from bot.sandbox.state.workspace import Workspace

BEGINS: Final = time(22)
ENDS: Final = time(8)
# What Slack answers for those who have no such hours.
_NEVER: Final = 1


def hours_shape(workspace: Workspace, person: Person) -> Obj:
    """Return somebody's nightly hours: those that go on, or the next ones, in seconds since 1970. Bots have none."""
    if person.is_bot:
        return {"dnd_enabled": False, "next_dnd_start_ts": _NEVER, "next_dnd_end_ts": _NEVER}
    here = workspace.make.clock.now().astimezone(ZoneInfo(person.tz))
    start = datetime.combine(here.date(), BEGINS, tzinfo=here.tzinfo)
    if here.time() < ENDS:
        start -= timedelta(days=1)
    end = datetime.combine(start.date() + timedelta(days=1), ENDS, tzinfo=here.tzinfo)
    return {
        "dnd_enabled": True,
        "next_dnd_start_ts": int(start.timestamp()),
        "next_dnd_end_ts": int(end.timestamp()),
    }


def snooze_shape(workspace: Workspace, user: UserId) -> Obj:
    """Return somebody's snooze; only they may see it."""
    ends, now = workspace.snoozes.get(user, 0), workspace.make.seconds()
    if ends <= now:
        return {"snooze_enabled": False}
    return {
        "snooze_enabled": True,
        "snooze_endtime": ends,
        "snooze_remaining": ends - now,
        "snooze_is_indefinite": False,
    }


def snooze(workspace: Workspace, user: UserId, *, until: int) -> None:
    """Set until when somebody's notifications are snoozed, in seconds since 1970; the app hears of it."""
    workspace.snoozes[user] = until
    hours = hours_shape(workspace, workspace.people[user])
    status: Obj = hours | snooze_shape(workspace, user)
    ts = workspace.make.ts()
    workspace.tell({"type": "dnd_updated", "user": user, "dnd_status": status, "event_ts": ts})
    workspace.tell({"type": "dnd_updated_user", "user": user, "dnd_status": hours, "event_ts": ts})
    workspace.changed()
