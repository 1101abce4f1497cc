"""The library under the pager writes nothing to anybody's terminal, and no .netrc takes the place of our key."""

import asyncio
import os
import sys
from pathlib import Path

from tests.fakes.pagerduty import FakePagerDuty, Fault
from tests.fakes.pagerduty_rules import OnCall

ASK = """
import asyncio, sys
from pydantic import SecretStr
import structlog
structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
from bot.domain.model import ServiceName
from bot.domain.policy import Policy, Service
from bot.errors import DeliveryError
from bot.outbound.pagerduty import Pager

name = ServiceName("checkout")
policy = Policy(services={name: Service(name=name, escalation_policy="PCHECK")})
pager = Pager(policy, api_key=SecretStr("u+fake-api-key-12345"), api_url=sys.argv[1])
try:
    print(asyncio.run(pager.who_is_on_call()))
except DeliveryError as error:
    print(type(error).__name__)
"""


async def ask(url: str, home: Path) -> tuple[str, str]:
    """Ask who is on call in a Python of its own; return what it wrote to the terminal."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONWARNINGS": "default"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", ASK, url),
        cwd=Path(__file__).parents[2],
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return out.decode().strip(), err.decode()


async def test_neither_import_nor_trouble_reaches_the_terminal(tmp_path: Path) -> None:
    async with FakePagerDuty() as pagerduty:
        pagerduty.fault = Fault.BROKEN
        assert await ask(pagerduty.url, tmp_path) == ("TryLater", "")


async def test_a_netrc_does_not_replace_the_key(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("default login someone password else\n")
    async with FakePagerDuty() as pagerduty:
        pagerduty.on_calls = [OnCall(policy="PCHECK", email="ana@x.example")]
        assert await ask(pagerduty.url, tmp_path) == ("{'checkout': ('ana@x.example',)}", "")
