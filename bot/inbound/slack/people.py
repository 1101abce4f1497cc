"""The people of an incident: what buttons ask about them as commands, and what Slack tells of who comes and goes.

Events: https://docs.slack.dev/reference/events/member_left_channel, …/member_joined_channel, …/user_change,
…/dnd_updated_user
"""

from datetime import UTC, datetime
from typing import Final

from bot.domain.archive_commands import HearChannelIsBack
from bot.domain.commands import AssignRole, Command
from bot.domain.ids import ChannelId, IncidentId, UserId
from bot.domain.people_commands import (
    AnswerHandover,
    NoticeGone,
    NoticePause,
    NoticeReturn,
    TickDuties,
    WithdrawHandover,
)
from bot.domain.privacy import MUSTER
from bot.domain.roles_model import Role
from bot.engine.receipts import Receipt
from bot.inbound.slack.payload import Payload, items, part, text
from bot.inbound.slack.port import Identity, Ports
from bot.inbound.slack.reading import known_number, role_of
from bot.views.actions import Action

EVENTS: Final = ("member_joined_channel", "member_left_channel", "user_change", "dnd_updated_user")
# Slack tells seconds since 1970; what is beyond is nobody's night.
_LAST: Final = 4_102_444_800


def asked_of_people(action: Action, button: Payload, value: str, by: UserId) -> Command:
    """Return what a button asks; `value` is its own, or what stands behind its name."""
    match action:
        case Action.TAKE_COMMAND:
            return AssignRole(incident=known_number(value), role=Role.COMMANDER, user=by, by=by)
        case Action.TAKE_ROLE:
            number, _, role = (text(button, "selected_option", "value") or value).partition(" ")
            return AssignRole(incident=known_number(number), role=role_of(role), user=by, by=by)
        case Action.TICK_DUTIES:
            number, seq, role = [*value.split(":", 2), "", ""][:3]
            done = tuple(int(known_number(text(one, "value"))) for one in items(button, "selected_options"))
            return TickDuties(
                incident=known_number(number), role=role_of(role), seq=known_number(seq), done=done, by=by
            )
        case _:
            number, _, count = value.partition(" ")
            incident, n = known_number(number), known_number(count)
            if action is Action.WITHDRAW_HANDOVER:
                return WithdrawHandover(incident=incident, n=n, by=by)
            return AnswerHandover(incident=incident, n=n, accepts=action is Action.ACCEPT_HANDOVER, by=by)


async def noticed(event: Payload, ports: Ports, me: Identity, receipt: Receipt | None) -> None:
    """Take note of who comes and goes: in an incident's channel, or with their account. Raises Overloaded."""
    desk, kind = ports.desk, text(event, "type")
    all_of_it = desk.seen_by(MUSTER)
    user = UserId(text(event, "user") or text(event, "user", "id"))
    if user == me.user and kind == "member_joined_channel":
        await _invited(event, ports, receipt)
    if not user or user == me.user:
        return
    if kind == "user_change":
        ports.forget(user)
        for incident in await all_of_it.open_incidents() if part(event, "user", "deleted") is True else ():
            if any(incident.held_by(user)):
                gone = NoticeGone(incident=incident.id, user=user, how="deactivated")
                await desk.handle(gone, receipt=_for_each(receipt, incident.id))
        return
    if kind == "dnd_updated_user":
        await _paused(event, user, ports, receipt)
        return
    here = await all_of_it.incident_in(ChannelId(text(event, "channel")))
    if here is None:
        return
    left = kind == "member_left_channel"
    command = NoticeGone(incident=here.id, user=user, how="left") if left else NoticeReturn(incident=here.id, user=user)
    await desk.handle(command, receipt=receipt)


async def _paused(event: Payload, user: UserId, ports: Ports, receipt: Receipt | None) -> None:
    """Take note of when somebody's notifications are paused, where they hold a role or were said to hear nothing."""
    begins, ends = _hours(part(event, "dnd_status"))
    for incident in await ports.desk.seen_by(MUSTER).open_incidents():
        if any(incident.held_by(user)) or user in incident.paused:
            heard = NoticePause(incident=incident.id, user=user, begins=begins, ends=ends)
            await ports.desk.handle(heard, receipt=_for_each(receipt, incident.id))


def _hours(status: object) -> tuple[datetime, datetime]:
    """Return from when until when it is, now or next; for nobody's hours a time long over."""
    begins, ends = part(status, "next_dnd_start_ts"), part(status, "next_dnd_end_ts")
    if part(status, "dnd_enabled") is not True or not isinstance(begins, int) or not isinstance(ends, int):
        begins = ends = 0
    return _moment(begins), _moment(ends)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(max(0, min(seconds, _LAST)), UTC)


async def _invited(event: Payload, ports: Ports, receipt: Receipt | None) -> None:
    """Take note that somebody brought us back into a channel that we had archived."""
    here = await ports.desk.seen_by(MUSTER).incident_in(ChannelId(text(event, "channel")))
    if here and here.is_archived:
        by = text(event, "inviter")
        await ports.desk.handle(HearChannelIsBack(incident=here.id, by=UserId(by) if by else None), receipt=receipt)


def _for_each(receipt: Receipt | None, incident: IncidentId) -> Receipt | None:
    """Return a receipt for each incident that one event is about."""
    return Receipt(origin=receipt.origin, key=f"{receipt.key}:{incident}") if receipt else None
