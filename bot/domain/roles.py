"""Who does what: a role has one holder; a new one takes over and both stay in the record."""

from bot.domain.commands import AssignRole
from bot.domain.draft import Draft
from bot.domain.events import RoleAssigned
from bot.domain.model import Role
from bot.domain.paging import taken_up
from bot.domain.work import InvitePeople, Place, SendDuties


def assign(draft: Draft, command: AssignRole) -> None:
    """Give a role to somebody; giving it to its holder changes nothing."""
    incident = draft.open_incident()
    previous = incident.roles.get(command.role)
    if previous == command.user:
        return
    takes = command.role is Role.COMMANDER and incident.page_is_out
    event = RoleAssigned(
        at=draft.now, by=command.by, role=command.role, user=command.user, previous=previous, takes_page=takes
    )
    seq = draft.happened(event)
    if command.user not in incident.responders:
        draft.do(InvitePeople(incident=incident.id, users=(command.user,)))
    draft.say(seq, event, Place.CHANNEL)
    draft.do(SendDuties(incident=incident.id, role=command.role, user=command.user, seq=seq))
    draft.refresh(topic=command.role is Role.COMMANDER)
    if takes:
        taken_up(draft)
