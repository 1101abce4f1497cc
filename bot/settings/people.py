"""What `muster.yaml` says of people: roles of this organisation, whose phone rings how, who is woken after whom."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, Field, StrictBool

from bot.domain.calls import Callee, CalleeKind
from bot.domain.ids import UserId
from bot.domain.model import AnyRole, CustomRole, Role
from bot.domain.permissions import Act, Permissions, Rule
from bot.settings.block import Block
from bot.settings.faults import quoted
from bot.settings.fields import Text, User, Variable

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


def _group(value: str) -> str:
    if not _GROUP.fullmatch(value):
        raise ValueError(f"{quoted(value)} is no id of a user group in Slack; it begins with S")
    return value


class PersonBlock(Block):
    """What is known of a person: the variable with the integration key that lets their phone ring."""

    page_env: Variable | None = None


class PermissionBlock(Block):
    """Who may do an act: some of the members, and of others those who are let."""

    people: tuple[User, ...] = ()
    groups: tuple[Annotated[Text, AfterValidator(_group)], ...] = ()
    roles: tuple[Text, ...] = ()
    guests: StrictBool = False
    strangers: StrictBool = False
    bots: StrictBool = False


def permissions_of(blocks: Mapping[Act, PermissionBlock], custom: Iterable[str]) -> Permissions:
    """Return the rules in the domain's words."""
    names: dict[str, AnyRole] = {
        **{role.value: role for role in Role},
        **{name.lower(): CustomRole(name) for name in custom},
    }
    rules = {
        act: Rule(
            people=frozenset(UserId(user) for user in block.people),
            groups=block.groups,
            roles=tuple(names.get(role.lower(), CustomRole(role)) for role in block.roles),
            guests=block.guests,
            strangers=block.strangers,
            bots=block.bots,
        )
        for act, block in blocks.items()
    }
    return Permissions(rules=rules)


Level = Annotated[tuple[Text, ...], Field(min_length=1)]
Escalation = tuple[Level, ...]
RoleName = Annotated[Text, AfterValidator(_role_name)]
RoleDuties = Annotated[tuple[Annotated[Text, AfterValidator(_duty)], ...], AfterValidator(_duties)]
