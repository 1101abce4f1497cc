"""What `muster.yaml` says of people: roles of this organisation, whose phone rings how, who is woken after whom."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, StrictBool

from bot.domain.calls import Callee, CalleeKind
from bot.domain.ids import UserId
from bot.domain.permissions import Act, Permissions, Rule
from bot.domain.role_names import ROLE_NAMES, roles_by_name, typed_role
from bot.domain.roles_model import CustomRole, Role
from bot.settings.block import Block
from bot.settings.document import Document, Plain
from bot.settings.faults import Fault, Where, hint, quoted
from bot.settings.fields import USER, Text, User, Variable

# A checklist in Slack has at most ten lines, each of two lines of 75 characters.
MOST_DUTIES: Final = 10
LONGEST_DUTY: Final = 150
LONGEST_NAME: Final = 40
_GROUP: Final = re.compile("S[A-Z0-9]{2,20}")


def _role_name(value: str) -> CustomRole:
    if len(value) > LONGEST_NAME or ":" in value or '"' in value:
        raise ValueError(f"{quoted(value)} is no role: at most {LONGEST_NAME} characters, no colon, no quotes")
    if typed_role(value) in {*ROLE_NAMES, *(typed_role(role.label) for role in Role)}:
        raise ValueError(f"{quoted(value)} is a role that everybody has; give yours another name")
    return CustomRole(value)


def _duty(value: str) -> str:
    if len(value) > LONGEST_DUTY:
        raise ValueError(f"is too long for a line of a checklist: at most {LONGEST_DUTY} characters")
    return value


def _none_or_more(value: object) -> object:
    return () if value is None else value


def _duties(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(value) > MOST_DUTIES:
        raise ValueError(f"are too many for a checklist: at most {MOST_DUTIES}")
    return value


def callee_of(value: str, services: Collection[str]) -> Callee | None:
    """Read who is called: a service by its name, else a person or a user group by the id in Slack; None: nobody."""
    if value in services:
        return Callee(kind=CalleeKind.SERVICE, name=value)
    if USER.fullmatch(value):
        return Callee(kind=CalleeKind.PERSON, name=value)
    if _GROUP.fullmatch(value):
        return Callee(kind=CalleeKind.GROUP, name=value)
    return None


def _level(value: tuple[str, ...]) -> tuple[str, ...]:
    if not value:
        raise ValueError("calls nobody; name whom it calls, or take this level out")
    return value


def _group(value: str) -> str:
    if not _GROUP.fullmatch(value):
        raise ValueError(f"{quoted(value)} is no id of a user group in Slack; it begins with S")
    return value


def _invited(value: str) -> str:
    if not USER.fullmatch(value) and not _GROUP.fullmatch(value):
        raise ValueError(f"{quoted(value)} is no id of a person (U...) or a user group (S...) in Slack")
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
    api: StrictBool | None = None


def permissions_of(blocks: Mapping[Act, PermissionBlock], custom: Iterable[str]) -> Permissions:
    """Return the rules in the domain's words."""
    names = roles_by_name(custom)
    rules = {
        act: Rule(
            people=frozenset(UserId(user) for user in block.people),
            groups=block.groups,
            roles=tuple(names[typed_role(role)] for role in block.roles),
            guests=block.guests,
            strangers=block.strangers,
            bots=block.bots,
            api=block.api,
        )
        for act, block in blocks.items()
    }
    return Permissions(rules=rules)


def people_faults(document: Document) -> Iterator[Fault]:
    """Find names that name nobody, in `escalation` and among the roles that may do an act; and roles of one name."""
    services, custom = _names(document, "services"), _names(document, "roles")
    if services is not None:
        yield from _uncalled(document, services)
    if custom is not None:
        yield from _doubled(document, custom)
        yield from _unheld(document, custom)


def _uncalled(document: Document, services: Collection[str]) -> Iterator[Fault]:
    for where, name in _said(document.data, ("severities", "*", "escalation", "*", "*")):
        if not callee_of(name, services):
            known = hint(name, services) or "; there is none under services"
            text = f"{quoted(name)} is no id of a person (U...) or a user group (S...) in Slack, nor a service{known}"
            yield Fault(mark=document.value_mark(where), where=where, text=text)


def _doubled(document: Document, custom: Iterable[str]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for name in custom:
        if (other := first.setdefault(typed_role(name), name)) != name:
            where: Where = ("roles", name)
            text = f"is typed as {quoted(other)} is, {typed_role(name)}; give one of them another name"
            yield Fault(mark=document.key_mark(where), where=where, text=text)


def _unheld(document: Document, custom: Collection[str]) -> Iterator[Fault]:
    known = roles_by_name(custom)
    for where, name in _said(document.data, ("permissions", "*", "roles", "*")):
        if typed_role(name) not in known:
            text = f"there is no role {quoted(name)}{hint(name, [*Role, *custom])}"
            yield Fault(mark=document.value_mark(where), where=where, text=text)


def _names(document: Document, key: str) -> list[str] | None:
    """Return the names below a key; None when they cannot be read, which is reported anyway."""
    block = document.data.get(key)
    spoilt = any(place[:1] == (key,) for place in document.unread)
    return None if spoilt or not isinstance(block, dict | None) else [name.strip() for name in block or ()]


def _said(value: Plain, way: tuple[str, ...], where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Go through the texts at the end of a way, whatever else stands there; `*` is any name, or place in a list."""
    if not way:
        if isinstance(value, str) and value.strip():
            yield where, value.strip()
    elif isinstance(value, dict):
        for name in value if way[0] == "*" else {way[0]} & value.keys():
            yield from _said(value[name], way[1:], (*where, name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _said(inner, way[1:], (*where, at))


Level = Annotated[tuple[Text, ...], AfterValidator(_level)]
Escalation = tuple[Level, ...]
Invited = tuple[Annotated[Text, AfterValidator(_invited)], ...]
RoleName = Annotated[Text, AfterValidator(_role_name)]
RoleDuties = Annotated[
    tuple[Annotated[Text, AfterValidator(_duty)], ...], AfterValidator(_duties), BeforeValidator(_none_or_more)
]
