"""What `muster.yaml` says of people: roles of this organisation, whose phone rings how, who is woken after whom."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from bot.domain.calls import Callee, CalleeKind
from bot.domain.model import CustomRole, Role
from bot.settings.block import Block
from bot.settings.faults import quoted
from bot.settings.fields import Text, Variable

# A checklist in Slack has at most ten lines, each of two lines of 75 characters.
MOST_DUTIES: Final = 10
LONGEST_DUTY: Final = 150
LONGEST_NAME: Final = 40
_PERSON: Final = re.compile("[UW][A-Z0-9]{2,20}")
_GROUP: Final = re.compile("S[A-Z0-9]{2,20}")


def _role_name(value: str) -> CustomRole:
    taken = {name.lower() for role in Role for name in (role.value, role.label)}
    if len(value) > LONGEST_NAME or ":" in value or '"' in value:
        raise ValueError(f"{quoted(value)} is no role: at most {LONGEST_NAME} characters, no colon, no quotes")
    if value.lower() in taken:
        raise ValueError(f"{quoted(value)} is a role that everybody has; give yours another name")
    return CustomRole(value)


def _duty(value: str) -> str:
    if len(value) > LONGEST_DUTY:
        raise ValueError(f"is too long for a line of a checklist: at most {LONGEST_DUTY} characters")
    return value


def _duties(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(value) > MOST_DUTIES:
        raise ValueError(f"are too many for a checklist: at most {MOST_DUTIES}")
    return value


def callee_of(value: str) -> Callee:
    """Read who is called: a person's or a user group's id in Slack, else a service's name."""
    if _PERSON.fullmatch(value):
        return Callee(kind=CalleeKind.PERSON, name=value)
    if _GROUP.fullmatch(value):
        return Callee(kind=CalleeKind.GROUP, name=value)
    return Callee(kind=CalleeKind.SERVICE, name=value)


class PersonBlock(Block):
    """What is known of a person: the variable with the integration key that lets their phone ring."""

    page_env: Variable | None = None


Level = Annotated[tuple[Text, ...], Field(min_length=1)]
Escalation = tuple[Level, ...]
RoleName = Annotated[Text, AfterValidator(_role_name)]
RoleDuties = Annotated[tuple[Annotated[Text, AfterValidator(_duty)], ...], AfterValidator(_duties)]
