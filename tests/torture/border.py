"""Requests of every kind to the real process: schemathesis makes them up from our OpenAPI document, valid and not."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import SkipTest

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.e2e.house import ALERTS_TOKEN, Tenant, house

CHECKS: Any = [status_code_conformance, content_type_conformance, response_schema_conformance]
# Nothing of ours takes so long; 10 s is what a body may take to come.
NO_ANSWER = 15


def asked(url: str, number: int, examples: int) -> Iterator[str]:
    """Ask the server at `url` so many times a way and kind; yield what was answered as the document does not say."""
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr] # it raises when the document is wrong
        for mode in schemathesis.GenerationMode:
            try:
                _made_up(operation.as_strategy(generation_mode=mode), number, examples)()
            except (SkipTest, Unsatisfiable):  # nothing of it can be wrong
                continue
            except (AssertionError, FailureGroup) as error:
                yield f"{operation.label}, {mode.value}: {_words(error)}"


def _made_up(cases: Any, number: int, examples: int) -> Callable[[], None]:
    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(case=cases)
    def ask(case: Any) -> None:
        answer = case.call(headers={"Authorization": f"Bearer {ALERTS_TOKEN}"}, timeout=NO_ANSWER)
        case.validate_response(answer, checks=CHECKS)

    return ask


def _words(error: BaseException) -> str:
    parts = getattr(error, "exceptions", ())
    return "; ".join(map(_words, parts)) if parts else f"{type(error).__name__}: {error}"


async def of_a_house(folder: Path, number: int, examples: int) -> list[str]:
    """Open a house, ask it, and look whether it failed at anything meanwhile."""
    tenant = Tenant(environment={"MUSTER_API_TOKEN": ALERTS_TOKEN})
    async with house(folder, f"sqlite+aiosqlite:///{folder / 'muster.db'}", tenant=tenant) as opened:
        wrong = await asyncio.to_thread(lambda: list(asked(opened.muster.url, number, examples)))
        logged = [line for line in opened.muster.log if line.get("event") in {"request_failed", "source_failed"}]
        return wrong + [f"logged: {line}" for line in logged]


def border(number: int, examples: int) -> list[str]:
    """Ask a house in this process."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(of_a_house(Path(folder), number, examples))
