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
        return _shape(_NEVER, _NEVER, enabled=False)
    here = workspace.make.clock.now().astimezone(ZoneInfo(person.tz))
    start = datetime.combine(here.date(), BEGINS, tzinfo=here.tzinfo)
    if here.time() < ENDS:
        start -= timedelta(days=1)
    end = datetime.combine(start.date() + timedelta(days=1), ENDS, tzinfo=here.tzinfo)
    return _shape(int(start.timestamp()), int(end.timestamp()))


def shown_shape(workspace: Workspace, person: Person) -> Obj:
    """Return what others see: when somebody is not to be disturbed, whether by a snooze or by their hours.

    That a snooze stands in these hours is our assumption: they are all that others are told of it, and Slack shows
    everybody who snoozes.
    """
    hours, now = hours_shape(workspace, person), workspace.make.seconds()
    begins, ends = workspace.snoozes.get(person.id, (0, 0))
    if ends <= now:
        return hours
    if hours["next_dnd_start_ts"] <= now < hours["next_dnd_end_ts"]:
        begins, ends = min(begins, hours["next_dnd_start_ts"]), max(ends, hours["next_dnd_end_ts"])
    return _shape(begins, ends)


def snooze_shape(workspace: Workspace, user: UserId) -> Obj:
    """Return somebody's snooze; only they may see it."""
    (_, ends), now = workspace.snoozes.get(user, (0, 0)), workspace.make.seconds()
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
    now, (began, ends) = workspace.make.seconds(), workspace.snoozes.get(user, (0, 0))
    workspace.snoozes[user] = (began if ends > now else now, until)
    person = workspace.people[user]
    status: Obj = hours_shape(workspace, person) | snooze_shape(workspace, user)
    ts = workspace.make.ts()
    workspace.tell({"type": "dnd_updated", "user": user, "dnd_status": status, "event_ts": ts})
    workspace.tell(
        {"type": "dnd_updated_user", "user": user, "dnd_status": shown_shape(workspace, person), "event_ts": ts}
    )
    workspace.changed()


def is_snoozing(workspace: Workspace, user: UserId) -> bool:
    """Tell whether somebody's notifications are snoozed now."""
    return bool(snooze_shape(workspace, user)["snooze_enabled"])


def _shape(begins: int, ends: int, *, enabled: bool = True) -> Obj:
    return {"dnd_enabled": enabled, "next_dnd_start_ts": begins, "next_dnd_end_ts": ends}
