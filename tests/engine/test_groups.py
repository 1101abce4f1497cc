"""Groups on the real database: one message each, however many say so at once, and what was there before goes on."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.alerts_model import AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.commands import AcknowledgeAlert, Declare, ReportAlert, Resolve, ReviewGroup
from bot.domain.groups_model import Group, News
from bot.domain.ids import AlertId, GroupId, IncidentId
from bot.domain.model import Severity
from bot.errors import Refused, TryLater
from bot.store.tables import alerts, groups
from tests.domain.story import reported
from tests.engine.test_intake import writer
from tests.engine.world import ANA, BO, CHECKOUT, World
from tests.fakes.clock import START, turn
from tests.fakes.slack import Fault
from tests.inbound.border import BEARER, Border
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
SECOND = timedelta(seconds=1)


def pod(number: int, **changes: object) -> ReportedAlert:
    """Return what is reported of one pod of a service that fails."""
    labels = {"service": CHECKOUT, "pod": f"api-{number}"}
    told = {"summary": f"api-{number} fails", "starts_at": START, "labels": labels}
    return reported(fingerprint=f"pod {number}", **(told | changes))


def over(number: int, at: timedelta, **changes: object) -> ReportedAlert:
    return pod(number, status=AlertStatus.RESOLVED, ends_at=START + at, **changes)


async def fire(world: World, *numbers: int) -> None:
    for number in numbers:
        await world.do(ReportAlert(report=pod(number)))


async def the_group(world: World) -> Group:
    async with world.database.reading() as connection:
        (number,) = (await connection.execute(select(groups.c.id))).scalars()
    found = await world.desk.group(GroupId(number))
    assert found
    return found


def told(world: World) -> list[str]:
    """Return the first words of what was posted among the alerts, a message each."""
    return [(said.marker or "").partition(":")[0] for said in world.slack.said("alerts")]


async def test_fifty_identical_posts_of_fifty_senders_at_once_are_one_group_one_message_and_one_page(
    world: World,
) -> None:
    payload = {
        "version": "4",
        "status": "firing",
        "alerts": [
            {
                "status": "firing",
                "labels": {"alertname": "CheckoutFails", "service": CHECKOUT, "severity": "critical"},
                "annotations": {"summary": "Checkout fails"},
                "startsAt": START.isoformat(),
                "fingerprint": "c06c68c35dba1dca",
            }
        ],
    }
    border, body = Border(clock=world.clock), json.dumps(payload).encode()
    border.shelf = world.intake  # type: ignore[assignment] # the real one, which is asked in the same way
    async with writer(world), border.client() as client:

        async def post() -> None:
            while (await client.post("/alerts/alertmanager", content=body, headers=BEARER)).status_code != 202:
                await turn()  # 503: as every sender it comes again

        async def sender() -> None:
            for _ in range(50):
                await post()

        await asyncio.gather(*(sender() for _ in range(50)))
    await world.settle()
    assert told(world) == ["group"]
    group = await the_group(world)
    assert (group.firing, group.total) == (1, 1)
    presses = (world.do(Declare(by=ANA, alert=group.id)) for _ in range(20))
    pressed = await asyncio.gather(*presses, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in pressed) == 19
    await world.settle()
    assert world.pager.accepted == [(N, "trigger")]
    assert told(world) == ["group"]
    must_hold(await of_world(world), at_rest=True)


async def test_two_replicas_that_open_the_same_group_by_different_alerts_make_one(world: World) -> None:
    await asyncio.gather(*(world.do(ReportAlert(report=pod(number))) for number in range(8)))
    await world.advance(20 * SECOND)
    assert (await the_group(world)).firing == 8
    assert told(world).count("group") == 1
    must_hold(await of_world(world), at_rest=True)


async def test_a_group_that_grows_is_edited_now_and_then_and_its_thread_told_once_an_interval(world: World) -> None:
    await fire(world, 1)
    await world.advance(60 * SECOND)
    for number in range(2, 30):
        await fire(world, number)
        await world.advance(SECOND)
    await world.advance(30 * SECOND)
    first, *news = world.slack.said("alerts")
    assert first.text.endswith("29 of 29 firing.")
    assert len(first.revisions) <= 8, "28 changes within 28 seconds"
    assert [one.thread for one in news] == [first.ts] * len(news)
    assert 2 <= len(news) <= 4
    assert sum(int(one.text.partition(" ")[0].removeprefix("+")) for one in news) == 28
    must_hold(await of_world(world), at_rest=True)


async def test_of_many_members_the_gravest_are_named_though_others_came_later(world: World) -> None:
    await world.do(ReportAlert(report=pod(99, severity=AlertSeverity.CRITICAL)))
    for number in range(1, 21):
        report = pod(number, severity=AlertSeverity.WARNING, starts_at=START + number * SECOND)
        await world.do(ReportAlert(report=report))
    await world.advance(30 * SECOND)
    (message, *_) = world.slack.said("alerts")
    named = json.dumps(message.blocks, ensure_ascii=False).split("•")[1:]
    assert [line.split()[0] for line in named] == ["api-99", "api-20", "api-19", "api-18", "api-17"]


async def test_what_fires_again_after_long_joins_the_newest_group_whatever_it_was_in_before(world: World) -> None:
    await fire(world, 1, 2)
    for number in (1, 2):
        await world.do(ReportAlert(report=over(number, SECOND)))
    await world.advance(timedelta(minutes=40))
    later = world.clock.now()
    for number in (1, 2):
        await world.do(ReportAlert(report=pod(number, starts_at=later)))
    await world.advance(20 * SECOND)
    assert [one.text.partition(": ")[0] for one in world.slack.said("alerts") if one.thread is None] == [
        "Resolved for checkout",
        "Critical for checkout",
    ]
    must_hold(await of_world(world), at_rest=True)


async def test_when_all_is_over_the_message_folds_at_once_and_the_thread_hears_of_it(world: World) -> None:
    await fire(world, 1, 2)
    await world.advance(60 * SECOND)
    for number in (1, 2):
        await world.do(ReportAlert(report=over(number, 60 * SECOND)))
    await world.settle()
    (shown,) = world.slack.said("alerts")
    assert shown.text.startswith("Resolved for checkout")
    await world.advance(10 * SECOND)
    assert [one.text for one in world.slack.said("alerts")[1:]] == ["All 2 resolved: CheckoutErrorBudgetBurn"]
    must_hold(await of_world(world), at_rest=True)


async def test_a_note_whose_answer_was_lost_is_not_posted_again(world: World) -> None:
    await fire(world, 1)
    await world.advance(60 * SECOND)
    await fire(world, 2)
    await world.settle()
    world.slack.fail(Fault.LOST_AFTER, method="chat.postMessage")
    await world.advance(120 * SECOND)
    assert told(world) == ["group", "group_news"]
    must_hold(await of_world(world), at_rest=True)


async def test_news_of_a_group_whose_message_does_not_stand_yet_need_no_note(world: World) -> None:
    real = world.wrap
    world.wrap = lambda kind, perform: _never if kind == "slack.group" else real(kind, perform)
    world.dispatcher = world.another()
    await fire(world, 1)
    await world.advance(60 * SECOND)
    await fire(world, 2)
    await world.advance(20 * SECOND)
    assert (told(world), (await the_group(world)).news) == ([], News())


async def _never(_job: object):  # type: ignore[no-untyped-def] # a performer that is never done
    message = "Slack is away"
    raise TryLater(message)


async def test_a_group_that_nobody_knows_is_looked_at_in_vain(world: World) -> None:
    handled = await world.do(ReviewGroup(group=GroupId("gone")))
    assert handled.group is None


async def test_an_incident_has_all_that_fires_in_its_group_and_what_comes_later(world: World) -> None:
    await fire(world, 1, 2, 3)
    await world.do(ReportAlert(report=over(3, SECOND)))
    group = await the_group(world)
    await world.do(Declare(by=ANA, alert=group.id, severity=Severity.SEV2))
    await fire(world, 4)
    await world.advance(20 * SECOND)
    incident = await world.incident()
    assert (len(incident.alerts), incident.groups) == (3, (group.id,))
    assert len({one.text for one in world.slack.said("alerts") if one.marker == f"group:{group.id}"}) == 1
    for number in (1, 2, 4):
        await world.do(ReportAlert(report=over(number, 60 * SECOND)))
    await world.advance(20 * SECOND)
    ended = [one.text for one in world.slack.said(incident.channel_name) if "over" in one.text]
    assert len(ended) == 1
    assert "All 4 alerts of the group are over" in ended[0]
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    await world.advance(20 * SECOND)
    must_hold(await of_world(world), at_rest=True)


async def test_a_member_names_its_group_to_whoever_acknowledges_or_declares(world: World) -> None:
    await fire(world, 1, 2)
    async with world.database.reading() as connection:
        ids = list((await connection.execute(select(alerts.c.id).order_by(alerts.c.id))).scalars())
    await world.do(AcknowledgeAlert(alert=AlertId(ids[0]), by=BO))
    assert (await the_group(world)).acknowledged
    await world.do(Declare(by=ANA, alert=AlertId(ids[1])))
    assert len((await world.incident()).alerts) == 2


async def test_from_a_group_that_is_over_an_incident_is_declared_with_what_opened_it(world: World) -> None:
    await fire(world, 1)
    await world.do(ReportAlert(report=over(1, SECOND)))
    group = await the_group(world)
    await world.do(Declare(by=ANA, alert=group.id))
    assert (await world.incident()).alerts == (group.lead,)


async def test_what_nobody_knows_is_refused(world: World) -> None:
    for wanted in (AcknowledgeAlert(alert=GroupId("gone"), by=BO), Declare(by=ANA, alert=GroupId("gone"))):
        with pytest.raises(Refused, match="do not know"):
            await world.do(wanted)
