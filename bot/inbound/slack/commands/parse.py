"""Reads what stands behind `/incident`.

A tokenizer that never fails, and readers that refuse with a sentence saying what to type instead.

With `should_escape` Slack turns picked people and channels into `<@U123|ana>` and `<#C1|name>`; "@ana" left as it is
was not picked from Slack's list, so nobody can say who is meant. Phones type curly quotes.
(https://docs.slack.dev/interactivity/implementing-slash-commands)
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from bot.domain.calls import Callee, CalleeKind
from bot.domain.ids import ChannelId, IncidentId, ServiceName, UserId
from bot.domain.model import Severity, Status
from bot.domain.role_names import roles_by_name, typed_role
from bot.domain.roles_model import AnyRole, CustomRole, Role
from bot.domain.severity_names import SEVERITY_NAMES
from bot.domain.text import clean
from bot.errors import Refused
from bot.inbound.slack.markup import plain

_TOKEN: Final = re.compile(
    r"""
      <@(?P<user>[UW][A-Z0-9]+)(?:\|[^>]*)?>           # a person picked from Slack's list
    | <\#(?P<channel>[CG][A-Z0-9]+)(?:\|[^>]*)?>       # a channel picked from Slack's list
    | <!(?P<group>[^>]*)>                              # a user group, @here, @channel
    | (?P<name>[A-Za-z]+:)?["“”„](?P<quoted>[^"“”„]*)["“”](?=\s|$)
    | (?:<[^<>\s][^<>]*>|\S)+                          # a word; a link inside it may contain spaces
    """,
    re.VERBOSE,
)
_NUMBER: Final = re.compile(r"(?P<name>inc-?)?#?(?P<number>[0-9]{1,9})", re.IGNORECASE)
_SEVERITY: Final = re.compile(r"sev-?[0-9]+|p[0-3]", re.IGNORECASE)  # not p99: that is a latency
_TAIL: Final = ",;."
_SUBTEAM: Final = re.compile(r"<!subteam\^(?P<id>S[A-Z0-9]+)(?:\|(?P<name>[^>]*))?>")


class Mistyped(Refused):
    """It was not typed as the verb wants it: the person is shown how it is meant as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One word as it was typed.

    `user` or `channel` is set when it was picked from Slack's list; `value` is the text without quotes and markup.
    """

    start: int
    raw: str
    value: str
    user: UserId | None = None
    channel: ChannelId | None = None
    group: bool = False
    quoted: bool = False

    @property
    def word(self) -> str:
        """Return the value for comparing with names: lower case, without a comma behind it."""
        return "" if self.quoted or self.user or self.channel else self.value.rstrip(_TAIL).lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was typed, and its tokens."""

    typed: str
    tokens: tuple[Token, ...]

    @property
    def first(self) -> Token | None:
        """Return the first token."""
        return self.tokens[0] if self.tokens else None

    def rest(self) -> "Line":
        """Return the line without its first token."""
        return Line(typed=self.typed, tokens=self.tokens[1:])

    def prose(self) -> str:
        """Return what is left as a person would read it; one pair of quotes around all of it is dropped."""
        if not self.tokens:
            return ""
        first, last = self.tokens[0], self.tokens[-1]
        if first is last and first.quoted:
            return first.value
        return plain(self.typed[first.start : last.start + len(last.raw)])


def tokenize(text: str) -> Line:
    """Cut what was typed into tokens. Any text will do."""
    typed = clean(text).replace("\u00a0", " ")  # a no-break space: phones again
    return Line(typed=typed, tokens=tuple(_token(found) for found in _TOKEN.finditer(typed)))


def _token(found: re.Match[str]) -> Token:
    raw, start = found.group(), found.start()
    if user := found["user"]:
        return Token(start=start, raw=raw, value=f"<@{user}>", user=UserId(user))
    if channel := found["channel"]:
        return Token(start=start, raw=raw, value=plain(raw), channel=ChannelId(channel))
    if found["group"] is not None:
        return Token(start=start, raw=raw, value=plain(raw), group=True)
    if found["quoted"] is not None:
        name = found["name"] or ""
        return Token(start=start, raw=raw, value=f"{name}{plain(found['quoted'])}", quoted=not name)
    return Token(start=start, raw=raw, value=plain(raw))


def number_in(token: Token, *, bare: bool) -> IncidentId | None:
    """Return the incident that a token names: INC-42, inc42, or (when `bare` numbers count) 42 and #42."""
    found = _NUMBER.fullmatch(token.word)
    if found is None or not (bare or found["name"]):
        return None
    return IncidentId(int(found["number"]))


def person_in(tokens: Sequence[Token], me: UserId) -> UserId:
    """Return the one person whom the tokens name; nobody, or "me", is the person who types."""
    match tokens:
        case ():
            return me
        case (Token(user=str() as user),):
            return user
        case (only,) if only.word in {"me", "@me"}:
            return me
        case (Token(group=True),):
            raise Mistyped("A role is held by one person, not by a group.")
        case (only,) if only.value.startswith("@"):
            raise Mistyped(f"I cannot tell who {only.value} is: type @ and pick the person from Slack's list.")
        case (only,):
            raise Mistyped(f"“{only.value}” is not a person: type @ and pick the person from Slack's list.")
        case _:
            raise Mistyped("A role is held by one person: name one.")


def group_in(token: Token) -> tuple[str, str] | None:
    """Return the id and the name of a user group that was picked from Slack's list."""
    found = _SUBTEAM.fullmatch(token.raw)
    return (found["id"], found["name"] or found["id"]) if found else None


def callee_in(token: Token, services: Iterable[ServiceName], *, first: bool) -> Callee | None:
    """Return who is called by a token: a person, a team, or a service by its name; behind the first a word is why."""
    if token.user:
        return Callee(kind=CalleeKind.PERSON, name=token.user)
    if group := group_in(token):
        return Callee(kind=CalleeKind.GROUP, name=group[0], label=group[1])
    known = {service.lower(): service for service in services}
    service = known.get(token.word)
    if service is not None:
        return Callee(kind=CalleeKind.SERVICE, name=service)
    if first and token.value.startswith("@"):
        raise Mistyped(f"I cannot tell who {token.value} is: type @ and pick the person from Slack's list.")
    return None


def role_in(token: Token, custom: Iterable[CustomRole] = ()) -> AnyRole:
    """Return the role that a token names; those of the organisation are typed with dashes, or between quotes."""
    names = roles_by_name(custom)
    role = names.get(typed_role(token.value.strip().rstrip(_TAIL)))
    if role is None:
        known = [role.value for role in Role] + [typed_role(role) for role in custom]
        raise Mistyped(_unknown("role", token.value, known, names))
    return role


def status_in(token: Token) -> Status:
    """Return the status that a token names."""
    try:
        return Status(token.word)
    except ValueError:
        known = [status.value for status in Status if status.is_running]
        raise Mistyped(_unknown("status", token.value, known, known)) from None


def looks_like_severity(token: Token) -> bool:
    """Tell whether somebody who typed this meant a severity, be it a known one."""
    return _SEVERITY.fullmatch(token.word.rstrip(":")) is not None


def severity_in(token: Token) -> Severity:
    """Return the severity that a token names: sev1 to sev4, SEV-1, or p0 to p3."""
    severity = SEVERITY_NAMES.get(token.word.rstrip(":").replace("-", ""))
    if severity is None:
        known = [severity.value for severity in Severity]
        raise Mistyped(_unknown("severity", token.value, known, known))
    return severity


def service_in(name: str, known: Sequence[ServiceName]) -> ServiceName:
    """Return the service of this name as it is configured; any name will do where none is."""
    if not known:
        return ServiceName(name)
    by_lower = {service.lower(): service for service in known}
    service = by_lower.get(name.lower())
    if service is None:
        raise Mistyped(_unknown("service", name, sorted(known), by_lower))
    return service


def names_behind_service(token: Token) -> tuple[str, ...]:
    """Return the names behind `service:`, between commas; none when it does not begin so."""
    begins, _, names = token.value.partition(":")
    if token.quoted or begins.lower() != "service":
        return ()
    return tuple(name for one in names.split(",") if (name := one.strip()))


def closest(word: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names that a mistyped word may have meant, the likeliest first."""
    return tuple(get_close_matches(word.lower(), names, n=3, cutoff=0.6))


def _unknown(what: str, typed: str, shown: Sequence[str], names: Mapping[str, object] | Sequence[str]) -> str:
    near = closest(typed, list(names))
    meant = f" Did you mean {near[0]}?" if near else ""
    return f"There is no {what} “{typed}”.{meant} Known: {', '.join(shown)}."
