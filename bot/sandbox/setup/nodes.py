"""A YAML document as nodes that know where they stand, so that every fault is told with its line and column.

Reading goes on after a fault: whoever wrote the file hears of all of them at once.
"""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.sandbox.errors import SandboxError

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Fault:
    """Something to change; line and column count from 1."""

    line: int
    column: int
    text: str


class FileError(SandboxError):
    """A workspace file that cannot be used; `faults` are all of them, each "file:line:column what to change"."""

    def __init__(self, name: str, faults: Iterable[Fault]) -> None:
        self.faults = [f"{name}:{one.line}:{one.column} {one.text}" for one in sorted(set(faults))]
        super().__init__("\n".join(self.faults))


def close_to(wrong: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word that was probably meant, or else some of the known ones."""
    words = sorted(known)
    if near := difflib.get_close_matches(wrong, words, n=1):
        return f"; did you mean {near[0]}?"
    most = 12
    return f"; there {'is' if len(words) == 1 else 'are'} {', '.join(words)}" if 0 < len(words) <= most else ""


@dataclass(slots=True, kw_only=True)
class Node:
    """One value of the document. Faults of all nodes are collected in one list."""

    value: object
    line: int
    column: int
    faults: list[Fault]
    # The fields that were asked for: what is left over is unknown.
    asked: set[str] = field(default_factory=set)

    def fault(self, text: str) -> None:
        """Note what must be changed here."""
        self.faults.append(Fault(line=self.line, column=self.column, text=text))

    def has(self, name: str) -> bool:
        """Say whether the field is there and not empty."""
        self.asked.add(name)
        return isinstance(self.value, CommentedMap) and self.value.get(name) is not None

    def node(self, name: str) -> "Node | None":
        """Return a field, or None."""
        if not self.has(name) or not isinstance(self.value, CommentedMap):
            return None
        if name not in self.value.lc.data:
            # It comes from elsewhere by `<<`: the faults belong to where it is used.
            return self._below(self.value[name], self.line - 1, self.column - 1)
        line, column = self.value.lc.value(name)
        return self._below(self.value[name], line, column)

    def _below(self, value: object, line: int, column: int) -> "Node":
        return Node(value=value, line=line + 1, column=column + 1, faults=self.faults)

    def mapping(self, name: str) -> "Node":
        """Return a field that holds fields; an empty node when it is not there or something else."""
        found = self.node(name)
        if found is not None and isinstance(found.value, CommentedMap):
            return found
        if found is not None:
            found.fault(f"{name} must hold fields, for example `{name}:` and indented lines below it")
        return Node(value=CommentedMap(), line=self.line, column=self.column, faults=self.faults)

    def items(self, name: str) -> list["Node"]:
        """Return the items of a field that is a list; none when it is not there."""
        found = self.node(name)
        if found is None:
            return []
        if not isinstance(found.value, CommentedSeq):
            found.fault(f"{name} must be a list: lines that begin with `- `")
            return []
        return [self._below(value, *found.value.lc.item(index)) for index, value in enumerate(found.value)]

    def records(self, name: str) -> list["Node"]:
        """Return the items of a list whose items hold fields; others are faults."""
        good = []
        for item in self.items(name):
            if isinstance(item.value, CommentedMap):
                good.append(item)
            else:
                item.fault(f"an item of {name} must hold fields, for example `- name: ...`")
        return good

    def words(self, name: str) -> list["Node"]:
        """Return the items of a list of words; others are faults."""
        good = []
        for item in self.items(name):
            if isinstance(item.value, str) and item.value:
                good.append(item)
            else:
                item.fault(f"an item of {name} must be a word, not {item.value!r}; put it in quotes if it is one")
        return good

    def text(self, name: str, default: str = "", *, needed: bool = False, shape: str = "", hint: str = "") -> str:
        """Return a field's text; `shape` is a regular expression for all of it, `hint` says what it must be."""
        found = self.node(name)
        if found is None:
            if needed:
                self.fault(f"{name} is missing")
            return default
        if not isinstance(found.value, str):
            found.fault(f"{name} must be text, not {found.value!r}; put it in quotes")
            return default
        if shape and not re.fullmatch(shape, found.value):
            found.fault(f"{name} {found.value!r} must be {hint}")
            return default
        return found.value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return a field that is true or false."""
        found = self.node(name)
        if found is None:
            return default
        if not isinstance(found.value, bool):
            found.fault(f"{name} must be true or false, not {found.value!r}")
            return default
        return found.value

    def choice(self, name: str, default: E) -> E:
        """Return a field that is one of the words of an enum."""
        found = self.node(name)
        if found is None:
            return default
        kind = type(default)
        if found.value in [one.value for one in kind]:
            return kind(found.value)
        found.fault(f"{name} {found.value!r} is unknown{close_to(str(found.value), [one.value for one in kind])}")
        return default

    def done(self) -> None:
        """Note the fields that nobody asked for as faults."""
        if not isinstance(self.value, CommentedMap):
            return
        for name in self.value:
            if name not in self.asked:
                here = name in self.value.lc.data
                line, column = self.value.lc.key(name) if here else (self.line - 1, self.column - 1)
                self._below(None, line, column).fault(f"{name} is unknown here{close_to(str(name), self.asked)}")


def read_yaml(text: str, name: str) -> Node:
    """Return the document's root.

    Raises:
        FileError: when it is no YAML, or nothing but fields at its top.
    """
    try:
        value = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = (error.problem or "it cannot be read").strip().splitlines()[0]
        raise FileError(name, [Fault(line=line, column=column, text=f"this is no YAML: {problem}")]) from error
    except YAMLError as error:
        raise FileError(name, [Fault(line=1, column=1, text=f"this is no YAML: {error}")]) from error
    root = Node(value=value, line=1, column=1, faults=[])
    if not isinstance(value, CommentedMap):
        root.fault("the file must hold fields: `workspaces:` and, if you like, `app:` and `organisation:`")
        raise FileError(name, root.faults)
    return root
