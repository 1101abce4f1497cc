"""A world for every test of the engine, on each database."""

from collections.abc import AsyncIterator

import pytest

from tests.engine.world import World


@pytest.fixture
async def world(world_url: str) -> AsyncIterator[World]:
    world = await World(world_url).open()
    yield world
    await world.close()
