"""What the documents name is there: commands and their options, make targets, files, tests, variables, metrics.

That links lead somewhere is held by test_house.py; that the manual of the sandbox works, by tests/sandbox.
"""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.__main__ import app

ROOT = Path(__file__).parent.parent
# The how-tos add these: nobody has them before.
INVENTED = {
    "BEACON_TOKEN",
    "MUSTER_PUSH_URL",
    "bot/inbound/alerts/beacon.py",
    "bot/inbound/slack/commands/suspect.py",
    "bot/outbound/push.py",
    "tests/inbound/alerts/beacon/episode-1-down.json",
    "tests/inbound/alerts/test_beacon.py",
    "tests/outbound/test_push.py",
}
# Read by the sandbox's clients, by compose, or by our own tools: not by the bot.
ELSEWHERE = {"POSTGRES_PASSWORD", "HYPOTHESIS_PROFILE", "PYTEST_ARGS"}

CODE = re.compile(r"^ *```.*?^ *```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:^|`)make ([a-z]+)", re.MULTILINE)
MUSTER = re.compile(r"(?:^|[`$ ])muster ([a-z]+)((?: +[^\s`]+)*)", re.MULTILINE)
FILE = re.compile(r"`((?:bot|deploy|docs|manifests|scripts|tests)/[\w./-]+\w)`")
VARIABLE = re.compile(r"\b(?:MUSTER|SLACK|PAGERDUTY|BEACON|POSTGRES|HYPOTHESIS|PYTEST)_[A-Z_]*[A-Z]\b")
TEST = re.compile(r"(?<![\w.])test_\w+(?!\w|\.py|/)")
IMPORT = re.compile(r"^from ((?:bot|tests)[\w.]*) import (\w+(?:, \w+)*|\([^)]*\))", re.MULTILINE)
METRIC = re.compile(r"`(muster_[a-z_]+)`")


def pages() -> dict[str, str]:
    """Return every Markdown file of the project, by its path."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in names if (ROOT / name).exists()}


def sources(*folders: str) -> str:
    """Return all Python of some folders."""
    return "\n".join(path.read_text(encoding="utf-8") for folder in folders for path in (ROOT / folder).rglob("*.py"))


PAGES = pages()
FILES = {str(path.relative_to(ROOT)) for folder in ("bot", "tests") for path in (ROOT / folder).rglob("*.py")}
PRODUCT, TESTS = sources("bot"), sources("tests")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
COMMANDS = typer.main.get_group(app).commands
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))


def code_of(page: str) -> Iterator[str]:
    """Yield what stands in code on a page, fenced or not."""
    return (found.group() for found in CODE.finditer(page))


def options_of(command: Any) -> set[str]:
    """Return the options of a command, with those of the commands below it."""
    own = {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
    return own.union(*(options_of(one) for one in getattr(command, "commands", {}).values()))


def unknown_commands(page: str) -> set[str]:
    """Return the subcommands of `muster` and their options that a page names and that are not there."""
    missing = set()
    for code in code_of(page):
        for name, rest in MUSTER.findall(code):
            command = COMMANDS.get(name)
            if command is None:
                missing.add(name)
                continue
            known = options_of(command)
            missing |= {f"{name} {word}" for word in re.findall(r"(?<!\S)--[a-z-]+", rest) if word not in known}
    return missing


def unknown_targets(page: str) -> set[str]:
    """Return the targets of `make` that a page names and that are not there."""
    return {name for code in code_of(page) for name in MAKE.findall(code)} - TARGETS


def unknown_files(page: str) -> set[str]:
    """Return the files that a page names in code and that are not there."""
    return {name for name in FILE.findall(page) if not (ROOT / name).exists()} - INVENTED


def unknown_variables(page: str) -> set[str]:
    """Return the environment variables that a page names and that nothing of ours reads."""
    named = {name for name in VARIABLE.findall(page) if not re.search(rf'["\']{name}["\']', PRODUCT)}
    return named - INVENTED - ELSEWHERE


def unknown_tests(page: str) -> set[str]:
    """Return the tests that a page names and that are not there (those that a page writes out are)."""
    named = {name for name in TEST.findall(page) if not re.search(rf"def {name}\b", TESTS + page)}
    return {name for name in named if not list((ROOT / "tests").rglob(f"{name}*"))}


def unknown_metrics(page: str) -> set[str]:
    """Return the metrics that a page names and that nobody counts."""
    return {name for name in METRIC.findall(page) if name.removesuffix("_total") not in PRODUCT}


def unknown_imports(page: str) -> set[str]:
    """Return what the programs of a page import from us and that is not there (nor written out on the page)."""
    missing = set()
    for module, names in IMPORT.findall(page):
        path = module.replace(".", "/")
        file = next((ROOT / name for name in (f"{path}.py", f"{path}/__init__.py") if name in FILES), None)
        there = file.read_text(encoding="utf-8") if file else ""
        for name in re.findall(r"\w+", names):
            made = rf"(?:def|class) {name}\b|^{name}\b"
            is_here = re.search(made, page, re.MULTILINE) or re.search(rf"{made}|^    {name},", there, re.MULTILINE)
            if not is_here and f"{path}/{name}.py" not in FILES | INVENTED:
                missing.add(f"{module} {name}")
    return missing


CHECKS = [
    unknown_commands,
    unknown_targets,
    unknown_files,
    unknown_variables,
    unknown_tests,
    unknown_metrics,
    unknown_imports,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_what_the_documents_name_is_there(check) -> None:  # type: ignore[no-untyped-def] # one of the above
    assert {name: missing for name, page in PAGES.items() if (missing := check(page))} == {}


def test_these_guards_see() -> None:
    page = (
        "`muster runn` and `muster run --portt 1`, `make tset`, `bot/gone.py`, MUSTER_GONE, test_gone_too,"
        " `muster_gone`\n"
        "\n```sh\nmuster fly --high\nmake haste  # quickly\n```\n"
        "\n```python\nfrom bot.clock import Clock, Sundial\nfrom bot.gone import (\n    That,\n)\n```\n"
    )
    assert [sorted(check(page)) for check in CHECKS] == [
        ["fly", "run --portt", "runn"],
        ["haste", "tset"],
        ["bot/gone.py"],
        ["MUSTER_GONE"],
        ["test_gone_too"],
        ["muster_gone"],
        ["bot.clock Sundial", "bot.gone That"],
    ]


def test_what_the_code_says_of_documents_is_there() -> None:
    named = set(re.findall(r"docs/[\w/-]+\.md", PRODUCT + TESTS + MAKEFILE))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    for path in files:
        assert path.read_text(encoding="utf-8").startswith(f"# {int(path.name[:4])}. "), path.name


def test_every_dependency_has_its_reason() -> None:
    reasons = PAGES["docs/adr/0003-what-we-depend-on-and-why.md"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *project["project"]["optional-dependencies"]["postgres"]]
    wanted += [line for group in groups for line in group if isinstance(line, str)]
    names = {re.split(r"[^A-Za-z0-9-]", line)[0] for line in wanted}
    assert {name for name in names if not re.search(rf"\b{name}\b", reasons)} == set()
