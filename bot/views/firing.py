"""The alerts that fire now, service by service: the answer to `/incident alerts`, and a part of the Home tab."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.domain.finding import Finding, Found, message_address, name_of
from bot.domain.groups_model import Group
from bot.domain.text import cut
from bot.views.actions import Action
from bot.views.alert import silence_menu, why_button
from bot.views.blocks import (
    BLOCKS,
    Block,
    Message,
    Safe,
    actions,
    bold,
    button,
    code,
    context,
    date,
    header,
    joined,
    line,
    lines,
    link,
    mention,
    message,
    section,
)
from bot.views.quiet import why_quiet
from bot.views.standing import where
from bot.views.words import ALERT_SEVERITIES, duration, for_service

_TITLE_LIMIT: Final = 200
_SPOKEN: Final = 5
# Heading, what was looked for, what is quiet, and how to find what is not shown.
_AROUND: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of alerts: so many groups stand in so many blocks."""

    blocks: tuple[Block, ...] = ()
    groups: int = 0


@dataclass(slots=True)
class _Room:
    """Rows in the making, until there is no room for another."""

    left: int
    blocks: list[Block] = field(default_factory=list)

    def takes(self, blocks: Sequence[Block]) -> bool:
        if len(blocks) > self.left:
            return False
        self.left -= len(blocks)
        self.blocks += blocks
        return True


def firing_list(finding: Finding, url: str, now: datetime) -> Message:
    """Return what fires and was looked for, as much as fits; `url` is the workspace's address."""
    if finding.total == 0:
        return _nothing(finding)
    rows = firing_rows(finding.shown, url, now, behind=finding.wanted.typed, room=BLOCKS - _AROUND)
    count = f"{finding.total} {_alerts(finding.total)} firing"
    told = "; ".join(_spoken(one.group) for one in finding.shown[:_SPOKEN])
    return message(
        f"{count}: {told}",
        header(count),
        context(line("Looked for: ", code(finding.wanted.typed))) if finding.wanted.typed else None,
        *rows.blocks,
        _more(finding.total - rows.groups),
        _quiet(finding),
    )


def firing_rows(shown: Sequence[Found], url: str, now: datetime, *, room: int, behind: str = "") -> Rows:
    """Return as many alerts as there is room for, in blocks; `behind` goes into the names of their buttons."""
    made, count, service = _Room(room), 0, object()
    for one in shown:
        heading = [] if one.group.service == service else _service(one.group)
        if not made.takes([*heading, *_row(one, url, now, behind)]):
            break
        count, service = count + 1, one.group.service
    return Rows(blocks=tuple(made.blocks), groups=count)


def _nothing(finding: Finding) -> Message:
    sought = finding.wanted.typed
    told = "No alert fires that is meant by this:" if sought else "No alert fires."
    return message(
        f"{told} {sought}".strip(),
        section(line(told, " ", code(sought)) if sought else told),
        _quiet(finding),
    )


def _service(group: Group) -> list[Block]:
    return [section(bold(group.service) if group.service else "Service not given")]


def _row(found: Found, url: str, now: datetime, behind: str) -> Iterator[Block]:
    group = found.group
    yield section(lines(_what(group), joined(" · ", _standing(found, url, now))))
    acknowledge = button(
        "Acknowledge", Action.ACKNOWLEDGE_ALERT, group.id, spoken=f"Acknowledge: {group.headline}", behind=behind
    )
    if row := actions(None if group.acknowledged else acknowledge, silence_menu(group, behind), why_button(group)):
        yield row


def _what(group: Group) -> Safe:
    count = f"{group.firing} of {group.total}: " if group.total > 1 else ""
    return line(bold(ALERT_SEVERITIES[group.severity]), " · ", count, cut(group.headline, _TITLE_LIMIT))


def _standing(found: Found, url: str, now: datetime) -> Iterator[Safe | None]:
    group, incident = found.group, found.incident
    yield line("since ", date(group.began_at), f" ({duration(now - group.began_at)})")
    if group.assigned:
        yield line("assigned to ", mention(group.assigned.user))
    elif group.acknowledged:
        yield line("acknowledged by ", mention(group.acknowledged.by))
    if incident:
        yield where(incident)
    yield why_quiet(group)
    if found.message:
        yield link(message_address(url, *found.message), "message")
    yield code(name_of(group))


def _more(count: int) -> Block | None:
    if count <= 0:
        return None
    how = line("filter with a word or a label: ", code("/incident alerts checkout severity=critical"))
    return context(line(f"and {count} more: ", how))


def _quiet(finding: Finding) -> Block | None:
    if not finding.quiet:
        return None
    sought = finding.wanted.typed
    return context(
        line(f"{finding.quiet} more {_alerts(finding.quiet)} quiet: ", code(f"/incident alerts all {sought}".strip()))
    )


def _alerts(count: int) -> str:
    return "alert is" if count == 1 else "alerts are"


def _spoken(group: Group) -> str:
    return f"{ALERT_SEVERITIES[group.severity]}{for_service(group.service)}: {cut(group.headline, _TITLE_LIMIT)}"
