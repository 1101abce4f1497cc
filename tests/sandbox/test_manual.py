"""docs/sandbox.md tells the truth: its commands, programs and files are run, its list of methods is the sandbox's."""

import asyncio
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SeededChance, SystemClock
from bot.sandbox.faults import When
from bot.sandbox.methods import HANDLERS
from bot.sandbox.server import Sandbox
from bot.sandbox.setup.read import read_plans
from bot.sandbox.state.seed import BOT_TOKEN

MANUAL = (Path(__file__).parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")
PRINTED = "http://127.0.0.1:8065"
PATIENCE = 30


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", MANUAL, re.MULTILINE | re.DOTALL)


def commands() -> Iterator[str]:
    for block in blocks("sh"):
        yield from block.splitlines()


async def curl(command: str, url: str) -> dict[str, object]:
    """Do what a curl command asks, at that address instead of the printed one; return the JSON that comes back."""
    words = iter(shlex.split(command.replace(PRINTED, url)))
    assert next(words) == "curl"
    target, method, data, headers = "", "", [], {}
    for word in words:
        match word:
            case "-s":
                continue
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "-d":
                data.append(next(words))
                headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
            case "-X":
                method = next(words)
            case _:
                assert word.startswith(url), f"what is {word!r}?"
                target = word
    async with (
        aiohttp.ClientSession() as session,
        session.request(method or ("POST" if data else "GET"), target, data="&".join(data), headers=headers) as answer,
    ):
        assert answer.status == 200, f"{command}: {await answer.text()}"
        document: dict[str, object] = await answer.json()
        return document


async def test_every_command_of_the_manual_works(sandbox: Sandbox) -> None:
    lines = list(commands())
    assert len(lines) > 15
    for line in lines:
        assert (await curl(line, sandbox.url)).get("ok", True) is True, line


@pytest.mark.parametrize("program", blocks("python"), ids=lambda program: program.splitlines()[-1])
async def test_every_python_program_of_the_manual_runs(sandbox: Sandbox, program: str) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join(sys.path),
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_API_URL": f"{sandbox.url}/api/",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=environment, stderr=asyncio.subprocess.PIPE
    )
    _, complaints = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, complaints.decode()


async def test_the_workspace_file_of_the_manual_is_one() -> None:
    (text,) = blocks("yaml")
    async with Sandbox(SystemClock(), SeededChance(1), plans=read_plans(text, "sandbox.md")) as sandbox:
        assert [workspace.team.name for workspace in sandbox.workspaces] == ["Acme", "Acme Labs"]


def test_the_manual_lists_exactly_the_methods_that_are_built() -> None:
    rows = re.findall(r"^  \| (\w+) \| ([\w., ]+) \|$", MANUAL, re.MULTILINE)
    listed = {f"{family}.{name}" for family, names in rows for name in names.split(", ") if family != "family"}
    assert listed == set(HANDLERS)
    assert f"**{len(HANDLERS)} methods**" in MANUAL


def test_the_manual_names_every_fault() -> None:
    table = MANUAL[MANUAL.index("| `when` |") :].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", " ".join(row.split("|")[1] for row in table.splitlines()[2:]))) == set(When)
