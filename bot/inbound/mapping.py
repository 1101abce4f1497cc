"""Where things stand in JSON of anybody's making: dotted paths, and what is read from which.

A path is names with dots between them: `check.name`, `hosts.0.address`. A number counts into a list, a backslash makes
the dot behind it part of a name, and `$.` at the beginning starts from the whole body instead of from the alert.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Path = tuple[str, ...]
Paths = tuple[Path, ...]
"""The first that leads to something counts."""

RESOLVED: Final = frozenset(["resolved", "ok", "closed", "up", "recovered", "normal", "inactive", "cleared", "success"])
_ROOT: Final = "$"
_PARTS: Final = re.compile(r"(?:\\.|[^.\\])+")
_LONGEST: Final = 500
_DEEPEST: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonMapping:
    """What is read from which path. `alerts` leads to a list of them; when there is none, the body is the alert.

    `fingerprint` names the series: all of its paths together. `resolved` are the values of `status` that mean that it
    is over, in lower case. `labels` leads to an object, `label` to one value each.
    """

    alerts: Path = ()
    title: Paths
    fingerprint: Paths
    status: Paths = ()
    resolved: frozenset[str] = RESOLVED
    severity: Paths = ()
    starts_at: Paths = ()
    ends_at: Paths = ()
    summary: Paths = ()
    description: Paths = ()
    labels: Paths = ()
    label: Mapping[str, Paths] = field(default_factory=dict)
    source_url: Paths = ()
    runbook_url: Paths = ()
    dashboard_url: Paths = ()


def path_of(text: str) -> Path:
    """Read a path.

    Raises:
        ValueError: it is none.
    """
    parts = _PARTS.findall(text)
    if not parts or len(text) > _LONGEST or len(parts) > _DEEPEST or ".".join(parts) != text or parts == [_ROOT]:
        raise ValueError('is no path; write names with dots between them, such as "check.name" or "hosts.0.address"')
    return tuple(re.sub(r"\\(.)", r"\1", part) for part in parts)


def find(paths: Paths, member: object, body: object) -> object:
    """Return what the first path leads to that leads to something, else None."""
    for path in paths:
        found = _follow(path[1:], body) if path[0] == _ROOT else _follow(path, member)
        if found is not None and found != "":
            return found
    return None


def _follow(path: Path, value: object) -> object:
    for name in path:
        match value:
            case dict():
                value = value.get(name)
            case list() if name.isascii() and name.isdigit() and len(name) < _DEEPEST and int(name) < len(value):
                value = value[int(name)]
            case _:
                return None
    return value
