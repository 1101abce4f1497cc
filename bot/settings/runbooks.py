"""Runbooks as Markdown files in a folder beside `muster.yaml`, read once at the start.

A file is read only inside the folder, only when it is small, and never as more than text. One that cannot be used is
left out and named in the log, and by `muster check`: a mistake in a runbook keeps nobody from starting.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.domain.ids import ServiceName
from bot.domain.runbooks import Runbook
from bot.domain.text import TITLE_LIMIT, clean, cut, one_line
from bot.errors import ConfigError
from bot.settings.block import Block
from bot.settings.fields import Text

FILES: Final = 500
BYTES: Final = 200_000
STEPS: Final = 40
STEP_LIMIT: Final = 200
_NAMES: Final = 50
_SHOWN: Final = 100
_FRONT: Final = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_HEADING: Final = re.compile(r"#{1,2}[ \t]+(?P<text>\S.*)")
_TASK: Final = re.compile(r"[ \t]*[-*+][ \t]+\[[ xX]\][ \t]+(?P<text>\S.*)")
_NUMBERED: Final = re.compile(r" {0,3}[0-9]{1,3}[.)][ \t]+(?P<text>\S.*)")
_FENCE: Final = re.compile(r" {0,3}(?:```|~~~)")
_log = structlog.get_logger("muster.settings")


class RunbooksBlock(Block):
    """Where the runbooks are."""

    path: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The runbooks of a folder, by name, and the files that are none, each with what to change."""

    books: tuple[Runbook, ...] = ()
    left_out: tuple[str, ...] = ()


def runbooks_of(block: RunbooksBlock | None, beside: Path) -> Shelf:
    """Return the runbooks of a folder.

    Raises:
        ConfigError: there is no such folder.
    """
    if block is None:
        return Shelf()
    folder = (beside / block.path).resolve()
    if not folder.is_dir():
        raise ConfigError([f"runbooks: path: there is no folder {block.path} beside the file"])
    found: dict[str, Runbook] = {}
    left_out = []
    files = sorted(folder.rglob("*.md"))
    for path in files[:FILES]:
        try:
            found[path.stem] = _of_file(path, folder, found)
        except ValueError as error:
            file = path.relative_to(folder).as_posix()[:_SHOWN]
            _log.warning("runbook_left_out", file=file, reason=str(error)[:200])
            left_out.append(f"{file}: {error}")
    if files[FILES:]:
        left_out.append(f"{len(files) - FILES} more files: Muster reads {FILES} at most, the first by their names")
    return Shelf(books=tuple(found[name] for name in sorted(found)), left_out=tuple(left_out))


def _of_file(path: Path, folder: Path, found: Container[str]) -> Runbook:
    try:
        written = _read(path, folder)
    except OSError as error:
        raise ValueError(f"it cannot be read ({error.strerror})") from error
    book = runbook_in(path.stem, written)
    if book.name in found:
        raise ValueError(f"another file is called {path.name} too; name one of them otherwise")
    return book


def runbook_in(name: str, written: str) -> Runbook:
    """Return the runbook that a file's text is.

    Raises:
        ValueError: it cannot be used, and why.
    """
    text = clean(written)
    front = _FRONT.match(text)
    told = _front_matter(front["yaml"]) if front else {}
    lines = list(_prose(text[front.end() :] if front else text))
    steps = [found["text"] for line in lines if (found := _TASK.fullmatch(line))]
    steps = steps or [found["text"] for line in lines if (found := _NUMBERED.fullmatch(line))]
    if not steps:
        raise ValueError("it has no steps; begin the items of a list with “- [ ]”, or number them")
    heading = next((found["text"] for line in lines if (found := _HEADING.fullmatch(line))), name)
    url = told.get("url")
    return Runbook(
        name=name,
        title=one_line(str(told.get("title") or heading), TITLE_LIMIT),
        steps=tuple(cut(one_line(step), STEP_LIMIT) for step in steps[:STEPS]),
        services=tuple(ServiceName(one) for one in _names(told, "services", "service")),
        alerts=_names(told, "alerts", "alert"),
        url=url if isinstance(url, str) and url.startswith(("https://", "http://")) else None,
        left_out=len(steps[STEPS:]),
    )


def _read(path: Path, folder: Path) -> str:
    inside = path.resolve()
    if not inside.is_file():
        raise ValueError("there is no file behind its name; take it away")
    if not inside.is_relative_to(folder):
        raise ValueError("it leads out of the folder; put the file itself there")
    with inside.open("rb") as file:
        read = file.read(BYTES + 1)
    if len(read) > BYTES:
        raise ValueError(f"it is larger than {BYTES:,} bytes; shorten it, or make two of it")
    try:
        return read.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("it is not written in UTF-8; save it so") from error


def _front_matter(written: str) -> dict[str, object]:
    try:
        told: object = YAML(typ="safe", pure=True).load(written)
    except (YAMLError, ValueError, RecursionError) as error:
        raise ValueError("its front matter is no YAML; mend what stands between the two ---") from error
    return {str(key): value for key, value in told.items()} if isinstance(told, dict) else {}


def _names(told: dict[str, object], *keys: str) -> tuple[str, ...]:
    values: list[object] = []
    for key in keys:
        value = told.get(key)
        values += value if isinstance(value, list) else [value]
    return tuple(one_line(clean(one), TITLE_LIMIT) for one in values[:_NAMES] if isinstance(one, str) and one.strip())


def _prose(text: str) -> Iterator[str]:
    """Return the lines that are not code."""
    in_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            in_code = not in_code
        elif not in_code:
            yield line.rstrip()
