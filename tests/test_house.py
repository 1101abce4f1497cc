"""The house rules that no linter knows, as tests: size, names, time and chance, borders, what is never written down."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 50

# Names that attract everything that has no better place.
MAGNETS = {"base", "common", "core", "helper", "helpers", "manager", "misc", "service", "services", "util", "utils"}

# The only file that may ask the machine for time and chance, and the ways of asking.
CLOCK = Path("bot/clock.py")
CHANCE = {"random", "secrets"}
ASKING = re.compile(
    r"^(datetime\.(datetime\.)?(now|utcnow|today)|(datetime\.)?date\.today|time\.(time|time_ns|monotonic|monotonic_ns|sleep)"
    r"|asyncio\.sleep|(uuid\.)?uuid[14]|os\.urandom|(loop|asyncio\.get_(running|event)_loop\(\))\.time)$"
)
FROM_TIME = {("time", "time"), ("time", "monotonic"), ("time", "sleep"), ("asyncio", "sleep"), ("os", "urandom")}

# What replaces things in tests, by any of its names.
SETS, MOCKS = "set" + "attr", "unittest." + "mock"  # spelt in two halves, so that no search finds them here
MOCK = re.compile(r"^(unittest\.mock|mock|pytest_mock)(\.|$)")

# The borders, at which any error must end: HTTP, Bolt's error handler, the dispatcher's guard of one effect.
BORDERS = {Path("bot/inbound/http.py"), Path("bot/inbound/slack/app.py"), Path("bot/engine/dispatch.py")}

# Spelt in two halves, so that this file does not find itself.
PLACES = {
    "a path of one machine": re.compile("(file://|(?<![\\w.~/-]))/(root|home/\\w+|work|Users/\\w+|opt/pypi)" + "/"),
    "a package server": re.compile(
        "--(extra-)?index" + "-url|--find" + "-links|/simple" + "/?\\b(?=\\s|$)|pythonhosted" + "\\.org"
    ),
}
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def tracked() -> list[Path]:
    """Return every file of the project, relative to its root: what git tracks, and what it would."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [path for path in map(Path, sorted(set(names))) if (ROOT / path).is_file()]


FILES = tracked()
OURS = [path for path in FILES if path.parts[0] in {"bot", "bench", "tests", "scripts"} and "vendor" not in path.parts]
PYTHON = [path for path in OURS if path.suffix == ".py"]
PRODUCT = [path for path in PYTHON if path.parts[0] == "bot"]


def read(path: Path) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax of a file, read once for all rules."""
    return ast.parse(read(path))


def text_files() -> Iterator[tuple[Path, str]]:
    """Yield every file that is text, with its text."""
    for path in FILES:
        content = (ROOT / path).read_bytes()
        if b"\0" not in content:
            yield path, content.decode("utf-8")


def test_the_guards_see_the_product() -> None:
    assert len(PRODUCT) > 1
    assert Path("pyproject.toml") in FILES


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    code = [path for path in OURS if path.suffix in {".py", ".js", ".css", ".html"}]
    lengths = {str(path): len(read(path).splitlines()) for path in code}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{path}:{node.lineno} {node.name}": lines
        for path in PYTHON
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [str(path) for path in PYTHON if read(path).strip() and not ast.get_docstring(tree(path))]
    assert silent == []


def test_no_module_has_a_name_that_attracts_everything() -> None:
    assert [str(path) for path in OURS if MAGNETS & {*path.parts[:-1], path.stem}] == []


def puts_in_the_place_of_a_name(parsed: ast.Module) -> list[str]:
    """Return how this source puts another thing in the place of a name, with line numbers."""
    found = []
    for node in ast.walk(parsed):
        match node:
            # pytest's fixture may have any name here; nothing else has such methods.
            case ast.Attribute(attr="setattr" | "delattr" | "setitem" | "delitem"):
                found.append(f"{node.lineno} {ast.unparse(node)}")
            case ast.Name(id="mocker" as name) | ast.arg(arg="mocker" as name):
                found.append(f"{node.lineno} {name}")
            case ast.Import(names=names):
                found += [f"{node.lineno} import {name.name}" for name in names if MOCK.match(name.name)]
            case ast.ImportFrom(module=str() as module, names=names):
                whole = [f"{module}.{name.name}" for name in names]
                found += [f"{node.lineno} from {module} import" for name in whole if MOCK.match(name)]
            case _:
                pass
    return found


def test_no_test_puts_another_thing_in_the_place_of_a_name() -> None:
    tests = [path for path in PYTHON if path.parts[0] == "tests"]
    assert {str(path): ways for path in tests if (ways := puts_in_the_place_of_a_name(tree(path)))} == {}


@pytest.mark.parametrize(
    "source",
    [
        f"monkeypatch.{SETS}(module, 'name', other)",
        "with pytest.MonkeyPatch.context() as patch:\n    patch.setitem(table, 'key', other)",
        "monkeypatch.delattr(\n    module, 'name'\n)",
        "put = monkeypatch.delitem",
        f"import {MOCKS}",
        "from unittest import TestCase, mock",
        f"from {MOCKS} import AsyncMock",
        "import mock",
        "from pytest_mock import MockerFixture",
        "def test_a(mocker): ...",
    ],
)
def test_the_guard_of_names_sees(source: str) -> None:
    assert puts_in_the_place_of_a_name(ast.parse(source))


def test_the_guard_of_names_lets_comments_texts_and_the_environment_pass() -> None:
    source = f"# monkeypatch.{SETS}(a, 'b', c)\ntext = 'from {MOCKS} import Mock'\nmonkeypatch.setenv('A', 'b')"
    assert puts_in_the_place_of_a_name(ast.parse(source)) == []


def asks_the_machine(parsed: ast.Module) -> list[str]:
    """Return how this source asks the machine for time or chance, with line numbers."""
    found = []
    for node in ast.walk(parsed):
        match node:
            case ast.Attribute() if ASKING.match(ast.unparse(node)):
                found.append(f"{node.lineno} {ast.unparse(node)}")
            case ast.Name(id="uuid1" | "uuid4" as name):
                found.append(f"{node.lineno} {name}")
            case ast.Import(names=names):
                found += [f"{node.lineno} import {name.name}" for name in names if name.name in CHANCE]
            case ast.ImportFrom(module=str() as module, names=names):
                found += [
                    f"{node.lineno} from {module} import {name.name}"
                    for name in names
                    if module in CHANCE or (module, name.name) in FROM_TIME
                ]
            case _:
                pass
    return found


def test_time_and_chance_come_from_the_clock_module_only() -> None:
    asking = {str(path): ways for path in PRODUCT if path != CLOCK and (ways := asks_the_machine(tree(path)))}
    assert asking == {}


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime, UTC\ndatetime.now(UTC)",
        "import datetime\ndatetime.datetime.utcnow()",
        "import time\ntime.time()",
        "from time import sleep",
        "import asyncio\nawait_ = asyncio.sleep",
        "import uuid\nuuid.uuid4()",
        "from uuid import uuid4\nuuid4()",
        "import random",
        "from secrets import token_hex",
    ],
)
def test_the_clock_guard_sees(source: str) -> None:
    assert asks_the_machine(ast.parse(source))


def test_the_clock_guard_lets_injected_time_pass() -> None:
    source = "now = self._clock.now()\nawait_ = clock.sleep(delay)\nfrom datetime import datetime"
    assert asks_the_machine(ast.parse(source)) == []


def catches_everything(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler takes any error at all, and does not raise it again at its end."""
    caught = ast.walk(handler.type) if handler.type else [ast.Name("BaseException")]
    broad = any(isinstance(node, ast.Name) and node.id in {"Exception", "BaseException"} for node in caught)
    last = handler.body[-1]
    return broad and not (isinstance(last, ast.Raise) and last.exc is None)


def test_only_the_borders_catch_every_error() -> None:
    greedy = {
        f"{path}:{node.lineno}"
        for path in PRODUCT
        if path not in BORDERS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and catches_everything(node)
    }
    assert greedy == set()


def test_nothing_points_at_one_machine_or_package_server() -> None:
    # The lock writer and its settings must name the options by which they keep such lines out.
    named = {
        f"{path}:{text[: match.start()].count(chr(10)) + 1} {what}"
        for path, text in text_files()
        if path != Path("scripts/locks.py") and "vendor" not in path.parts
        for what, pattern in PLACES.items()
        for match in pattern.finditer(text)
    }
    assert named == set()


def dangling(path: Path, text: str) -> list[str]:
    """Return the relative links of a Markdown file that lead nowhere."""
    targets = [match["target"] for match in LINK.finditer(FENCE.sub("", text))]
    relative = [target for target in targets if not re.match(r"[a-z]+:|#", target)]
    return [target for target in relative if not (ROOT / path.parent / target.partition("#")[0]).exists()]


def test_links_in_the_documents_lead_somewhere() -> None:
    pages = [(path, text) for path, text in text_files() if path.suffix == ".md"]
    assert {str(path): lost for path, text in pages if (lost := dangling(path, text))} == {}


def test_the_link_guard_sees() -> None:
    page = "[a](LICENSE#x) ![b](gone.png) [c](https://example.com) [d](#here)"
    assert dangling(Path("page.md"), page) == ["gone.png"]
