"""What is written in one turn of the loop leaves as one, in its order; hanging up loses none of it, aborting does."""

import asyncio

import pytest

from bot.inbound.gathering import Gathering
from tests.fakes.clock import turn


class Line(asyncio.Transport):
    """A connection that notes what is asked of it."""

    def __init__(self) -> None:
        super().__init__({"socket": "the socket"})
        self.asked: list[str | bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.asked.append(bytes(data))

    def close(self) -> None:
        self.asked.append("close")

    def abort(self) -> None:
        self.asked.append("abort")

    def pause_reading(self) -> None:
        self.asked.append("pause")

    def resume_reading(self) -> None:
        self.asked.append("resume")

    def is_closing(self) -> bool:
        return "close" in self.asked


@pytest.fixture
async def line() -> Line:
    return Line()


@pytest.fixture
async def gathering(line: Line) -> Gathering:
    return Gathering(line, asyncio.get_running_loop())


async def test_a_head_and_a_body_leave_as_one(gathering: Gathering, line: Line) -> None:
    gathering.write(b"head ")
    gathering.writelines([b"bo", b"dy"])
    assert line.asked == []
    await turn()
    assert line.asked == [b"head body"]
    gathering.write(b"next")
    await turn()
    assert line.asked == [b"head body", b"next"]


async def test_hanging_up_sends_first_what_was_written(gathering: Gathering, line: Line) -> None:
    gathering.write(b"goodbye")
    gathering.close()
    await turn()
    assert line.asked == [b"goodbye", "close"]
    assert gathering.is_closing()


async def test_aborting_sends_nothing_more(gathering: Gathering, line: Line) -> None:
    gathering.write(b"never")
    gathering.abort()
    await turn()
    assert line.asked == ["abort"]


async def test_all_else_goes_to_the_connection(gathering: Gathering, line: Line) -> None:
    gathering.pause_reading()
    gathering.resume_reading()
    assert line.asked == ["pause", "resume"]
    assert gathering.get_extra_info("socket") == "the socket"
    assert gathering.get_extra_info("peername", "nobody") == "nobody"
    assert not gathering.is_closing()
