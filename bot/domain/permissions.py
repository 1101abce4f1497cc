"""Who may do what: an act, a person and the rule of this organisation become yes, or no and who may.

Guests, strangers of a shared channel, bots and deactivated people may do nothing unless the rule of an act lets them;
everybody else may do everything that no rule keeps for some. Pure: who somebody is was looked up before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.domain import (
    archive_commands,
    comms_commands,
    group_commands,
    keeping_commands,
    people_commands,
    record_commands,
    silence_commands,
    task_commands,
)
from bot.domain.commands import (
    AcknowledgeAlert,
    AssignRole,
    Command,
    Declare,
    Resolve,
    SendUpdate,
    SetSeverity,
    SetStatus,
    SnoozeUpdate,
)
from bot.domain.copying import replace
from bot.domain.course_commands import Accept, Close, Decline, Merge, Reopen
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.roles_model import AnyRole, label_of
from bot.domain.subscriptions import Subscribe
from bot.domain.undone import Change


class Act(StrEnum):
    """What somebody does, as `muster.yaml` names it."""

    DECLARE = "declare"
    STATUS = "status"
    SEVERITY = "severity"
    UPDATE = "update"
    RESOLVE = "resolve"
    ROLE = "role"
    PAGE = "page"
    INVITE = "invite"
    SUBSCRIBE = "subscribe"
    NOTE = "note"
    ACTION = "action"
    LINK = "link"
    RUNBOOK = "runbook"
    ALERT = "alert"
    SILENCE = "silence"
    DEPLOY = "deploy"
    PRIVATE = "private"
    SEE_PRIVATE = "see_private"


WORDS: Final[Mapping[Act, str]] = {
    Act.DECLARE: "declare an incident",
    Act.STATUS: "change where an incident stands",
    Act.SEVERITY: "change the severity",
    Act.UPDATE: "send updates or put them off",
    Act.RESOLVE: "end, merge or reopen an incident",
    Act.ROLE: "give, take or hand over roles",
    Act.PAGE: "page people",
    Act.INVITE: "bring people into the channel",
    Act.SUBSCRIBE: "get updates in direct messages",
    Act.NOTE: "write into the timeline",
    Act.ACTION: "write down or change action items",
    Act.LINK: "link incidents and addresses",
    Act.RUNBOOK: "open runbooks and tick their steps",
    Act.ALERT: "take up, assign or judge alerts",
    Act.SILENCE: "silence alerts",
    Act.DEPLOY: "tell of deploys",
    Act.PRIVATE: "declare a private incident",
    Act.SEE_PRIVATE: "see private incidents",
}

_ACTS: Final[Mapping[type, Act]] = {
    Declare: Act.DECLARE,
    SetStatus: Act.STATUS,
    SetSeverity: Act.SEVERITY,
    SendUpdate: Act.UPDATE,
    SnoozeUpdate: Act.UPDATE,
    comms_commands.OpenComms: Act.UPDATE,
    Resolve: Act.RESOLVE,
    Accept: Act.STATUS,
    Decline: Act.RESOLVE,
    Reopen: Act.RESOLVE,
    Close: Act.RESOLVE,
    Merge: Act.RESOLVE,
    group_commands.KeepOpen: Act.RESOLVE,
    AssignRole: Act.ROLE,
    people_commands.AnswerHandover: Act.ROLE,
    people_commands.WithdrawHandover: Act.ROLE,
    people_commands.TickDuties: Act.ROLE,
    people_commands.CallPeople: Act.PAGE,
    people_commands.Escalate: Act.PAGE,
    people_commands.Invite: Act.INVITE,
    group_commands.JoinIncident: Act.INVITE,
    Subscribe: Act.SUBSCRIBE,
    record_commands.TakeNote: Act.NOTE,
    record_commands.SetMilestone: Act.NOTE,
    keeping_commands.MarkMessage: Act.NOTE,
    keeping_commands.UnmarkMessage: Act.NOTE,
    keeping_commands.EditRow: Act.NOTE,
    task_commands.AddAction: Act.ACTION,
    task_commands.ChangeAction: Act.ACTION,
    task_commands.EndAction: Act.ACTION,
    task_commands.ReopenAction: Act.ACTION,
    task_commands.LinkThing: Act.LINK,
    task_commands.OpenRunbook: Act.RUNBOOK,
    task_commands.TickStep: Act.RUNBOOK,
    task_commands.UnlinkThing: Act.LINK,
    archive_commands.KeepChannel: Act.NOTE,  # as whoever writes there keeps it
    AcknowledgeAlert: Act.ALERT,
    group_commands.AssignAlert: Act.ALERT,
    group_commands.JudgeAlert: Act.ALERT,
    silence_commands.SilenceAlerts: Act.SILENCE,
    silence_commands.SilenceGroup: Act.SILENCE,
    silence_commands.EndSilence: Act.SILENCE,
    silence_commands.UnsilenceGroup: Act.SILENCE,
}


# To undo is to do: who may do it may take it back.
_UNDONE: Final[Mapping[Change, Act]] = {
    Change.STATUS: Act.STATUS,
    Change.SEVERITY: Act.SEVERITY,
    Change.ROLE: Act.ROLE,
    Change.LINK: Act.LINK,
    Change.ACTION: Act.ACTION,
}

# What the rules of roles themselves keep for those whom it concerns.
_OWN: Final = (people_commands.AnswerHandover, people_commands.WithdrawHandover, people_commands.TickDuties)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who somebody is in Slack, as far as it matters here."""

    guest: bool = False
    stranger: bool = False
    bot: bool = False
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Who may do an act. Without people, groups and roles every member may; those who are none only if they are let.

    `api` says whether scripts may that show a token of the HTTP API; when it does not (None), they may what every
    member may.
    """

    people: frozenset[UserId] = frozenset()
    groups: tuple[str, ...] = ()
    roles: tuple[AnyRole, ...] = ()
    guests: bool = False
    strangers: bool = False
    bots: bool = False
    api: bool | None = None

    @property
    def lets_scripts(self) -> bool:
        """Tell whether scripts may do the act."""
        return not self.is_for_some if self.api is None else self.api

    @property
    def is_for_some(self) -> bool:
        """Tell whether the act is kept for some of the members."""
        return bool(self.people or self.groups or self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """The rules of this organisation; an act without one is for every member."""

    rules: Mapping[Act, Rule] = field(default_factory=dict)

    def rule(self, act: Act) -> Rule:
        """Return the rule of an act."""
        return self.rules.get(act, Rule())

    @property
    def seeing(self) -> Rule | None:
        """Return who sees private incidents besides their people; None: nobody."""
        rule = self.rule(Act.SEE_PRIVATE)
        return rule if rule.is_for_some else None

    @property
    def let_strangers(self) -> bool:
        """Tell whether strangers of a shared channel may do anything at all."""
        return any(rule.strangers for rule in self.rules.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """Why somebody may not, and who may."""

    text: str
    who: tuple[UserId, ...] = ()


def rule_of(command: Command, act: Act, permissions: Permissions) -> Rule:
    """Return the rule for a command: what is asked of one person alone is kept for nobody else."""
    rule = permissions.rule(act)
    return replace(rule, people=frozenset(), groups=(), roles=()) if isinstance(command, _OWN) else rule


def act_of(command: Command) -> Act | None:
    """Return the act that a command is; what time, a machine or somebody's words bring is none."""
    if isinstance(command, task_commands.UndoChange):
        return _UNDONE[command.what]
    return _ACTS.get(type(command))


def acts_of(command: Command) -> tuple[Act, ...]:
    """Return all that somebody must be allowed for a command."""
    private = (Act.PRIVATE,) if isinstance(command, Declare) and command.private else ()
    return (*filter(None, [act_of(command)]), *private)


def denied(
    act: Act,
    rule: Rule,
    user: UserId,
    account: Account | None,
    groups: Mapping[str, bool | None],
    incident: Incident | None,
) -> Denial | None:
    """Return why somebody may not do an act, or None when they may.

    Of an `account` that nobody could look up nothing is held against its owner: an incident does not wait for Slack.
    `groups` tells of each group of the rule whether they are in it; None: nobody could look that up.
    """
    if account and (why := _outside(act, rule, account)):
        return Denial(text=why)
    roles = incident.roles if incident else {}
    mine = user in rule.people or any(roles.get(role) == user for role in rule.roles)
    if not rule.is_for_some or mine or any(groups.get(group) for group in rule.groups):
        return None
    if any(groups.get(group) is None for group in rule.groups):
        return Denial(text=f"I could not ask Slack whether you may {WORDS[act]}. Please try again in a moment.")
    who = (*(roles[role] for role in rule.roles if role in roles), *sorted(rule.people))
    return Denial(text=f"You may not {WORDS[act]}. {_may(rule)} may.", who=tuple(dict.fromkeys(who)))


def denied_to_scripts(act: Act, rule: Rule) -> Denial | None:
    """Return why a script may not do an act over the HTTP API, or None when it may."""
    if rule.lets_scripts:
        return None
    may = f" {_may(rule)} may, in Slack." if rule.is_for_some else ""
    text = f"Scripts may not {WORDS[act]} here.{may} `permissions: {{{act}: {{api: true}}}}` in muster.yaml lets them."
    return Denial(text=text, who=tuple(sorted(rule.people)))


def _outside(act: Act, rule: Rule, account: Account) -> str | None:
    if account.gone:
        return "This account is deactivated."
    kinds = (
        (account.stranger and not rule.strangers, "People of another organisation"),
        (account.guest and not rule.guests, "Guests"),
        (account.bot and not rule.bots, "Bots"),
    )
    refused = next((kind for is_refused, kind in kinds if is_refused), None)
    return f"{refused} may not {WORDS[act]} here. Ask a member of this workspace." if refused else None


def _may(rule: Rule) -> str:
    parts = [
        *(f"the {label_of(role)}" for role in rule.roles),
        *(["members of a user group that is named for it"] if rule.groups else []),
        *(["the people who are named for it"] if rule.people else []),
    ]
    said = f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]
    return said[0].upper() + said[1:]
