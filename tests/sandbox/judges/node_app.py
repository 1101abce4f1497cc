"""Runs the Node apps of tests/sandbox/node as processes and reads what they say they saw."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.sandbox.server import Sandbox
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

FOLDER = Path(__file__).parent.parent / "node"
PATIENCE = 20
Line = dict[str, Any]


@dataclass
class NodeApp:
    """One Node process. `lines` is what it saw; `complaints` what it wrote on standard error."""

    process: asyncio.subprocess.Process
    lines: list[Line] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)
    ended: bool = False

    def find(self, what: str, after: int = 0) -> Line | None:
        """Return the newest line of that kind."""
        return next((line for line in reversed(self.lines[after:]) if line["saw"] == what), None)

    async def saw(self, what: str, after: int = 0) -> Line:
        """Return the newest line of that kind once there is one; fail with all that it said when there is none."""
        try:
            async with asyncio.timeout(PATIENCE), self.arrived:
                await self.arrived.wait_for(lambda: self.find(what, after) is not None or self.ended)
        except TimeoutError:
            pass
        found = self.find(what, after)
        said = "\n".join(self.complaints)
        assert found is not None, f"Node saw no {what!r}. It saw {self.lines} and said:\n{said}"
        return found

    async def read(self) -> None:
        """Read its output to the end."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self.arrived:
                self.lines.append(json.loads(line))
                self.arrived.notify_all()
        async with self.arrived:
            self.ended = True
            self.arrived.notify_all()

    async def listen_to_complaints(self) -> None:
        """Read its standard error to the end."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.complaints.append(line.decode().rstrip())


@asynccontextmanager
async def node_app(
    sandbox: Sandbox, *words: str, environment: Mapping[str, str] | None = None
) -> AsyncIterator[NodeApp]:
    """Run `node <words>` against the sandbox until the block ends; it has started when the block begins."""
    told = {
        "PATH": os.environ["PATH"],
        "SLACK_API_URL": f"{sandbox.url}/api/",
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        **(environment or {}),
    }
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec("node", *words, cwd=FOLDER, env=told, stdout=pipe, stderr=pipe)
    app = NodeApp(process=process)
    reading = asyncio.gather(app.read(), app.listen_to_complaints())
    try:
        await app.saw("ready")
        yield app
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await reading
