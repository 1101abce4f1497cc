"""Slack away for a working day, then the pager, then both: one drill of those of `make torture`."""

from pathlib import Path

import pytest

from tests.torture.outage import drill


@pytest.mark.timeout(300)
async def test_a_working_day_without_slack_is_lived_through(tmp_path: Path) -> None:
    done = await drill(4, tmp_path / "muster.db")
    await done.life.world.close()
    assert done.life.log.written
