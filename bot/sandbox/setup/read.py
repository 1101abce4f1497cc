"""Reads a workspace file: one or several workspaces, perhaps of one organisation, and the app installed in them.

All faults are told at once. docs/sandbox.md describes the file.
"""

from dataclasses import dataclass, replace
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.setup.nodes import FileError, Node, close_to, read_yaml
from bot.sandbox.setup.plan import Plan, PlannedChannel
from bot.sandbox.setup.read_app import AppCard, read_app, read_scopes, read_token
from bot.sandbox.setup.read_people import made_id, named, read_bots, read_groups, read_id, read_users
from bot.sandbox.state.accounts import Person, Standing, Team, Token, TokenKind
from bot.sandbox.state.ids import ChannelId, UserId
from bot.sandbox.state.preferences import Plan as PaidOrFree
from bot.sandbox.state.preferences import Preferences
from bot.sandbox.state.records import ChannelKind
from bot.sandbox.state.rooms import NOTE_LIMIT, check_name

EVERYONE: Final = "everyone"
# What a workspace may let only its admins do: change user groups, create channels, invite guests.
_RESERVABLE: Final = ("user_groups", "channels", "guests")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Organisation:
    """What the file says of the organisation; `token` is its org-wide install's."""

    id: str = ""
    name: str = ""
    token: Token | None = None


def read_plans(text: str, name: str) -> list[Plan]:
    """Return the plans of all workspaces in the file called `name`; the first is the server's first.

    Raises:
        FileError: with everything that is wrong.
    """
    root = read_yaml(text, name)
    card = read_app(root.mapping("app"))
    organisation = _organisation(root.mapping("organisation")) if root.has("organisation") else _Organisation()
    nodes = root.records("workspaces")
    if not nodes:
        root.fault("workspaces is missing: a list with at least one workspace")
    plans = [_Reader(node, index, card, organisation).plan() for index, node in enumerate(nodes)]
    root.done()
    _check_ids(nodes, plans)
    if root.faults:
        raise FileError(name, root.faults)
    return plans


def _organisation(node: Node) -> _Organisation:
    value = node.text("token", shape=r"xoxb-\S+", hint="a token that begins with xoxb-")
    granted = read_scopes(node)
    found = _Organisation(
        id=node.text("id", "E0ORGANISATION", shape="E[A-Z0-9]{2,}", hint="an id such as E0NORTHWIND"),
        name=node.text("name", needed=True),
        token=Token(value=value, kind=TokenKind.BOT, scopes=granted, org=True) if value else None,
    )
    node.done()
    return found


def _preferences(node: Node) -> Preferences:
    """Read what a workspace's plan and its admins allow."""
    reserved = {str(one.value): one for one in node.words("admins_only")}
    for name, one in reserved.items():
        if name not in _RESERVABLE:
            one.fault(f"admins_only: {name} is unknown{close_to(name, _RESERVABLE)}")
    return Preferences(
        plan=node.choice("plan", PaidOrFree.PAID),
        usergroups_by_all="user_groups" not in reserved,
        channels_by_all="channels" not in reserved,
        guests_by_all="guests" not in reserved,
    )


def _check_ids(nodes: list[Node], plans: list[Plan]) -> None:
    """Refuse ids, domains and tokens that are there twice: Slack's are unique everywhere."""
    seen: set[str] = set()
    for node, plan in zip(nodes, plans, strict=True):
        ids: list[str] = [plan.team.id, f"domain {plan.team.domain}"]
        # Somebody of an organisation is the same person in all of its workspaces.
        ids += [] if plan.team.enterprise else [person.id for person in plan.people]
        ids += [one.id for one in plan.channels] + [one.id for one in plan.groups]
        ids += [token.value for token in plan.tokens if not token.org and token.kind is not TokenKind.APP]
        for one in ids:
            if one in seen:
                node.fault(f"{one} is there twice; every id, domain and token of the file must be another one")
            seen.add(one)


class _Reader:
    """Reads one item of `workspaces:`."""

    def __init__(self, node: Node, index: int, card: AppCard, organisation: _Organisation) -> None:
        self._node = node
        self._index = index
        self._card = card
        self._organisation = organisation
        # The digit in ids of people: somebody of an organisation has one id in all of its workspaces.
        self._folk = 0 if organisation.id else index
        self._people: dict[str, Person] = {}
        self._places: dict[UserId, Node] = {}

    def plan(self) -> Plan:
        """Return the workspace's plan."""
        team = self._team()
        let_in = self._node.flag("org_install", default=True)
        self._read_people()
        channels = self._channels()
        self._check_guests(channels)
        app = replace(
            self._card.app,
            bot_id=made_id("B", self._folk, self._card.bot_name),
            user_id=self._people[self._card.bot_name].id,
        )
        plan = Plan(
            team=team,
            app=app,
            people=list(self._people.values()),
            channels=channels,
            groups=read_groups(self._node, self._index, self._people),
            commands=self._card.commands,
            shortcuts=self._card.shortcuts,
            tokens=self._tokens(let_in=let_in),
            preferences=_preferences(self._node),
        )
        self._node.done()
        return plan

    def _team(self) -> Team:
        node, organisation = self._node, self._organisation
        name = node.text("name", f"Workspace {self._index + 1}", needed=True)
        default = "".join(letter for letter in name.lower() if letter.isalnum()) or f"workspace{self._index}"
        hint = "small letters, digits and -"
        domain = node.text("domain", default, shape="[a-z0-9][a-z0-9-]{0,62}", hint=hint)
        return Team(
            id=read_id(node, "T", self._index, domain),
            name=name,
            domain=domain,
            url=f"https://{domain}.slack.com/",
            enterprise=organisation.id,
            enterprise_name=organisation.name,
            migrating=node.flag("migrating"),
        )

    def _read_people(self) -> None:
        bot = self._card.bot_name
        found = [*read_users(self._node, self._folk), *read_bots(self._node, self._folk)]
        for node, person in found:
            if person.name in {bot, *self._people}:
                why = "is the app's bot" if person.name == bot else "is there twice"
                node.fault(f"the name {person.name} {why}")
                continue
            self._people[person.name] = person
            self._places[person.id] = node
        if not any(not person.is_bot for person in self._people.values()):
            self._node.fault("users is missing: a workspace has at least one person")
        self._people[bot] = Person(
            id=UserId(made_id("U", self._folk, bot)),
            name=bot,
            real_name=self._card.app.name,
            email="",
            tz="Etc/UTC",
            is_bot=True,
        )

    def _channels(self) -> list[PlannedChannel]:
        channels: list[PlannedChannel] = []
        for item in self._node.records("channels"):
            channel = self._channel(item)
            if any(one.name == channel.name for one in channels):
                item.fault(f"a channel {channel.name} is there twice")
            if channel.general and any(one.general for one in channels):
                item.fault("general: only one channel is the one that everybody is in")
            channels.append(channel)
        return channels

    def _channel(self, node: Node) -> PlannedChannel:
        name = node.text("name", needed=True)
        try:
            check_name(name or "x")
        except SlackError as error:
            node.fault(f"Slack would refuse the channel name {name!r}: {error.code}")
        creator = next(iter(self._people.values()))
        if creators := named([one] if (one := node.node("creator")) else [], self._people, f"creator of {name}"):
            creator = creators[0]
        hint = f"at most {NOTE_LIMIT} characters"
        shared = [str(one.value) for one in node.words("shared_with")]
        channel = PlannedChannel(
            id=ChannelId(read_id(node, "C", self._index, name)),
            name=name,
            kind=ChannelKind.PRIVATE if node.flag("private") else ChannelKind.PUBLIC,
            members=self._members(node, name, shared),
            creator=creator.id,
            topic=node.text("topic", shape=f"(?s).{{0,{NOTE_LIMIT}}}", hint=hint),
            purpose=node.text("purpose", shape=f"(?s).{{0,{NOTE_LIMIT}}}", hint=hint),
            archived=node.flag("archived"),
            general=node.flag("general"),
            shared_with=shared,
        )
        node.done()
        return channel

    def _members(self, node: Node, name: str, shared: list[str]) -> list[UserId]:
        """Return who is in a channel; without `members:` it is everybody but guests, strangers and other bots."""
        listed = node.node("members")
        if listed is None or listed.value == EVERYONE:
            full = (one for one in self._people.values() if one.standing is Standing.MEMBER and not one.deleted)
            return [one.id for one in full if not one.bot_id]
        members = named(node.words("members"), self._people, f"members of {name}")
        for one in members:
            if one.standing is Standing.STRANGER and one.home not in shared:
                node.fault(f"{one.name} comes from {one.home}: write `shared_with: [{one.home}]` at {name}")
        return [one.id for one in members]

    def _check_guests(self, channels: list[PlannedChannel]) -> None:
        for person in self._people.values():
            inside = [one.name for one in channels if person.id in one.members]
            if person.standing is Standing.SINGLE_CHANNEL_GUEST and len(inside) > 1:
                both = " and ".join(f"#{name}" for name in inside[:2])
                self._places[person.id].fault(
                    f"{person.name} is a guest of one channel but is in {both}: `kind: guest`?"
                )

    def _tokens(self, *, let_in: bool) -> list[Token]:
        node = self._node
        tokens = [read_token(item, self._people) for item in node.records("tokens")]
        if not node.has("tokens"):
            value = "xoxb-sandbox-bot" if self._index == 0 else f"xoxb-sandbox-bot-{self._index + 1}"
            tokens.append(Token(value=value, kind=TokenKind.BOT, scopes=ALL_BOT_SCOPES))
        if self._organisation.token and let_in:
            tokens.append(self._organisation.token)
        if self._index == 0:
            only = frozenset({"connections:write"})
            tokens.append(Token(value=self._card.app_token, kind=TokenKind.APP, scopes=only))
        return tokens
