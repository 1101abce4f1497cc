"""What buttons ask about the people of an incident: taking a role, answering a handover, ticking off duties."""

from bot.domain.commands import AssignRole, Command
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Role
from bot.domain.people_commands import AnswerHandover, TickDuties, WithdrawHandover
from bot.errors import Refused
from bot.inbound.slack.payload import Payload, items, text
from bot.inbound.slack.reading import number_of, role_of
from bot.views.actions import Action


def asked_of_people(action: Action, button: Payload, value: str, by: UserId) -> Command:
    """Return what a button asks; `value` is its own, or what stands behind its name."""
    match action:
        case Action.TAKE_COMMAND:
            return AssignRole(incident=_number(value), role=Role.COMMANDER, user=by, by=by)
        case Action.TAKE_ROLE:
            number, _, role = (text(button, "selected_option", "value") or value).partition(" ")
            return AssignRole(incident=_number(number), role=role_of(role), user=by, by=by)
        case Action.TICK_DUTIES:
            number, seq, role = [*value.split(":", 2), "", ""][:3]
            done = tuple(int(_number(text(one, "value"))) for one in items(button, "selected_options"))
            return TickDuties(incident=_number(number), role=role_of(role), seq=_number(seq), done=done, by=by)
        case _:
            number, _, count = value.partition(" ")
            incident, n = _number(number), _number(count)
            if action is Action.WITHDRAW_HANDOVER:
                return WithdrawHandover(incident=incident, n=n, by=by)
            return AnswerHandover(incident=incident, n=n, accepts=action is Action.ACCEPT_HANDOVER, by=by)


def _number(value: str) -> IncidentId:
    number = number_of(value)
    if number is None:
        raise Refused("I do not know this incident any more.")
    return number
