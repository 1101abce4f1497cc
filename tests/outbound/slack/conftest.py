"""Each test of the contract runs twice: against Slack in memory, and with the real gateway against the sandbox."""

from collections.abc import AsyncIterator

import pytest

from tests.outbound.slack.stage import FakeStage, Stage, sandbox_stage


@pytest.fixture(params=["fake", "real"])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    if request.param == "fake":
        yield FakeStage()
        return
    async with sandbox_stage() as real:
        yield real
