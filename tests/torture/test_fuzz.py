"""Every reader bears variations of what it reads, the border answers as its document says; and faults are seen."""

import asyncio
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.peers.serving import serving
from tests.torture.border import asked, of_a_house
from tests.torture.corpus import corpus, mutations
from tests.torture.parsers import TARGETS, guarded
from tests.torture.quiet import quiet

pytestmark = pytest.mark.timeout(180)
# A document that promises less than a server gives.
PROMISE = {
    "openapi": "3.1.0",
    "info": {"title": "x", "version": "1"},
    "paths": {"/livez": {"get": {"responses": {"200": {"description": "alive"}}}}},
}


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_bears_variations_of_what_it_reads(name: str) -> None:
    quiet()
    for data in (*corpus(name), *mutations(name, 1, 60)):
        TARGETS[name](data)


def test_a_fault_of_a_reader_comes_with_the_command_that_shows_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    def reads_no_more_than_ascii(data: bytes) -> None:
        data.decode("ascii")

    with pytest.raises(UnicodeDecodeError):
        guarded("markup", reads_no_more_than_ascii)(b"\xff\x00")
    assert "AGAIN python -m tests.torture.parsers markup ff00\n" in capsys.readouterr().out


async def test_the_border_of_a_real_process_answers_as_its_document_says(tmp_path: Path) -> None:
    assert await of_a_house(tmp_path, 1, 2) == []


async def test_an_answer_that_the_document_does_not_have_is_seen() -> None:
    async def promise(_: Request) -> Response:
        return JSONResponse(PROMISE)

    async def fails(_: Request) -> Response:
        return Response(status_code=500)

    app = Starlette(routes=[Route("/openapi.json", promise), Route("/livez", fails)])
    async with serving(app) as port:
        wrong = await asyncio.to_thread(lambda: list(asked(f"http://127.0.0.1:{port}", 1, 2)))
    assert [one.partition(":")[0] for one in wrong] == ["GET /livez, positive"]
    assert "500" in wrong[0]
