"""`muster sandbox` as a real process: what it prints is enough for an app, Ctrl-C ends it well, mistakes are told."""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import People

ACME = Path(__file__).with_name("acme.yaml")
PATIENCE = 30


@dataclass
class Program:
    """One that runs; `environment` is what it printed for the app."""

    process: asyncio.subprocess.Process
    url: str
    environment: dict[str, str]

    def client(self) -> AsyncWebClient:
        """Return Slack's client as an app would build it from that environment."""
        told = self.environment
        return AsyncWebClient(token=told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"], retry_handlers=[])


async def started(*words: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    return await asyncio.create_subprocess_exec(sys.executable, *words, stdout=pipe, stderr=pipe, env=environment)


@asynccontextmanager
async def running(*words: str) -> AsyncIterator[Program]:
    """Run it until the block ends, then press Ctrl-C: it must end by itself, without complaint."""
    process = await started(*words)
    assert process.stdout is not None
    told: dict[str, str] = {}
    try:
        async with asyncio.timeout(PATIENCE):
            first = (await process.stdout.readline()).decode()
            while "SLACK_API_URL" not in told:
                line = (await process.stdout.readline()).decode()
                assert line, (await process.communicate())[1].decode()
                name, _, value = line.strip().partition("=")
                told.setdefault(name, value.partition(" ")[0])
        yield Program(process=process, url=first.split()[3].rstrip("/"), environment=told)
    finally:
        process.send_signal(signal.SIGINT)
        _, complaints = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert (process.returncode, complaints.decode()) == (0, "")


async def test_what_it_prints_is_enough_for_an_app_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    async with running("-m", "bot", "sandbox", "--port", "0", "--journal", str(journal)) as program:
        assert (await program.client().auth_test())["team"] == "Northwind"
        assert program.environment["SLACK_APP_TOKEN"].startswith("xapp-")
        async with People(program.url) as people:
            await people.person("ana").says("hello", channel="general")
    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [one["method"] for one in entries if one["direction"] == "call"] == ["auth.test"]


async def test_it_runs_a_workspace_file_and_another_signing_secret_without_the_rest_of_muster() -> None:
    words = ("--workspace", str(ACME), "--signing-secret", "another-secret", "--seed", "7", "--no-limits")
    async with running("-m", "bot.sandbox", "--port", "0", *words) as program:
        assert program.environment["SLACK_SIGNING_SECRET"] == "another-secret"
        assert (await program.client().auth_test())["team"] == "Acme"


async def said(*words: str) -> tuple[int | None, str]:
    process = await started("-m", "bot", "sandbox", *words)
    _, complaints = await asyncio.wait_for(process.communicate(), PATIENCE)
    return process.returncode, complaints.decode()


async def test_mistakes_are_told_and_nothing_is_started(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("workspaces:\n  - {nmae: Acme, users: [{name: ana}]}\n")
    code, complaint = await said("--workspace", str(wrong))
    assert code == 2
    assert complaint.splitlines() == [
        "wrong.yaml:2:5 name is missing",
        "wrong.yaml:2:6 nmae is unknown here; did you mean name?",
        "Nothing was started.",
    ]
    code, complaint = await said("--workspace", str(tmp_path / "none.yaml"))
    assert (code, complaint.partition(":")[0]) == (2, "The workspace file cannot be read")


async def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, complaint = await said("--port", str(taken.getsockname()[1]))
    assert (code, complaint.partition(":")[0]) == (1, "The sandbox cannot run")
    assert "Traceback" not in complaint
