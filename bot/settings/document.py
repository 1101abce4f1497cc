"""Reads a YAML 1.2 file into plain values and remembers where each stood. Its size is bounded however it is written.

The node tree is read, not the built values: so a key written twice, a tag or an alias is seen where it stands, and
nothing is made of the file but text, numbers, lists and mappings (https://yaml.org/spec/1.2.2/#32-information-models).
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from bot.domain.text import one_line
from bot.settings.faults import LONGEST_QUOTE, Fault, Mark, Where, quoted

Plain: TypeAlias = "bool | int | float | str | list[Plain] | dict[str, Plain] | None"

LARGEST_FILE = 512 * 1024
MOST_VALUES = 50_000
DEEPEST = 16
TAG = "tag:yaml.org,2002:"
MERGE = "<<"


@dataclass(slots=True)
class Document:
    """What the file says (`data`), where, and what of it could not be read (`faults`; `unread` are the places)."""

    data: dict[str, Plain] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: set[Where] = field(default_factory=set)
    keys: dict[Where, Mark] = field(default_factory=dict)
    values: dict[Where, Mark] = field(default_factory=dict)

    def key_mark(self, where: Where) -> Mark | None:
        """Return where a key stands, else the nearest value around it."""
        return self.keys.get(where) or self.value_mark(where)

    def value_mark(self, where: Where) -> Mark | None:
        """Return where a value stands; for one that is not there, where its key or the value around it does."""
        for length in range(len(where), -1, -1):
            mark = self.values.get(where[:length]) or self.keys.get(where[:length])
            if mark:
                return mark
        return None


class _TooMuchError(Exception):
    """The values are too many; `mark` is where that was noticed."""

    def __init__(self, mark: Mark) -> None:
        super().__init__()
        self.mark = mark


def read(path: Path) -> Document:
    """Return what the file says. Whatever is wrong with it stands in `faults`; nothing is raised."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        return _unusable("not found; copy muster.example.yaml to it, or name another file in MUSTER_CONFIG")
    except (OSError, ValueError) as error:
        return _unusable(f"cannot be read: {getattr(error, 'strerror', None) or 'not a file name'}")
    if len(raw) > LARGEST_FILE:
        return _unusable(f"larger than {LARGEST_FILE // 1024} KiB; this is not a configuration file of Muster")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _unusable("not UTF-8 text; save the file as UTF-8", Mark(line=line, column=1))
    return parse(text)


def parse(text: str) -> Document:
    """Return what a YAML text says; see `read`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # ruamel warns of anchors used twice, which YAML allows
            node = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, OverflowError, ValueError, RecursionError) as error:
        return _syntax(error, text)
    document = Document()
    if node is None:
        return _unusable("is empty; muster.example.yaml shows what can be set")
    if not isinstance(node, MappingNode):
        return _unusable('must be a mapping: names with values, such as "services:"', _mark(node))
    try:
        _Reader(document).top(node)
    except _TooMuchError as error:
        text = f"more than {MOST_VALUES} values once its aliases (*name) are followed; write less, or fewer aliases"
        return _unusable(text, error.mark)
    return document


class _Reader:
    """Turns nodes into plain values."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = MOST_VALUES

    def top(self, node: MappingNode) -> None:
        self._document.values[()] = _mark(node)
        self._document.data = self._mapping(node, ())

    def _value(self, node: Node, where: Where) -> Plain:
        self._left -= 1
        if self._left < 0:
            raise _TooMuchError(_mark(node))
        if not (
            isinstance(node, ScalarNode) and not node.value and not node.style
        ):  # one that is not there stands nowhere
            self._document.values[where] = _mark(node)
        if len(where) > DEEPEST:
            self._cannot_read(node, where[:DEEPEST], "nested too deeply")
            return None
        if not _is_known_tag(node):
            self._cannot_read(node, where, f"tags such as {quoted(str(node.tag))} are not read; leave it out")
            return None
        match node:
            case MappingNode():
                return self._mapping(node, where)
            case SequenceNode():
                return [self._value(item, (*where, at)) for at, item in enumerate(node.value)]
            case _:
                return _scalar(node)

    def _mapping(self, node: MappingNode, where: Where) -> dict[str, Plain]:
        found: dict[str, Plain] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._fault(key, where, "a key must be plain text, not a list or a mapping")
                continue
            # A key is the text that stands there: 404, yes and null name a service as well as any other word.
            name = _text(key)
            at = (*where, name)
            if name == MERGE and not key.style:
                self._cannot_read(key, at, "merging (<<) is not read; write the keys out")
            elif name in found:
                first = self._document.keys[at]
                self._fault(key, at, f"written twice; the first is in line {first.line}")
            else:
                self._document.keys[at] = _mark(key)
                found[name] = self._value(value, at)
        return found

    def _cannot_read(self, node: Node, where: Where, text: str) -> None:
        self._document.unread.add(where)
        self._fault(node, where, text)

    def _fault(self, node: Node, where: Where, text: str) -> None:
        self._document.faults.append(Fault(mark=_mark(node), where=where, text=text))


def _is_known_tag(node: Node) -> bool:
    tag = str(node.tag or "")
    kind = tag.removeprefix(TAG)
    match node:
        case MappingNode():
            return kind in {"map", "!"}
        case SequenceNode():
            return kind in {"seq", "!"}
        case _:
            return kind in {"null", "bool", "int", "float", "str", "timestamp", "value", "merge", "!"}


def _scalar(node: Node) -> Plain:
    text = _text(node)
    match str(node.tag or "").removeprefix(TAG):
        case "null":
            return None
        case "bool":
            # "yes" and "on" are truth only in a file that says %YAML 1.1 of itself.
            return text.lower() in {"true", "yes", "on", "y"}
        case "int":
            return _number(text, lambda digits: int(digits, 0))
        case "float":
            return _number(text, float)
        case _:
            return text


def _text(node: Node) -> str:
    """Return the node's text. A character that JSON writes as two halves is one; a lone half is replaced."""
    text = str(node.value)
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _number(text: str, convert: Callable[[str], int | float]) -> int | float | str:
    """Return the number, or the text where Python and YAML disagree about numbers: no setting is one anyway."""
    try:
        return convert(text)
    except ValueError:
        return text


def _mark(node: Node) -> Mark:
    return Mark(line=node.start_mark.line + 1, column=node.start_mark.column + 1)


def _syntax(error: Exception, text: str) -> Document:
    match error:
        case MarkedYAMLError():
            mark = error.problem_mark or error.context_mark
            what = one_line(" ".join(part for part in (error.context, error.problem) if part), 2 * LONGEST_QUOTE)
            place = Mark(line=mark.line + 1, column=mark.column + 1) if mark else None
            return _unusable(f"not valid YAML: {what}", place)
        case ReaderError():
            before = text[: error.position]
            place = Mark(line=before.count("\n") + 1, column=len(before) - before.rfind("\n"))
            return _unusable("not valid YAML: a control character stands here", place)
        case RecursionError():
            return _unusable("not valid YAML: nested too deeply")
        case _:
            return _unusable("not valid YAML: a character or number in it is out of range")


def _unusable(text: str, mark: Mark | None = None) -> Document:
    return Document(faults=[Fault(mark=mark, text=text)])
