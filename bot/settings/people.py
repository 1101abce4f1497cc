"""What `muster.yaml` says of people: the roles of this organisation."""

from typing import Annotated, Final

from pydantic import AfterValidator

from bot.domain.model import CustomRole, Role
from bot.settings.faults import quoted
from bot.settings.fields import Text

# A checklist in Slack has at most ten lines, each of two lines of 75 characters.
MOST_DUTIES: Final = 10
LONGEST_DUTY: Final = 150
LONGEST_NAME: Final = 40


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


RoleName = Annotated[Text, AfterValidator(_role_name)]
RoleDuties = Annotated[tuple[Annotated[Text, AfterValidator(_duty)], ...], AfterValidator(_duties)]
