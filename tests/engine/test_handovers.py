"""Handovers on the real database: accepted, not answered, taken over while Slack is away, the process killed."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.commands import AssignRole, Declare, Resolve
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Severity
from bot.domain.people_commands import AnswerHandover, NoticeGone, NoticePause, TickDuties
from bot.domain.roles_model import CustomRole, Role
from tests.engine.world import ANA, BO, CHECKOUT, CLEO, POLICY, World
from tests.fakes.slack import Fault, Said
from tests.invariants.check import must_hold
from tests.invariants.from_fake import of_world

N = IncidentId(1)
MINUTE = timedelta(minutes=1)
EXPERT = CustomRole("Database Expert")


async def offered(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    await world.settle()


def question(world: World, n: int = 1) -> Said:
    (one,) = world.slack.marked(f"handover:1:{n}")
    return one


async def test_who_is_asked_accepts_in_a_direct_message_and_the_question_becomes_a_record(world: World) -> None:
    await offered(world)
    assert "Will you be the Incident Commander" in question(world).text
    assert question(world).channel == next(one.id for one in world.slack.channels.values() if one.name == BO)
    assert (await world.incident()).commander == ANA
    await world.do(AnswerHandover(incident=N, n=1, accepts=True, by=BO), key="press")
    assert (await world.do(AnswerHandover(incident=N, n=1, accepts=True, by=BO), key="press")).repeated
    await world.settle()
    assert (await world.incident()).commander == BO
    assert "You accepted" in str(question(world).blocks)
    (told,) = [one for one in world.slack.said(BO) if (one.marker or "").startswith("duties:1:ic:")]
    assert "You are the Incident Commander" in told.text
    (before,) = [one for one in world.slack.said(ANA) if (one.marker or "").startswith("duties:1:ic:")]
    assert "You were the Incident Commander" in before.text
    must_hold(await of_world(world), at_rest=True)


async def test_that_nobody_answered_is_said_once_after_five_minutes(world: World) -> None:
    await offered(world)
    room = (await world.incident()).channel_name
    await world.advance(4 * MINUTE)
    assert not [one for one in world.slack.said(room) if "has not answered" in one.text]
    await world.advance(30 * MINUTE)
    assert len([one for one in world.slack.said(room) if "has not answered" in one.text]) == 1
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=CLEO, by=CLEO))
    await world.settle()
    assert "Somebody else was asked, or has taken the role" in str(question(world).blocks)
    must_hold(await of_world(world), at_rest=True)


async def test_a_question_that_was_taken_over_before_slack_came_back_is_never_asked(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    await world.settle()
    world.slack.down = Fault.REFUSED
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    await world.advance(MINUTE)
    await world.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    world.slack.heal()
    await world.advance(3 * MINUTE)
    assert world.slack.marked("handover:1:1") == []
    must_hold(await of_world(world), at_rest=True)


async def test_a_death_while_somebody_is_asked_asks_them_once(world: World) -> None:
    world.dies_once("slack.handover")
    await offered(world)
    await world.advance(MINUTE)
    assert (world.deaths, len(world.slack.marked("handover:1:1"))) == (1, 1)
    must_hold(await of_world(world), at_rest=True)


async def test_what_is_ticked_off_shows_in_the_list(world_url: str) -> None:
    world = await World(world_url, replace(POLICY, roles={EXPERT: ("Check the replicas", "Say what you saw")})).open()
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=EXPERT, user=UserId("U0DITA"), by=ANA))
    await world.settle()
    seq = (await world.incident()).duties[EXPERT].seq
    await world.do(TickDuties(incident=N, role=EXPERT, seq=seq, done=(1,), by=UserId("U0DITA")))
    await world.settle()
    (told,) = world.slack.said("U0DITA")
    assert "Done: 1 of 2" in str(told.blocks)
    assert (await world.incident()).duties[EXPERT].done == (1,)
    must_hold(await of_world(world), at_rest=True)
    await world.close()


async def test_a_holder_who_left_and_a_long_sev1_are_said_once(world: World) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    await world.settle()
    room = (await world.incident()).channel_name
    for _ in range(2):
        await world.do(NoticeGone(incident=N, user=BO, how="left"))
    await world.advance(100 * MINUTE)
    texts = [one.text for one in world.slack.said(room)]
    assert len([text for text in texts if "has left the channel" in text]) == 1
    assert len([text for text in texts if "has been SEV-1 for long" in text]) == 1
    must_hold(await of_world(world), at_rest=True)


async def test_a_holder_who_pauses_notifications_is_said_once_a_pause_whatever_becomes_of_the_answer(
    world: World,
) -> None:
    await world.do(Declare(title="Checkout is down", by=ANA, severity=Severity.SEV2, service=CHECKOUT))
    await world.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    await world.settle()
    begins = world.clock.now()
    room, ends = (await world.incident()).channel_name, begins + 100 * MINUTE
    world.slack.fail(Fault.LOST_AFTER, method="chat.postMessage")
    for _ in range(2):
        await world.do(NoticePause(incident=N, user=BO, begins=begins, ends=ends))
    await world.advance(2 * MINUTE)
    said = [one.text for one in world.slack.said(room) if "has notifications paused" in one.text]
    assert len(said) == 1
    assert (await world.incident()).paused == {BO: ends}, "it is read back as it was"
    must_hold(await of_world(world), at_rest=True)
