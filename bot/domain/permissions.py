"""Who may do what: an act, a person and the rule of this organisation become yes, or no and who may.

Guests, strangers of a shared channel, bots and deactivated people may do nothing unless the rule of an act lets them;
everybody else may do everything that no rule keeps for some. Pure: who somebody is was looked up before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.domain import group_commands, people_commands, record_commands, silence_commands
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
from bot.domain.model import AnyRole, Incident, label_of


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
    NOTE = "note"
    ALERT = "alert"
    SILENCE = "silence"


WORDS: Final[Mapping[Act, str]] = {
    Act.DECLARE: "declare an incident",
    Act.STATUS: "change where an incident stands",
    Act.SEVERITY: "change the severity",
    Act.UPDATE: "send updates or put them off",
    Act.RESOLVE: "end, merge or reopen an incident",
    Act.ROLE: "give, take or hand over roles",
    Act.PAGE: "page people",
    Act.INVITE: "bring people into the channel",
    Act.NOTE: "write into the timeline",
    Act.ALERT: "take up, assign or judge alerts",
    Act.SILENCE: "silence alerts",
}

_ACTS: Final[Mapping[type, Act]] = {
    Declare: Act.DECLARE,
    SetStatus: Act.STATUS,
    SetSeverity: Act.SEVERITY,
    SendUpdate: Act.UPDATE,
    SnoozeUpdate: Act.UPDATE,
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
    record_commands.TakeNote: Act.NOTE,
    record_commands.SetMilestone: Act.NOTE,
    AcknowledgeAlert: Act.ALERT,
    group_commands.AssignAlert: Act.ALERT,
    group_commands.JudgeAlert: Act.ALERT,
    silence_commands.SilenceAlerts: Act.SILENCE,
    silence_commands.SilenceGroup: Act.SILENCE,
    silence_commands.EndSilence: Act.SILENCE,
    silence_commands.UnsilenceGroup: Act.SILENCE,
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
    """Who may do an act. Without people, groups and roles every member may; those who are none only if they are let."""

    people: frozenset[UserId] = frozenset()
    groups: tuple[str, ...] = ()
    roles: tuple[AnyRole, ...] = ()
    guests: bool = False
    strangers: bool = False
    bots: bool = False

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
    return _ACTS.get(type(command))


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
