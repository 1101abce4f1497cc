"""A past: closed incidents with their timelines and alerts, written in bulk, as the bot itself would have left them.

One incident is declared, worked on and resolved by the real engine; its rows are then copied under other numbers, each
timeline with a hash chain of its own.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from bench.company import CLOCK
from bot.clock import SystemChance
from bot.domain.alerts_model import AlertStatus, ReportedAlert
from bot.domain.commands import AssignRole, Declare, ReportAlert, Resolve, SendUpdate
from bot.domain.ids import ChannelId, IncidentId, MessageTs, SourceName, UserId
from bot.domain.model import Severity
from bot.domain.policy import Policy
from bot.domain.record_commands import RecordMessage
from bot.domain.result_commands import OpenedChannel
from bot.domain.roles_model import Role
from bot.engine.handle import Engine
from bot.store.database import Database
from bot.store.migrate import migrate
from bot.store.timeline import chain

ANA: Final = UserId("U0ANA")
ROOM: Final = ChannelId("C0TEMPLATE")
ONE: Final = IncidentId(1)
AT_ONCE: Final = 2_000
Row = Mapping[str, object]


async def write_past(database_url: str, incidents: int) -> int:
    """Make the tables, and a past of so many closed incidents; return how many timeline rows there are."""
    database = Database(database_url)
    await migrate(database)
    if incidents:
        await _template(Engine(database, CLOCK, SystemChance(), Policy()))
    await database.close()
    return _copy(Path(make_url(database_url).database or ""), incidents) if incidents else 0


async def _template(engine: Engine) -> None:
    """Let one incident happen, from an alert to its end: ten rows of timeline or so."""
    alert = ReportedAlert(
        source=SourceName("alertmanager"),
        fingerprint="template",
        status=AlertStatus.FIRING,
        starts_at=CLOCK.now() - timedelta(hours=1),
        title="CheckoutErrorBudgetBurn",
        summary="Checkout fails for 4.8 % of requests",
        labels={"service": "checkout"},
    )
    async with engine.database.transaction() as connection:
        reported = await engine.apply(connection, ReportAlert(report=alert))
    assert reported.alert is not None
    await engine.handle(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1, alert=reported.alert.id))
    await engine.handle(OpenedChannel(incident=ONE, channel=ROOM, name="inc-1-checkout"))
    for number in range(4):
        ts, link = MessageTs(f"17.{number}"), f"https://northwind.slack.com/archives/{ROOM}/p17{number}"
        said = RecordMessage(channel=ROOM, ts=ts, by=ANA, said_at=CLOCK.now(), text="We roll back", permalink=link)
        await engine.handle(said)
    await engine.handle(AssignRole(incident=ONE, role=Role.COMMANDER, user=ANA, by=ANA))
    await engine.handle(SendUpdate(incident=ONE, text="We roll back", by=ANA))
    await engine.handle(Resolve(incident=ONE, resolution="Rolled back to 4.2.0", by=ANA))
    async with engine.database.transaction() as connection:
        for table in ("effects", "lanes", "receipts"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - the three names above


def _copy(path: Path, incidents: int) -> int:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=OFF")
    incident = dict(connection.execute("SELECT * FROM incidents").fetchone())
    alert = dict(connection.execute("SELECT * FROM alerts").fetchone())
    rows = [dict(row) for row in connection.execute("SELECT * FROM timeline ORDER BY seq")]
    for first in range(2, incidents + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, incidents + 1))
        _insert(connection, "incidents", (_incident(incident, n) for n in numbers))
        _insert(connection, "alerts", (_alert(alert, n) for n in numbers))
        _insert(connection, "timeline", (row for n in numbers for row in _timeline(rows, n)))
    connection.execute("UPDATE numbers SET last = ?", (incidents,))
    connection.commit()
    connection.close()
    return incidents * len(rows)


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    made = [tuple(row.items()) for row in rows]
    names = [name for name, _ in made[0]]
    holes = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({holes})"  # noqa: S608 - names of our own tables
    connection.executemany(statement, [[value for _, value in row] for row in made])
    connection.commit()


def _incident(row: Row, number: int) -> Row:
    channel = f"C{number:010}"
    body = json.loads(str(row["body"])) | {"id": number, "channel": channel, "alerts": [f"{number:020}"]}
    return {**row, "id": number, "channel": channel, "body": json.dumps(body)}


def _alert(row: Row, number: int) -> Row:
    body = json.loads(str(row["body"])) | {"id": f"{number:020}", "incident": number}
    return {**row, "id": f"{number:020}", "identity": f"{number:020}", "incident": number, "body": json.dumps(body)}


def _timeline(rows: Sequence[Row], number: int) -> Iterator[Row]:
    previous = ""
    for row in rows:
        previous = chain(previous, IncidentId(number), int(str(row["seq"])), str(row["body"]))
        named = {name: value for name, value in row.items() if name != "id"}
        yield {**named, "incident": number, "hash": previous}
