"""What sources sent: the fixtures beside this file, read as their source reads them."""

import json
from pathlib import Path
from typing import Any

from bot.domain.alerts_model import ReportedAlert
from bot.domain.ids import SourceName
from bot.inbound.alerts import SOURCES

FIXTURES = Path(__file__).parent


def payload(source: str, fixture: str) -> Any:
    """Return a fixture as JSON, to be changed."""
    return json.loads((FIXTURES / source / f"{fixture}.json").read_bytes())


def read(source: str, given: object) -> tuple[ReportedAlert, ...]:
    """Return the alerts in a fixture of this name, or in this JSON."""
    body = json.dumps(payload(source, given) if isinstance(given, str) else given).encode()
    return SOURCES[SourceName(source)].parse(body)


def only(source: str, given: object) -> ReportedAlert:
    """Return the one alert in it."""
    (alert,) = read(source, given)
    return alert
