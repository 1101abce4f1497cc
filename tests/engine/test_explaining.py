"""What happened to an alert, looked up on the real database: found by its message, and nothing is left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert
from bot.domain.explaining import Explained
from bot.domain.finding import message_address, wanted_of
from bot.domain.group_commands import AssignAlert
from bot.domain.groups_model import Became
from bot.domain.ids import AlertId, ChannelId, GroupId, MessageTs
from bot.domain.matchers import matchers_of
from bot.domain.model import Severity
from bot.domain.silence_commands import EndSilence, SilenceAlerts
from bot.errors import Refused
from bot.store import alerts, notes
from tests.engine.test_finding import alert, fire
from tests.engine.world import ANA, BO, World
from tests.fakes.clock import START
from tests.fakes.slack import Fault

MINUTE = timedelta(minutes=1)


async def the_alert(world: World) -> Explained:
    (row,) = (await world.desk.firing(wanted_of("all"), ANA)).shown
    known = await world.desk.explained(row.group.id)
    assert known
    return known


def became(known: Explained) -> list[Became]:
    return [past.what for past in known.group.past]


async def test_every_step_is_told_with_the_silence_the_incident_and_the_message(world: World) -> None:
    await fire(world, alert("api"))
    told = SilenceAlerts(matchers=matchers_of("pod=api-1"), lasts=9 * MINUTE, by=ANA, reason="known", origin="command")
    await world.do(told)
    await world.settle()
    await world.advance(MINUTE)
    await world.do(EndSilence(silence=1, by=ANA))
    await world.settle()
    known = await the_alert(world)
    await world.do(AcknowledgeAlert(alert=known.group.id, by=ANA))
    await world.do(AssignAlert(alert=known.group.id, user=BO, by=ANA))
    await world.do(Declare(alert=known.group.id, by=ANA, severity=Severity.SEV1))
    await world.settle()
    known = await the_alert(world)
    assert became(known) == [Became.QUIET, Became.HEARD, Became.TAKEN, Became.GIVEN, Became.JOINED]
    assert known.lead
    assert known.lead.id == known.group.lead
    assert known.silence
    assert (known.silence.label, known.silence.reason) == ("S-1", "known")
    assert known.incident
    assert known.incident.page_accepted_at
    assert known.message
    assert [one.kind for one in known.waiting] == ["timer.page"]


async def test_what_is_not_done_yet_is_told_with_what_is_in_the_way(world: World) -> None:
    world.slack.fail(Fault.REFUSED, method="chat.postMessage")
    await fire(world, alert("api"))
    (waits,) = (await the_alert(world)).waiting
    assert (waits.kind, waits.attempts, waits.given_up) == ("slack.group", 1, False)
    assert waits.error
    assert waits.due > world.clock.now()


async def test_an_alert_from_before_there_were_groups_is_its_own_and_one_that_nobody_knows_is_none(
    world: World,
) -> None:
    handled = await world.do(ReportAlert(report=alert("api")))
    assert handled.alert
    lone = replace(handled.alert, id=AlertId("0ld"), group=None)
    async with world.database.transaction() as connection:
        await alerts.save(connection, new=[lone], changed=[])
    known = await world.desk.explained(GroupId("0ld"))
    assert known
    assert (known.group.id, known.lead, known.message) == ("0ld", lone, None)
    assert await world.desk.explained(GroupId("nobody")) is None


async def test_the_notes_in_its_thread_are_told_the_last_of_them(world: World) -> None:
    await fire(world, alert("api"))
    for number in range(1, 13):
        await world.advance(MINUTE)
        await fire(world, alert("api", fingerprint=f"more {number}", starts_at=START + number * MINUTE))
    known = await the_alert(world)
    assert known.group.told > 10
    assert len(known.notes) == 10


async def test_an_alert_is_meant_by_a_link_to_its_message_or_to_an_answer_under_it(world: World) -> None:
    await fire(world, alert("api"), alert("web"))
    found = (await world.desk.firing(wanted_of("web"), ANA)).shown[0]
    assert found.message
    link = message_address("https://acme.slack.com/", *found.message)
    assert (await world.desk.meant(link)).id == found.group.id
    assert (await world.desk.meant(f"{link}?thread_ts={found.message[1]}")).id == found.group.id
    await world.do(Declare(title="Checkout is down", by=ANA))
    await world.settle()
    async with world.database.reading() as connection:
        ((channel, ts),) = (await notes.posts_of(connection, ["card:1"])).values()
    for place in ((channel, ts), (ChannelId("C0ELSE"), MessageTs("1700000000.000100"))):
        with pytest.raises(Refused, match="not one of an alert's"):
            await world.desk.meant(message_address("https://acme.slack.com/", *place))
