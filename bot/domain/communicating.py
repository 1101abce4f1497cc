"""One channel for communications, on demand: drafts and questions about what is told stay out of the responders' way.

Whoever asks comes in, with Communications Lead and Incident Commander; who takes one of these roles later follows. What
everybody is told is said there too. Asked for again it is the same channel; of a private incident it is private.
"""

from typing import assert_never

from bot.domain.comms import ArchiveComms, CommsArchived, CommsAsked, CommsOpened, InviteToComms, OpenCommsChannel
from bot.domain.comms_commands import CommsCommand, ConfirmCommsArchived, OpenComms, OpenedComms
from bot.domain.draft import Draft
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.privacy import may_be_told
from bot.domain.roles_model import AnyRole, Role
from bot.domain.work import Place
from bot.errors import Refused

# Who speaks to those outside, and who answers for what is said.
_ROLES = (Role.COMMUNICATIONS, Role.COMMANDER)


def decide(draft: Draft, command: CommsCommand) -> None:
    """Open the channel, or take note of what became of it."""
    match command:
        case OpenComms(by=by):
            _open(draft, by)
        case OpenedComms():
            _opened(draft, command)
        case ConfirmCommsArchived():
            _archived(draft, command)
        case _:
            assert_never(command)


def given(draft: Draft, role: AnyRole, user: UserId) -> None:
    """Let who was given one of the two roles come in."""
    if draft.incident.comms_channel and role in _ROLES:
        draft.do(InviteToComms(incident=draft.incident.id, users=(user,)))


def archived(draft: Draft) -> None:
    """Let it end with the incident's own channel."""
    if draft.incident.comms_channel:
        draft.do(ArchiveComms(incident=draft.incident.id))


def _open(draft: Draft, by: UserId) -> None:
    incident = draft.incident
    if incident.comms_channel:
        draft.do(InviteToComms(incident=incident.id, users=(by,)))
        return
    if incident.comms and not incident.comms.over:
        message = f"The communications channel of {incident.label} is being opened: it will be on the card in a moment."
        raise Refused(message)
    draft.open_incident()
    _ask(draft, by)


def _opened(draft: Draft, command: OpenedComms) -> None:
    comms = draft.incident.comms
    if comms is None or comms.n != command.n or comms.channel:
        return
    event = CommsOpened(at=draft.now, by=comms.by, channel=command.channel, name=command.name)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    draft.do(InviteToComms(incident=draft.incident.id, users=_people(draft.incident, comms.by)))
    draft.refresh()


def _archived(draft: Draft, command: ConfirmCommsArchived) -> None:
    """Let another be asked for; where the incident's own channel lives on, people hear that this one is gone.

    One that we archived while the incident was being reopened is followed by another at once: nobody wanted it gone.
    """
    comms = draft.incident.comms
    if comms is None or draft.incident.comms_channel != command.channel:
        return
    event = CommsArchived(at=draft.now, channel=command.channel)
    draft.say(draft.happened(event), event, Place.CHANNEL)
    if command.ours and draft.incident.status.is_open:
        _ask(draft, comms.by)
    draft.refresh()


def _ask(draft: Draft, by: UserId) -> None:
    incident = draft.incident
    n = incident.comms.n + 1 if incident.comms else 1
    draft.happened(CommsAsked(at=draft.now, by=by, n=n))
    draft.do(OpenCommsChannel(incident=incident.id, n=n))


def _people(incident: Incident, asked: UserId) -> tuple[UserId, ...]:
    """Return who comes in; who has left a private incident is not brought back by a role that they still hold."""
    holders = (incident.roles[role] for role in _ROLES if role in incident.roles)
    return tuple(dict.fromkeys((*(user for user in holders if may_be_told(incident, user)), asked)))
