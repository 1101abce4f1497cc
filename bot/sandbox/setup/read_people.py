"""Reads what a workspace file says of people, bots and user groups."""

from collections.abc import Iterator
from functools import cache
from typing import Final
from zoneinfo import available_timezones

from bot.sandbox.setup.nodes import Node, close_to
from bot.sandbox.setup.plan import PlannedGroup
from bot.sandbox.state.accounts import Person, Standing
from bot.sandbox.state.ids import UserId

_NAME: Final = "[a-z0-9][a-z0-9._-]{0,79}"
_NAME_HINT: Final = "1 to 80 small letters, digits, dots, - or _"


def made_id(prefix: str, index: int, name: str) -> str:
    """Return the id of what the file gives none: U0ANA for ana in the first workspace, U1ANA in the second."""
    return f"{prefix}{index}{''.join(letter for letter in name.upper() if letter.isalnum() and letter.isascii())}"


def read_id(node: Node, prefix: str, index: int, name: str) -> str:
    """Read an `id:`, or make one of the name."""
    given = node.text("id", shape=f"{prefix}[A-Z0-9]{{2,}}", hint=f"an id such as {prefix}0EXAMPLE")
    return given or made_id(prefix, index, name)


def read_users(node: Node, index: int) -> Iterator[tuple[Node, Person]]:
    """Read `users:`; each with the node where its faults belong."""
    for item in node.records("users"):
        yield item, _user(item, index)
        item.done()


def _user(node: Node, index: int) -> Person:
    name = node.text("name", needed=True, shape=_NAME, hint=_NAME_HINT)
    standing = node.choice("kind", Standing.MEMBER)
    home = node.text("home", shape="T[A-Z0-9]{2,}", hint="the id of a workspace, such as T0PARTNER")
    if standing is Standing.STRANGER and not node.has("home"):
        node.fault(f"{name} is a stranger: say the id of the workspace that they come from, with `home:`")
    if standing is not Standing.STRANGER and node.has("home"):
        node.fault(f"{name} has a `home:`; only a `kind: stranger` comes from another workspace")
    return Person(
        id=UserId(read_id(node, "U", index, name)),
        name=name,
        real_name=node.text("real_name", name.title()),
        email=node.text("email", shape=r"[^@\s]+@[^@\s]+", hint="an address such as ana@northwind.example"),
        tz=_time_zone(node),
        standing=standing,
        home=home,
        deleted=node.flag("deactivated"),
        admin=node.flag("admin"),
        away=node.flag("away"),
    )


# It looks through a whole folder each time.
_time_zones = cache(available_timezones)


def _time_zone(node: Node) -> str:
    given = node.text("time_zone", "Etc/UTC")
    if given not in _time_zones():
        node.fault(f"time_zone {given} is none that the tz database knows{close_to(given, _time_zones())}")
        return "Etc/UTC"
    return given


def read_bots(node: Node, index: int) -> Iterator[tuple[Node, Person]]:
    """Read `bots:`, the bots of other apps; each with the node where its faults belong."""
    for item in node.records("bots"):
        name = item.text("name", needed=True, shape=_NAME, hint=_NAME_HINT)
        yield (
            item,
            Person(
                id=UserId(read_id(item, "U", index, name)),
                name=name,
                real_name=item.text("real_name", name.title()),
                email="",
                tz="Etc/UTC",
                is_bot=True,
                deleted=item.flag("deactivated"),
                bot_id=made_id("B", index, name),
                app_id=made_id("A", index, name),
            ),
        )
        item.done()


def named(nodes: list[Node], people: dict[str, Person], what: str) -> list[Person]:
    """Return the people with these names; unknown and deactivated ones, and those named twice, are faults."""
    found: list[Person] = []
    for node in nodes:
        person = people.get(str(node.value))
        if person is None:
            node.fault(f"{what}: there is no {node.value}{close_to(str(node.value), people)}")
        elif person.deleted:
            node.fault(f"{what}: {person.name} is deactivated and can be in nothing")
        elif person in found:
            node.fault(f"{what}: {person.name} is there twice")
        else:
            found.append(person)
    return found


def read_groups(node: Node, index: int, people: dict[str, Person]) -> list[PlannedGroup]:
    """Read `user_groups:`."""
    groups: list[PlannedGroup] = []
    for item in node.records("user_groups"):
        handle = item.text("handle", needed=True, shape="[a-z0-9][a-z0-9._-]{0,20}", hint="1 to 21 small letters")
        users = named(item.words("users"), people, f"users of {handle}")
        if not users:
            item.fault(f"user group {handle} needs at least one user: Slack keeps no empty group")
        if any(one.handle == handle for one in groups):
            item.fault(f"a user group {handle} is there twice")
        identity = read_id(item, "S", index, handle)
        name = item.text("name", handle)
        groups.append(PlannedGroup(id=identity, handle=handle, name=name, users=[one.id for one in users]))
        item.done()
    return groups
