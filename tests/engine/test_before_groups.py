"""Alerts from before there were groups: their messages, their buttons and what waited for them go on."""

from dataclasses import replace
from datetime import timedelta

from alembic import command
from sqlalchemy import Connection, insert, select, text

from bot.domain.alerts import identity
from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert
from bot.domain.group_work import ShowGroup
from bot.domain.ids import AlertId, GroupId, IncidentId
from bot.domain.model import Severity
from bot.domain.places import place
from bot.domain.work import Effect
from bot.store import effects, migrate, notes, steps
from bot.store.bodies import alert_body, dump
from bot.store.database import Database
from bot.store.tables import alerts, posts
from bot.store.tables import effects as effects_table
from tests.domain.company import Company
from tests.engine.test_groups import the_group
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.clock import START
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
SECOND = timedelta(seconds=1)


async def before_groups(world: World, *, incident: bool = False) -> AlertId:
    """Put an alert as a version left it that knew no groups, with its message."""
    company = Company()
    company.tell("old", at=0)
    old = replace(company.alerts["old"], group=None, incident=N if incident else None)
    if incident:
        await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    async with world.database.transaction() as connection:
        row = {"id": old.id, "identity": identity(old.report), "starts_at": START, "status": "firing"}
        await connection.execute(insert(alerts).values(**row, body=dump(alert_body, old), incident=old.incident))
        await effects.put(connection, [Effect(work=ShowGroup(group=GroupId(old.id)), due=world.clock.now())])
    await world.settle()
    return old.id


async def test_an_alert_from_before_there_were_groups_keeps_its_message(world: World) -> None:
    old = await before_groups(world)
    (shown,) = world.slack.said("alerts")
    assert shown.marker == f"group:{old}"
    await world.do(AcknowledgeAlert(alert=old, by=BO))
    await world.advance(SECOND)
    (shown,) = world.slack.said("alerts")
    assert "Acknowledged by" in str(shown.blocks)
    await world.do(Declare(by=ANA, alert=old))
    await world.advance(SECOND)
    group = await the_group(world)
    assert (group.id, group.incident, group.firing) == (GroupId(old), N, 1)
    must_hold(await of_world(world), at_rest=True)


async def test_a_report_of_it_puts_it_into_a_group_and_its_incident_hears_of_its_end(world: World) -> None:
    old = await before_groups(world, incident=True)
    alert = await world.desk.alert(old)
    assert alert
    await world.do(ReportAlert(report=alert.report))
    assert (await the_group(world)).id == GroupId(old)
    ended = replace(alert.report, status=AlertStatus.RESOLVED, ends_at=alert.report.starts_at + SECOND)
    await world.do(ReportAlert(report=ended))
    await world.settle()
    assert any("Alert ended" in one.text for one in world.slack.said((await world.incident()).channel_name))
    (shown,) = world.slack.said("alerts")
    assert shown.text.startswith("Resolved")


async def test_the_migration_lets_messages_and_what_waits_go_by_their_groups_name(database_url: str) -> None:
    database = Database(database_url)
    await migrate.migrate(database)
    async with database.transaction() as connection:
        await connection.run_sync(_to, "0004")
        await connection.execute(text("INSERT INTO posts (key, channel, ts) VALUES ('alert:a1', 'C1', '1.2')"))
        await connection.execute(
            text("INSERT INTO lanes (name, track, urgency, next_due, gate) VALUES ('alert:a1', 'chat', 41, 0, '')")
        )
        work = '{"kind": "slack.alert", "alert": "a1", "channel": "alerts"}'
        await connection.execute(
            insert(effects_table).values(
                kind="slack.alert", key="alert:a1", lane="alert:a1", urgency=41, work=work, due=START
            )
        )
    await migrate.migrate(database)
    wanted = ShowGroup(group=GroupId("a1"), channel="alerts")
    async with database.transaction() as connection:
        assert await notes.posts_of(connection, [place(wanted).key]) == {"group:a1": ("C1", "1.2")}
        heads, _ = await effects.take_heads(connection, {place(wanted).lane: "t:1"}, START, START + SECOND)
        assert [head.work for head in heads] == [wanted]
        await connection.run_sync(_to, "0004")
        assert (await connection.execute(select(posts.c.key))).scalar_one() == "alert:a1"
    await database.close()


def _to(connection: Connection, revision: str) -> None:
    command.downgrade(steps.on(connection), revision)
