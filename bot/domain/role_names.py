"""What roles are called where people type them, in commands and in `muster.yaml`: one name means one role."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.roles_model import AnyRole, CustomRole, Role

ROLE_NAMES: Final[Mapping[str, Role]] = {
    **{role.value: role for role in Role},
    "commander": Role.COMMANDER,
    "command": Role.COMMANDER,
    "operations": Role.OPERATIONS,
    "communications": Role.COMMUNICATIONS,
    "plan": Role.PLANNING,
}


def typed_role(name: str) -> str:
    """Return the name of a role as it is typed: in lower case, with dashes."""
    return name.strip().lower().replace(" ", "-")


def roles_by_name(custom: Iterable[str]) -> Mapping[str, AnyRole]:
    """Return every role by what may be typed for it; `custom` are those of the organisation."""
    return {**ROLE_NAMES, **{typed_role(name): CustomRole(name) for name in custom}}
