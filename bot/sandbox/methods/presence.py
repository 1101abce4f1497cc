"""dnd.* and users.*Presence: who may be disturbed, and who is there."""

import dataclasses
from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state import quiet
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import TokenKind

# https://docs.slack.dev/reference/methods/dnd.teamInfo: "up to 50 users". What is beyond is left out.
TEAM_LIMIT: Final = 50
# too_long is documented, the number is our assumption: a week.
SNOOZE_LIMIT: Final = 7 * 24 * 60


def dnd_info(call: Call) -> Obj:
    """Answer dnd.info; a person's own snooze only with their own token."""
    person = call.workspace.person(call.args.text("user") or call.me)
    if call.token.kind is TokenKind.USER and person.id == call.me:
        return quiet.hours_shape(call.workspace, person) | quiet.snooze_shape(call.workspace, person.id)
    return quiet.shown_shape(call.workspace, person)


def dnd_team(call: Call) -> Obj:
    """Answer dnd.teamInfo."""
    wanted = [UserId(user) for user in call.args.names("users")][:TEAM_LIMIT]
    if not wanted:
        raise SlackError("no_users_provided")
    people = call.workspace.people
    return {"users": {user: quiet.shown_shape(call.workspace, people[user]) for user in wanted if user in people}}


def set_snooze(call: Call) -> Obj:
    """Answer dnd.setSnooze."""
    minutes = call.args.number("num_minutes", 0)
    if not call.args.has("num_minutes"):
        raise SlackError("missing_duration")
    if minutes <= 0:
        raise SlackError("snooze_failed")
    if minutes > SNOOZE_LIMIT:
        raise SlackError("too_long")
    quiet.snooze(call.workspace, call.me, until=call.workspace.make.seconds() + minutes * 60)
    return quiet.snooze_shape(call.workspace, call.me)


def end_snooze(call: Call) -> Obj:
    """Answer dnd.endSnooze."""
    if not quiet.is_snoozing(call.workspace, call.me):
        raise SlackError("snooze_end_failed")
    quiet.snooze(call.workspace, call.me, until=0)
    shape = quiet.hours_shape(call.workspace, call.workspace.people[call.me])
    return shape | quiet.snooze_shape(call.workspace, call.me)


def end_dnd(call: Call) -> Obj:
    """Answer dnd.endDnd: ends a snooze that goes on; the nightly hours stay."""
    if not quiet.is_snoozing(call.workspace, call.me):
        raise SlackError("not_in_dnd")
    quiet.snooze(call.workspace, call.me, until=0)
    return {}


def get_presence(call: Call) -> Obj:
    """Answer users.getPresence; more is told about the caller than about others."""
    person = call.workspace.person(call.args.text("user") or call.me)
    presence: Obj = {"presence": "away" if person.away else "active"}
    if person.id != call.me:
        return presence
    return presence | {
        "online": not person.away,
        "auto_away": False,
        "manual_away": person.away,
        "connection_count": 0 if person.away else 1,
        "last_activity": call.workspace.make.seconds(),
    }


def set_presence(call: Call) -> Obj:
    """Answer users.setPresence."""
    presence = call.args.text("presence")
    if presence not in {"auto", "away"}:
        raise SlackError("invalid_presence")
    person = call.workspace.people[call.me]
    call.workspace.people[call.me] = dataclasses.replace(person, away=presence == "away")
    call.workspace.changed()
    return {}


PRESENCE: Final[Mapping[str, Handler]] = {
    "dnd.endDnd": end_dnd,
    "dnd.endSnooze": end_snooze,
    "dnd.info": dnd_info,
    "dnd.setSnooze": set_snooze,
    "dnd.teamInfo": dnd_team,
    "users.getPresence": get_presence,
    "users.setPresence": set_presence,
}
