"""Finds alerts among those that fire: by words, by labels, those that are one's own; the gravest first.

What somebody types is cut into pieces: `mine`, `all`, matchers (`severity=critical`), and words for everything else.
A group is found when it has all of them; of its labels one member that has all is enough.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.alerts_model import Alert
from bot.domain.groups_model import GRAVEST_FIRST, Group
from bot.domain.ids import ChannelId, GroupId, MessageTs, UserId
from bot.domain.matchers import Matcher, all_match, matcher_of, seen_labels
from bot.domain.model import Incident
from bot.domain.text import clean, one_line

# It travels in the names of buttons, which hold 255 characters.
LONGEST: Final = 200
SHORTEST_NAME: Final = 4
_SHOWN_NAME: Final = 7
_SEVERITY: Final = "severity"
_PIECE: Final = re.compile(r'(?:[^\s"“”„]|["“”„][^"“”„]*["“”])+|\S+')
_MATCHER: Final = re.compile(r'[^=!~<>"“”„]+(?:=~|!~|!=|=)')
_LINK: Final = re.compile(
    r"https://[^/\s]+/archives/(?P<channel>[CGD][A-Z0-9]+)/p(?P<ts>[0-9]{16})"
    r"(?:\?(?:\S*&)?thread_ts=(?P<thread>[0-9]{10}\.[0-9]{6})\S*|\?\S*)?"
)
_NAME: Final = re.compile(rf"#?(?P<name>[0-9a-f]{{{SHORTEST_NAME},20}})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which groups somebody wants to see: `mine` are theirs, `every` includes those that are quiet."""

    words: tuple[str, ...] = ()
    matchers: tuple[Matcher, ...] = ()
    mine: bool = False
    every: bool = False
    typed: str = ""

    def is_all_known_of(self, group: Group) -> bool:
        """Tell whether a group knows all the labels in question: they are alike in its members, or it counts them."""
        return all(one.name == _SEVERITY or one.name in group.labels for one in self.matchers)

    def means(self, group: Group, members: Iterable[Alert], me: UserId) -> bool:
        """Tell whether a group is wanted; its `members` are only looked at for labels that it does not know."""
        if self.mine and not is_of(group, me):
            return False
        if self.words and not _says(group, self.words):
            return False
        if not self.matchers:
            return True
        if self.is_all_known_of(group):
            seen: Iterable[Mapping[str, str]] = ({**group.labels, _SEVERITY: one} for one in group.severities)
        else:
            seen = (seen_labels(alert.report) for alert in members)
        return any(all_match(self.matchers, labels) for labels in seen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A group that was looked for, with its incident, and where its message stands in Slack."""

    group: Group
    incident: Incident | None = None
    message: tuple[ChannelId, MessageTs] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found: the gravest, how many there are in all, and how many more are quiet and were not asked for."""

    wanted: Wanted
    shown: tuple[Found, ...] = ()
    total: int = 0
    quiet: int = 0


def wanted_of(typed: str) -> Wanted:
    """Read what somebody looks for.

    Raises:
        ValueError: a matcher cannot be read, or it is too long; the text says what to change.
    """
    text = one_line(clean(typed))
    if len(text) > LONGEST:
        message = f"that is longer than {LONGEST} characters"
        raise ValueError(message)
    words, matchers, mine, every = list[str](), list[Matcher](), False, False
    for piece in (found.group().rstrip(",;") for found in _PIECE.finditer(text)):
        if piece.lower() in {"mine", "all"}:
            mine, every = mine or piece.lower() == "mine", every or piece.lower() == "all"
        elif _MATCHER.match(piece):
            matchers.append(matcher_of(piece))
        elif word := piece.strip('"“”„').casefold():
            words.append(word)
    return Wanted(words=tuple(words), matchers=tuple(matchers), mine=mine, every=every, typed=text)


def is_of(group: Group, user: UserId) -> bool:
    """Tell whether a group waits on somebody: it was given to them, or they took it up and did not hand it on."""
    if group.assigned:
        return group.assigned.user == user
    return group.acknowledged is not None and group.acknowledged.by == user


def name_of(group: Group) -> str:
    """Return what a group is called, to type: the first digits of its id."""
    return group.id[:_SHOWN_NAME]


def name_in(text: str) -> str | None:
    """Return the beginning of the id that somebody may have typed."""
    found = _NAME.fullmatch(text)
    return found["name"].lower() if found else None


def message_address(url: str, channel: ChannelId, ts: MessageTs) -> str:
    """Return where a message can be read in the workspace at `url`, as chat.getPermalink gives it, without asking."""
    return f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def message_in(text: str) -> tuple[ChannelId, MessageTs] | None:
    """Return the message that a link leads to; of an answer in a thread the one that it answers."""
    found = _LINK.fullmatch(text)
    if found is None:
        return None
    ts = found["thread"] or f"{found['ts'][:10]}.{found['ts'][10:]}"
    return ChannelId(found["channel"]), MessageTs(ts)


def gravest_first(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return groups service by service, the service with the gravest before the others, in each the gravest first."""
    ordered = sorted(groups, key=_gravity)
    first = {service: at for at, service in reversed([(at, one.service) for at, one in enumerate(ordered)])}
    return tuple(sorted(ordered, key=lambda one: first[one.service]))


def sort_out(
    groups: Sequence[Group], members: Mapping[GroupId, Sequence[Alert]], wanted: Wanted, me: UserId
) -> tuple[tuple[Group, ...], int]:
    """Return what is wanted, and how many more would be if those that are quiet were."""
    meant = [one for one in groups if wanted.means(one, members.get(one.id, ()), me)]
    heard = [one for one in meant if wanted.every or wanted.mine or not one.is_mute]
    return gravest_first(heard), len(meant) - len(heard)


def _gravity(group: Group) -> tuple[int, bool, object, str]:
    """What nobody has taken up goes before what somebody has; then what began first."""
    return GRAVEST_FIRST.index(group.severity), group.acknowledged is not None, group.began_at, group.id


def _says(group: Group, words: Iterable[str]) -> bool:
    told = " ".join((group.title, group.service or "", *group.labels.values(), name_of(group))).casefold()
    return all(word in told for word in words)
