"""Commands that come twice, too early or from strangers, or that we fail: what the person is told, and what is kept."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import ChannelId, IncidentId
from bot.domain.model import Incident, Status
from bot.engine.receipts import Receipt
from bot.errors import Overloaded
from bot.inbound.slack.app import INTRODUCTION
from bot.inbound.slack.commands import ALIASES, SUBCOMMANDS
from bot.inbound.slack.commands.help import MEANT
from bot.inbound.slack.commands.visibility import WORDS
from tests.inbound.slack.front import ANA, GENERAL, INCIDENT_CHANNEL, US, Front, an_incident, said

N = IncidentId(42)


async def test_the_same_command_delivered_twice_is_done_once_and_answered_alike() -> None:
    front = Front()
    first = await front.command("declare Checkout is down", trigger_id="t.7")
    again = await front.command("declare Checkout is down", trigger_id="t.7")
    assert len(front.desk.taken) == 1
    assert Receipt(origin="slack.trigger", key="t.7") in front.desk.receipts
    assert first.body == again.body


async def test_when_it_is_too_much_the_person_is_told_when_to_try_again() -> None:
    front = Front()
    front.desk.fail = Overloaded("queue full", after=timedelta(seconds=7))
    answer = await front.command("declare Checkout is down")
    assert (answer.status, "in 7 s" in said(answer)) == (200, True)


async def test_when_we_fail_the_person_is_told_whom_to_ask_and_the_log_says_nothing_they_wrote(
    capsys: pytest.CaptureFixture[str],
) -> None:
    front = Front()
    front.desk.fail = RuntimeError("secret words of Checkout")
    answer = await front.command("declare Checkout is down")
    told = said(answer)
    assert answer.status == 200
    assert "Something went wrong on my side" in told
    assert "#muster-admin" in told
    logged = capsys.readouterr()
    assert "RuntimeError" in logged.out + logged.err
    assert "Checkout" not in logged.out + logged.err


async def test_strangers_of_a_shared_channel_may_not_command() -> None:
    front = Front()
    told = said(await front.command("declare Checkout is down", team_id="T0OTHER"))
    assert (front.desk.taken, "Only members of this workspace" in told) == ([], True)


async def test_while_slack_has_not_said_who_we_are_people_are_asked_to_wait() -> None:
    front = Front(identity=None)
    asked = asyncio.create_task(front.command("declare Checkout is down"))
    await front.clock.advance(INTRODUCTION)
    assert (front.desk.taken, "try again" in said(await asked)) == ([], True)


async def test_a_command_right_after_the_start_waits_for_slack_to_say_who_we_are() -> None:
    front = Front(identity=None)
    asked = asyncio.create_task(front.command("declare Checkout is down"))
    await front.clock.advance(INTRODUCTION / 2)
    front.identity = US
    await front.clock.advance(INTRODUCTION / 2)
    assert "Declaring INC-" in said(await asked)


async def test_a_refusal_of_what_was_well_typed_does_not_explain_how_to_type() -> None:
    told = said(await Front().command("close"))
    assert ("is not resolved yet" in told, "How it is typed" in told) == (True, False)


async def test_what_was_typed_is_shown_as_it_looked_and_cannot_ping_anybody() -> None:
    told = said(await Front().command("status <@U0BO|bo> <#C1|general> &lt;!channel&gt;"))
    assert "You typed: `/incident status @bo #general &lt;!channel&gt;`" in told


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("declair x", "declare"),
        ("stauts", "status"),
        ("sum", "summary"),
        ("Ack", "alerts"),
        ("unsubscribe", "subscribe off"),
        ("comms-channel", "comms channel"),
        ("commschannel", "comms channel"),
        ("Comms_Channel", "comms channel"),
        ("list-mine", "list mine"),
        ("status-update", "update"),
        ("tl", None),
    ],
)
async def test_an_unknown_verb_is_answered_with_the_closest(typed: str, near: str | None) -> None:
    told = said(await Front().command(typed))
    assert f"There is no /incident {typed.partition(' ')[0]}" in told
    assert "`/incident help` shows everything" in told
    assert ("Did you mean" in told) == (near is not None)
    assert near is None or f"Did you mean /incident {near}?" in told


def test_what_is_said_to_be_meant_is_there() -> None:
    meant = {*MEANT.values(), *ALIASES.values()}
    assert {one.partition(" ")[0] for one in meant} <= set(SUBCOMMANDS)
    assert not (set(MEANT) | set(ALIASES)) & set(SUBCOMMANDS)
    assert not WORDS & (set(MEANT) | set(ALIASES) | set(SUBCOMMANDS))


PUBLIC, PRIVATE = an_incident(), an_incident(private=True, declared_by=ANA)
CLOSED = replace(PUBLIC, status=Status.CLOSED)
STAYS_PRIVATE, STAYS_PUBLIC = "A private incident cannot be made public", "A public incident cannot be made private"


@pytest.mark.parametrize(
    ("typed", "incident", "channel", "why", "instead"),
    [
        ("public", PUBLIC, INCIDENT_CHANNEL, "INC-42 is public already", None),
        ("public", PRIVATE, INCIDENT_CHANNEL, STAYS_PRIVATE, "/incident resolve goes on in INC-43"),
        ("Publish it", PRIVATE, INCIDENT_CHANNEL, STAYS_PRIVATE, "/incident declare sev2 "),
        ("help public", PRIVATE, INCIDENT_CHANNEL, STAYS_PRIVATE, "/incident declare sev2 "),
        ("public INC-42", PRIVATE, GENERAL, STAYS_PRIVATE, "/incident declare sev2 "),
        ("public", PUBLIC, GENERAL, STAYS_PRIVATE, "/incident declare sev2 "),
        ("private", PRIVATE, INCIDENT_CHANNEL, "INC-42 is private already", "/incident invite @ana"),
        ("private", PUBLIC, INCIDENT_CHANNEL, STAYS_PUBLIC, "/incident declare private sev2 "),
        ("private", PUBLIC, INCIDENT_CHANNEL, "resolve this one without saying why", "/incident resolve taken care of"),
        ("hide", CLOSED, INCIDENT_CHANNEL, STAYS_PUBLIC, "/incident declare private sev2 "),
        ("private", PUBLIC, GENERAL, STAYS_PUBLIC, "/incident declare private sev2 "),
    ],
)
async def test_who_would_make_one_public_or_private_is_told_what_is_true_of_it_and_what_to_type(
    typed: str, incident: Incident, channel: ChannelId, why: str, instead: str | None
) -> None:
    front = Front()
    front.desk.incidents[N] = incident
    told = said(await front.command(typed, channel=channel))
    assert why in told
    assert instead is None or instead in told
    assert "There is no" not in told
    assert sum(one in told for one in (STAYS_PRIVATE, STAYS_PUBLIC, "already")) == 1


@pytest.mark.parametrize("typed", ["private", "public"])
async def test_what_is_over_is_not_to_be_resolved_again(typed: str) -> None:
    front = Front()
    front.desk.incidents[N] = CLOSED if typed == "private" else replace(PRIVATE, status=Status.CLOSED)
    assert "resolve" not in said(await front.command(typed))


async def test_another_name_of_a_verb_does_what_the_verb_does_and_is_repeated_as_it_was_typed() -> None:
    told = said(await Front().command("sev banana"))
    assert "There is no severity “banana”" in told
    assert "You typed: `/incident sev banana`" in told
    assert "INC-" in said(await Front().command("mine"))
