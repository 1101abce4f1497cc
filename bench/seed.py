"""A past: closed incidents with all that belongs to them, written in bulk, as the bot itself would have left it.

One incident is declared, worked on and resolved by the real engine, and its alert ends; the rows are then copied under
other numbers, each timeline with a hash chain of its own, each alert in a group of its own.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
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
    reported = await engine.handle(ReportAlert(report=alert))
    assert reported.alert is not None
    await engine.handle(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1, alert=reported.alert.id))
    await engine.handle(OpenedChannel(incident=ONE, channel=ROOM, name="inc-1-checkout"))
    for number in range(4):
        ts, link = MessageTs(f"17.{number}"), f"https://northwind.slack.com/archives/{ROOM}/p17{number}"
        said = RecordMessage(channel=ROOM, ts=ts, by=ANA, said_at=CLOCK.now(), text="We roll back", permalink=link)
        await engine.handle(said)
    await engine.handle(AssignRole(incident=ONE, role=Role.COMMANDER, user=ANA, by=ANA))
    await engine.handle(SendUpdate(incident=ONE, text="We roll back", by=ANA))
    await engine.handle(ReportAlert(report=replace(alert, status=AlertStatus.RESOLVED, ends_at=CLOCK.now())))
    await engine.handle(Resolve(incident=ONE, resolution="Rolled back to 4.2.0", by=ANA))
    async with engine.database.transaction() as connection:
        for table in ("effects", "lanes", "receipts"):
            await connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - the three names above


def _copy(path: Path, incidents: int) -> int:
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous=OFF")
    timeline = _all(connection, "SELECT * FROM timeline ORDER BY seq")
    known = [(table, copied, _all(connection, f"SELECT * FROM {table}")) for table, copied in _COPIED.items()]  # noqa: S608 - the names below
    for first in range(2, incidents + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, incidents + 1))
        for table, copied, rows in known:
            _insert(connection, table, (copied(row, n) for n in numbers for row in rows))
        _insert(connection, "timeline", (row for n in numbers for row in _timeline(timeline, n)))
    connection.execute("UPDATE numbers SET last = ?", (incidents,))
    connection.commit()
    connection.close()
    return incidents * len(timeline)


def _all(connection: sqlite3.Connection, query: str) -> Sequence[Row]:
    return [dict(row) for row in connection.execute(query)]


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    made = [tuple(row.items()) for row in rows]
    names = [name for name, _ in made[0]]
    holes = ", ".join("?" * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({holes})"  # noqa: S608 - names of our own tables
    connection.executemany(statement, [[value for _, value in row] for row in made])
    connection.commit()


def _incident(row: Row, number: int) -> Row:
    channel, alert, group = f"C{number:010}", _alert_id(number), _group_id(number)
    given = {"id": number, "channel": channel, "alerts": [alert], "groups": [group]}
    return {**row, "id": number, "channel": channel, "body": _changed(row, given)}


def _alert(row: Row, number: int) -> Row:
    alert, group = _alert_id(number), _group_id(number)
    body = _changed(row, {"id": alert, "incident": number, "group": group})
    return {**row, "id": alert, "identity": alert, "incident": number, "group_id": group, "body": body}


def _group(row: Row, number: int) -> Row:
    group, key = _group_id(number), f"{number:020}"
    body = _changed(row, {"id": group, "key": key, "lead": _alert_id(number), "incident": number})
    return {**row, "id": group, "key": key, "body": body}


def _word(row: Row, number: int) -> Row:
    return {**row, "incident": number}


def _act(row: Row, number: int) -> Row:
    return {**{name: value for name, value in row.items() if name != "id"}, "incident": number}


_COPIED: Final[Mapping[str, Callable[[Row, int], Row]]] = {
    "incidents": _incident,
    "alerts": _alert,
    "groups": _group,
    "incident_words": _word,
    "acts": _act,
}


def _changed(row: Row, given: Row) -> str:
    return json.dumps(json.loads(str(row["body"])) | given)


def _alert_id(number: int) -> str:
    return f"{number:020}"


def _group_id(number: int) -> str:
    return f"g{number:019}"


def _timeline(rows: Sequence[Row], number: int) -> Iterator[Row]:
    previous = ""
    for row in rows:
        previous = chain(previous, IncidentId(number), int(str(row["seq"])), str(row["body"]))
        named = {name: value for name, value in row.items() if name != "id"}
        yield {**named, "incident": number, "hash": previous}
