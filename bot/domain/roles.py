"""Who does what: a role has one holder; a new one takes over and both stay in the record.

Nobody is made responsible without their word: what one holds passes to another when that one accepts. Whoever takes a
role has it at once, so that nothing waits for somebody who is gone.
"""

from typing import assert_never

from bot.domain import communicating
from bot.domain.commands import AssignRole
from bot.domain.draft import Draft
from bot.domain.duties import duties_of
from bot.domain.events import RoleAssigned
from bot.domain.handovers import (
    AwaitHandover,
    DutiesTicked,
    HandoverEnded,
    HandoverOffered,
    HandoverUnanswered,
    ShowHandover,
)
from bot.domain.ids import UserId
from bot.domain.paging import taken_up
from bot.domain.people_commands import AnswerHandover, HandoverOverdue, TickDuties, WithdrawHandover
from bot.domain.roles_model import AnyRole, Handover, HandoverEnd, Role, label_of
from bot.domain.work import InvitePeople, Place, SendDuties
from bot.errors import Refused


def assign(draft: Draft, command: AssignRole) -> None:
    """Give a role to somebody; giving it to its holder changes nothing, what another holds is offered."""
    holder = draft.open_incident().roles.get(command.role)
    if holder == command.user:
        return
    if holder is None or command.user == command.by:
        _give(draft, command.role, command.user, command.by)
    else:
        _offer(draft, command, holder)


def decide(draft: Draft, command: AnswerHandover | WithdrawHandover | HandoverOverdue | TickDuties) -> None:
    """Answer what is asked of a role that is handed over, or of what it asks."""
    match command:
        case AnswerHandover():
            _answer(draft, command)
        case WithdrawHandover():
            _withdraw(draft, command)
        case HandoverOverdue():
            _overdue(draft, command)
        case TickDuties():
            _tick(draft, command)
        case _:
            assert_never(command)


def follow(draft: Draft) -> None:
    """Let the end close the questions that nobody has answered."""
    for asked in draft.incident.handovers if draft.ended else ():
        if asked.stands:
            _show(draft, asked)


def _give(draft: Draft, role: AnyRole, user: UserId, by: UserId, *, handover: int | None = None) -> None:
    incident = draft.incident
    asked = incident.offered(role)
    takes = role is Role.COMMANDER and incident.page_is_out
    previous, before = incident.roles.get(role), incident.duties.get(role)
    event = RoleAssigned(
        at=draft.now, by=by, role=role, user=user, previous=previous, takes_page=takes, handover=handover
    )
    seq = draft.happened(event)
    if user not in incident.brought_in:
        draft.do(InvitePeople(incident=incident.id, users=(user,)))
    communicating.given(draft, role, user)
    draft.say(seq, event, Place.CHANNEL)
    if previous and before and previous not in (*incident.gone, *incident.left):
        draft.do(SendDuties(incident=incident.id, role=role, user=previous, seq=before.seq))
    draft.do(SendDuties(incident=incident.id, role=role, user=user, seq=seq))
    if asked:
        _show(draft, asked)
    draft.refresh()
    if takes:
        taken_up(draft)


def _offer(draft: Draft, command: AssignRole, holder: UserId) -> None:
    incident, before = draft.incident, draft.incident.offered(command.role)
    if before and before.to == command.user:
        return
    n = len(incident.handovers) + 1
    event = HandoverOffered(at=draft.now, by=command.by, n=n, role=command.role, user=command.user, holder=holder)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    if before:
        _show(draft, before)
    draft.do(ShowHandover(incident=incident.id, n=n, user=command.user))
    draft.do(AwaitHandover(incident=incident.id, n=n), due=draft.now + draft.policy.handover_after)
    draft.refresh()


def _answer(draft: Draft, command: AnswerHandover) -> None:
    asked = _standing(draft, command.n)
    if command.by != asked.to:
        message = f"Only who was asked to be the {label_of(asked.role)} can answer that."
        raise Refused(message, who=[asked.to])
    if command.accepts:
        _give(draft, asked.role, asked.to, asked.by, handover=asked.n)
    else:
        _end(draft, asked, command.by, HandoverEnd.DECLINED)


def _withdraw(draft: Draft, command: WithdrawHandover) -> None:
    asked = _standing(draft, command.n)
    if command.by not in {asked.by, asked.holder, draft.incident.commander}:
        message = "Only who holds the role, who offered it or the Incident Commander can take the offer back."
        raise Refused(message, who=[asked.holder])
    _end(draft, asked, command.by, HandoverEnd.WITHDRAWN)


def _end(draft: Draft, asked: Handover, by: UserId, how: HandoverEnd) -> None:
    event = HandoverEnded(
        at=draft.now,
        by=by,
        n=asked.n,
        role=asked.role,
        user=asked.to,
        holder=asked.holder,
        how="declined" if how is HandoverEnd.DECLINED else "withdrawn",
    )
    draft.say(draft.happened(event), event, Place.CHANNEL)
    _show(draft, asked)
    draft.refresh()


def _overdue(draft: Draft, command: HandoverOverdue) -> None:
    """Say once that no answer came: whoever is there can take the role."""
    incident = draft.incident
    asked = incident.handovers[command.n - 1]
    if not incident.status.is_open or not asked.stands or asked.unanswered:
        return
    event = HandoverUnanswered(at=draft.now, n=asked.n, role=asked.role, user=asked.to, holder=asked.holder)
    draft.say(draft.happened(event), event, Place.CHANNEL)


def _tick(draft: Draft, command: TickDuties) -> None:
    incident = draft.open_incident()
    known = incident.duties.get(command.role)
    if known is None or known.seq != command.seq or incident.roles.get(command.role) != command.by:
        message = f"You are not the {label_of(command.role)} of {incident.label} any more: this list is closed."
        raise Refused(message)
    count = len(duties_of(command.role, draft.policy))
    done = tuple(sorted(number for number in set(command.done) if 0 <= number < count))
    if done == known.done:
        return
    draft.happened(DutiesTicked(at=draft.now, by=command.by, role=command.role, done=done, of=count))
    draft.do(SendDuties(incident=incident.id, role=command.role, user=command.by, seq=command.seq))


def _standing(draft: Draft, n: int) -> Handover:
    incident = draft.open_incident()
    asked = next((one for one in incident.handovers if one.n == n), None)
    if asked is None or not asked.stands:
        message = "This handover is over; the card says who holds which role now."
        raise Refused(message)
    return asked


def _show(draft: Draft, asked: Handover) -> None:
    draft.do(ShowHandover(incident=draft.incident.id, n=asked.n, user=asked.to))
