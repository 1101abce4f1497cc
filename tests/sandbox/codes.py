"""Reads the handlers' code: which errors each can answer and which arguments it reads, in whatever it calls too."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from bot.sandbox.args import Args
from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call
from bot.sandbox.state.preferences import Preferences
from bot.sandbox.state.workspace import Workspace

# Objects that handlers hold: `x.name(...)` is looked up here when x is no module.
_HELD = (Call, Args, Workspace, Preferences)
# Parameters through which a caller says with which code it wants to be refused.
_CODE_PARAMETERS = {"refusal", "broken"}
Bindings = frozenset[tuple[str, str]]


@dataclass
class Reach:
    """What was found; `unread` are refusals whose code cannot be told from the code."""

    codes: set[str] = field(default_factory=set)
    arguments: set[str] = field(default_factory=set)
    unread: set[str] = field(default_factory=set)
    seen: set[tuple[FunctionType, Bindings]] = field(default_factory=set)


@cache
def _parsed(function: FunctionType) -> ast.FunctionDef:
    (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    return definition


def reach_of(handler: Callable[..., object]) -> Reach:
    """Return everything that a handler can answer and read."""
    reach = Reach()
    assert isinstance(handler, FunctionType)
    _walk(handler, frozenset(), reach)
    return reach


def _walk(function: FunctionType, bindings: Bindings, reach: Reach) -> None:
    if (function, bindings) in reach.seen:
        return
    reach.seen.add((function, bindings))
    definition = _parsed(function)
    known = _defaults(definition) | dict(bindings)
    if definition.name.endswith("_fault"):
        reach.codes |= set(_returned(definition))
    for node in ast.walk(definition):
        if isinstance(node, ast.Call):
            _look_at(node, function, known, reach)


def _defaults(definition: ast.FunctionDef) -> dict[str, str]:
    arguments = definition.args
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return {
        name.arg: str(value.value)
        for name, value in pairs
        if name.arg in _CODE_PARAMETERS and isinstance(value, ast.Constant)
    }


def _returned(definition: ast.FunctionDef) -> Iterator[str]:
    """Yield the codes that a function which looks for a fault returns."""
    for node in ast.walk(definition):
        value = node.value if isinstance(node, ast.Return | ast.Assign | ast.AnnAssign) else None
        yield from _constants(value, {})


def _constants(value: ast.AST | None, known: Mapping[str, str]) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(code)):
            yield code
        case ast.IfExp(body=body, orelse=orelse):
            yield from _constants(body, known)
            yield from _constants(orelse, known)
        case ast.Name(id=name) if name in known:
            yield known[name]
        case _:
            return


def _look_at(node: ast.Call, function: FunctionType, known: Mapping[str, str], reach: Reach) -> None:
    callee = _callee(node.func, function.__globals__)
    if callee is SlackError:
        found = set(_constants(node.args[0], known))
        # Elsewhere codes come from the faults that `_fault` functions return.
        if not found and not isinstance(node.args[0], ast.Subscript):
            reach.unread.add(ast.unparse(node))
        reach.codes |= found
        return
    if not isinstance(callee, FunctionType) or not callee.__module__.startswith("bot.sandbox"):
        return
    bound = {
        (keyword.arg, code)
        for keyword in node.keywords
        if keyword.arg in _CODE_PARAMETERS
        for code in _constants(keyword.value, known)
    }
    if callee.__qualname__.startswith("Args.") and node.args:
        reach.arguments |= set(_constants(node.args[0], {}))
    _walk(callee, frozenset(bound), reach)


def _callee(node: ast.expr, names: Mapping[str, Any]) -> object:
    match node:
        case ast.Name(id=name):
            return names.get(name)
        case ast.Attribute(value=ast.Name(id="SlackError")):
            return SlackError
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if isinstance(names.get(name), ModuleType):
            return getattr(names[name], attribute, None)
        case ast.Attribute(attr=attribute):
            return next((vars(held)[attribute] for held in _HELD if attribute in vars(held)), None)
        case _:
            return None
