"""What the torture's processes set for themselves must not stay with the tests that come after in this one."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _what_is_logged_stays_as_it_was() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)
