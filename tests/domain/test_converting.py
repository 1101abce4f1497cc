"""An existing channel becomes an incident's: it is taken as it is, once, and a private one is announced to nobody."""

from dataclasses import replace

import pytest

from bot.domain.commands import Declare, Resolve
from bot.domain.converting import TAKEN
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.existing import Existing
from bot.domain.ids import ChannelId, IncidentId, UserId
from bot.domain.model import Severity
from bot.domain.paging import page_key
from bot.domain.policy import Channels
from bot.domain.privacy import Viewer, may_see
from bot.domain.read_back import ReadBack
from bot.domain.result_commands import OpenedChannel
from bot.errors import Refused
from tests.domain.story import ANA, BO, POLICY, START, Story

N = IncidentId(42)
ROOM = Existing(channel=ChannelId("C0ROOM"), name="checkout-talk", private=False)


def converted(existing: Existing = ROOM, members: tuple[UserId, ...] = (), *, private: bool = False) -> Story:
    story = Story()
    asked = Declare(title="Checkout is down", by=ANA, severity=Severity.SEV1, private=private, existing=existing)
    story.do(asked)
    story.do(OpenedChannel(incident=N, channel=existing.channel, name=existing.name, members=members))
    return story


def test_it_keeps_its_name_and_its_last_messages_are_taken_along() -> None:
    story = converted()
    assert (story.incident.channel, story.incident.channel_name) == ("C0ROOM", "checkout-talk")
    assert ReadBack(incident=N, taking=TAKEN) in story.work()
    assert {"slack.invite", "slack.topic", "slack.bookmark", "slack.announce"} <= set(story.kinds())


def test_the_pager_knows_it_by_the_same_name_before_and_after() -> None:
    story = Story()
    story.do(Declare(title="Checkout is down", by=ANA, existing=ROOM))
    before = page_key(story.incident)
    story.do(OpenedChannel(incident=N, channel=ROOM.channel, name=ROOM.name))
    assert page_key(story.incident) == before == "muster-inc-42-7k3x"


def test_the_final_reading_does_not_go_back_to_the_beginning_of_the_channel() -> None:
    story = converted()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    assert ReadBack(incident=N, final=True, since=story.incident.declared_at) in story.work()


def test_a_private_channel_makes_a_private_incident_of_those_who_are_in_it() -> None:
    story = converted(replace(ROOM, private=True), members=(BO,))
    assert story.incident.private
    assert "slack.announce" not in story.kinds()
    assert may_see(story.incident, Viewer(user=BO))


def test_a_public_channel_makes_no_private_incident() -> None:
    with pytest.raises(Refused, match="This channel is public"):
        decide(State(number=N), Declare(title="x", by=ANA, private=True, existing=ROOM), START, POLICY)
    assert converted(replace(ROOM, private=True), private=True).incident.private


def test_a_channel_that_belongs_to_an_incident_is_not_taken_again() -> None:
    owner = converted().incident
    with pytest.raises(Refused, match=r"^This channel is INC-42's already"):
        decide(State(earlier=owner, number=IncidentId(43)), Declare(title="x", by=ANA, existing=ROOM), START, POLICY)


@pytest.mark.parametrize("name", ["alerts", "incidents", "muster-admin"])
def test_a_channel_in_which_everybody_is_told_things_is_not_taken(name: str) -> None:
    policy = replace(POLICY, channels=Channels(alerts="#alerts", announcements="incidents", admin="muster-admin"))
    with pytest.raises(Refused, match="I write to this channel for everybody"):
        decide(State(number=N), Declare(title="x", by=ANA, existing=replace(ROOM, name=name)), START, policy)


def test_a_channel_that_was_there_before_is_not_archived_when_the_incident_is_over() -> None:
    story = converted()
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    assert not [kind for kind in story.kinds() if "quiet" in kind or "archiv" in kind]
    made = Story().declared().opened()
    made.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    assert [kind for kind in made.kinds() if "quiet" in kind or "archiv" in kind]
