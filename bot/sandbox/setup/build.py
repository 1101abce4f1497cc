"""Builds workspaces by their plans; Northwind is the one that every sandbox starts with unless told otherwise."""

import dataclasses
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from bot.sandbox.setup.plan import Plan
from bot.sandbox.setup.read import read_plans
from bot.sandbox.state.accounts import Command, TokenKind
from bot.sandbox.state.ids import Maker
from bot.sandbox.state.records import Channel, Note, Usergroup
from bot.sandbox.state.workspace import Workspace

NORTHWIND_FILE: Final = "northwind.yaml"


def build(plan: Plan, maker: Maker) -> Workspace:
    """Build a workspace; everything in it was made now."""
    workspace = Workspace(maker=maker, team=plan.team, app=plan.app)
    now = maker.seconds()
    workspace.people = {person.id: person for person in plan.people}
    for one in plan.channels:
        workspace.channels[one.id] = Channel(
            id=one.id,
            name=one.name,
            kind=one.kind,
            created=now,
            creator=one.creator,
            members=list(one.members),
            topic=Note(value=one.topic, creator=one.creator, last_set=now) if one.topic else Note(),
            purpose=Note(value=one.purpose, creator=one.creator, last_set=now) if one.purpose else Note(),
            archived=one.archived,
            general=one.general,
            shared_with=list(one.shared_with),
        )
    for group in plan.groups:
        workspace.usergroups[group.id] = Usergroup(
            id=group.id, handle=group.handle, name=group.name, users=list(group.users), created=now
        )
    workspace.commands = {command.command: command for command in plan.commands}
    workspace.shortcuts = {shortcut.callback_id: shortcut for shortcut in plan.shortcuts}
    workspace.preferences = dataclasses.replace(plan.preferences)
    workspace.tokens = {token.value: token for token in plan.tokens}
    return workspace


def build_all(plans: Sequence[Plan], maker: Maker) -> list[Workspace]:
    """Build the workspaces of one file; those that an org-wide install was let into know each other."""
    workspaces = [build(plan, maker) for plan in plans]
    let_in = [one.team for one in workspaces if any(token.org for token in one.tokens.values())]
    for workspace in workspaces:
        workspace.org_teams = list(let_in)
    return workspaces


@cache
def northwind_plan() -> Plan:
    """Return the plan of Northwind."""
    text = files(__package__).joinpath(NORTHWIND_FILE).read_text(encoding="utf-8")
    return read_plans(text, NORTHWIND_FILE)[0]


def with_grants(plan: Plan, *, scopes: Collection[str] | None, commands: Collection[Command] | None) -> Plan:
    """Return the plan with other scopes of its bot tokens, or other commands; None leaves them."""
    tokens = plan.tokens
    if scopes is not None:
        granted = frozenset(scopes)
        tokens = [
            dataclasses.replace(token, scopes=granted) if token.kind is TokenKind.BOT else token for token in tokens
        ]
    kept = plan.commands if commands is None else list(commands)
    return dataclasses.replace(plan, tokens=tokens, commands=kept)


def with_secret(plans: Sequence[Plan], signing_secret: str) -> list[Plan]:
    """Return the plans with another signing secret of the app."""
    return [
        dataclasses.replace(plan, app=dataclasses.replace(plan.app, signing_secret=signing_secret)) for plan in plans
    ]
