"""`/incident convert`, through signed requests: what kind of channel it is, is asked of Slack and never guessed."""

from bot.domain.commands import Declare
from bot.domain.existing import Existing
from bot.domain.ids import ChannelId
from bot.domain.model import Severity
from bot.errors import DeliveryError, TryLater, Undeliverable
from bot.views.actions import Field
from tests.inbound.slack.front import ANA, GENERAL, INCIDENT_CHANNEL, Front, said

PUBLIC = Existing(channel=GENERAL, name="general", private=False)
PRIVATE = Existing(channel=GENERAL, name="secret", private=True)


def front(existing: Existing = PUBLIC) -> Front:
    made = Front()
    made.rooms = {
        GENERAL: existing,
        INCIDENT_CHANNEL: Existing(channel=INCIDENT_CHANNEL, name="inc-42", private=False),
    }
    return made


async def test_the_channel_where_it_is_typed_becomes_the_incidents() -> None:
    there = front()
    told = said(await there.command("convert sev1 Search is down", channel=GENERAL))
    (command,) = there.desk.taken
    assert command == Declare(title="Search is down", by=ANA, severity=Severity.SEV1, existing=PUBLIC)
    assert "This channel becomes INC-44's, SEV-1: Search is down." in told
    assert "private" not in told


async def test_a_private_channel_makes_a_private_incident_and_says_so() -> None:
    there = front(PRIVATE)
    told = said(await there.command("convert Search is down", channel=GENERAL))
    (command,) = there.desk.taken
    assert isinstance(command, Declare)
    assert command.private
    assert "It is private" in told


async def test_without_a_title_a_form_asks_and_the_channel_is_kept_in_it() -> None:
    there = front(PRIVATE)
    await there.command("convert sev2", channel=GENERAL)
    ((_, form),) = there.opened
    assert there.desk.taken == []
    await there.submit(form, {Field.TITLE: "Search is down", Field.SEVERITY: "sev2"})
    (command,) = there.desk.taken
    assert isinstance(command, Declare)
    assert (command.title, command.existing, command.private) == ("Search is down", PRIVATE, True)


async def test_in_a_public_channel_nothing_private_is_declared_and_the_form_does_not_offer_it() -> None:
    there = front()
    for typed in ("convert private A laptop was stolen", "convert private"):
        assert "This channel is public" in said(await there.command(typed, channel=GENERAL))
    assert (there.desk.taken, there.opened) == ([], [])
    await there.command("convert", channel=GENERAL)
    ((_, form),) = there.opened
    assert Field.PRIVATE not in {block.get("block_id") for block in form["blocks"]}


async def test_the_channel_of_an_incident_is_refused_with_its_name() -> None:
    there = front()
    assert "This channel is INC-42's already" in said(await there.command("convert x", channel=INCIDENT_CHANNEL))
    assert there.desk.taken == []


async def test_what_cannot_be_found_out_is_said_and_nothing_is_declared() -> None:
    failures: dict[DeliveryError, str] = {
        Undeliverable("channel_not_found"): "type `/invite @muster` here",
        TryLater("Slack is away"): "did not tell me what kind of channel this is",
    }
    for failure, told in failures.items():
        there = front()
        there.slack_fails = failure
        assert told in said(await there.command("convert x", channel=GENERAL))
        assert there.desk.taken == []


async def test_a_direct_conversation_is_no_channel() -> None:
    for channel, name in (("D0ANA", "ana"), ("C0MPDM", "mpdm-ana--bo-1")):
        there = front()
        there.rooms[ChannelId(channel)] = Existing(channel=ChannelId(channel), name=name, private=True)
        assert "This is a direct conversation" in said(await there.command("convert x", channel=ChannelId(channel)))
        assert there.desk.taken == []
