"""One channel for communications: asked for once, made once, with its people; it ends with the incident's own."""

from datetime import timedelta

import pytest

from bot.domain.archive_commands import ConfirmArchived, ReviewQuiet
from bot.domain.archives import ArchiveChannel
from bot.domain.commands import AssignRole, Declare, Resolve, SendUpdate
from bot.domain.comms import (
    ArchiveComms,
    Comms,
    CommsArchived,
    CommsAsked,
    CommsOpened,
    InviteToComms,
    OpenCommsChannel,
    ShowComms,
)
from bot.domain.comms_commands import ConfirmCommsArchived, OpenComms, OpenedComms
from bot.domain.course_commands import Decline, Reopen
from bot.domain.evolve import evolve
from bot.domain.ids import ChannelId, IncidentId
from bot.domain.people_commands import NoticeGone
from bot.domain.result_commands import OpenedChannel, ReportFailure
from bot.domain.roles_model import Role
from bot.domain.work import Place, Say
from bot.errors import Refused
from tests.domain.story import ANA, BO, CLEO, START, Story
from tests.domain.test_undoing import begun

N = IncidentId(42)
ROOM, OTHER = ChannelId("C0COMMS"), ChannelId("C0MORE")
ASK = OpenComms(incident=N, by=ANA)
OPENED = OpenedComms(incident=N, n=1, channel=ROOM, name="inc-42-comms-checkout")
UPDATE = SendUpdate(incident=N, text="We are rolling back", by=BO)
A_MONTH = timedelta(days=30)


def led() -> Story:
    story = Story().declared().opened()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    story.do(AssignRole(incident=N, role=Role.COMMUNICATIONS, user=CLEO, by=CLEO))
    return story


def open_one() -> Story:
    story = led()
    story.do(ASK)
    story.do(OPENED)
    return story


def told(story: Story) -> list[Place]:
    return [work.place for work in story.work() if isinstance(work, Say)]


def test_it_is_made_when_somebody_asks_and_its_people_come_in() -> None:
    story = led()
    story.do(ASK)
    assert story.work() == [OpenCommsChannel(incident=N, n=1)]
    assert story.incident.comms_channel is None
    story.do(OPENED)
    assert story.incident.comms == Comms(n=1, at=START, by=ANA, channel=ROOM, name="inc-42-comms-checkout")
    assert InviteToComms(incident=N, users=(CLEO, BO, ANA)) in story.work()
    assert ShowComms(incident=N) in story.work()
    assert told(story) == [Place.CHANNEL]


def test_that_it_is_made_is_heard_once() -> None:
    story = open_one()
    story.do(OPENED)
    assert story.last.events == ()
    story.do(OpenedComms(incident=N, n=2, channel=OTHER, name="inc-42-comms-checkout-r2"))
    assert (story.last.events, story.incident.comms_channel) == ((), ROOM)


def test_of_what_nobody_asked_for_nothing_is_heard() -> None:
    story = led()
    story.do(OPENED)
    assert story.last.events == ()


def test_who_asks_again_comes_into_the_same_one() -> None:
    story = led()
    story.do(ASK)
    with pytest.raises(Refused, match="being opened"):
        story.do(OpenComms(incident=N, by=BO))
    story.do(OPENED)
    story.do(OpenComms(incident=N, by=BO))
    assert (story.last.events, story.work()) == ((), [InviteToComms(incident=N, users=(BO,))])


def test_of_one_that_people_archived_the_channel_hears_and_another_can_be_had() -> None:
    story = open_one()
    story.do(ConfirmCommsArchived(incident=N, channel=ROOM))
    assert told(story) == [Place.CHANNEL]
    story.do(ConfirmCommsArchived(incident=N, channel=ROOM))
    assert story.last.events == (), "it is said once"
    story.do(ASK)
    assert story.work() == [OpenCommsChannel(incident=N, n=2)]


def test_who_left_a_private_incident_is_not_brought_in_by_a_role_they_still_hold() -> None:
    story = Story()
    story.do(Declare(title="A laptop was stolen", by=ANA, private=True))
    story.opened()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO))
    story.do(NoticeGone(incident=N, user=BO, how="left"))
    story.do(ASK)
    story.do(OPENED)
    assert InviteToComms(incident=N, users=(ANA,)) in story.work()


def test_who_has_one_of_its_roles_again_follows() -> None:
    story = begun().then(
        OpenedChannel(incident=N, channel=ChannelId("C1"), name="inc-42"),
        AssignRole(incident=N, role=Role.COMMUNICATIONS, user=BO, by=BO),
        AssignRole(incident=N, role=Role.COMMUNICATIONS, user=CLEO, by=CLEO),
        ASK,
        OPENED,
    )
    assert InviteToComms(incident=N, users=(CLEO, ANA)) in story.work()
    story.undo()
    assert InviteToComms(incident=N, users=(BO,)) in story.work()


def test_of_what_is_over_none_is_opened() -> None:
    story = led()
    story.do(Resolve(incident=N, resolution="Rolled back", by=BO))
    with pytest.raises(Refused):
        story.do(ASK)


def test_what_everybody_is_told_is_told_there_too() -> None:
    story = open_one()
    story.do(UPDATE)
    assert told(story) == [Place.CHANNEL, Place.ANNOUNCEMENT, Place.COMMS]
    assert ShowComms(incident=N) in story.work()


def test_of_a_private_one_it_is_told_there_and_not_to_everybody() -> None:
    story = Story()
    story.do(Declare(title="A laptop was stolen", by=ANA, private=True))
    story.opened()
    story.do(ASK)
    story.do(OPENED)
    story.do(UPDATE)
    assert told(story) == [Place.CHANNEL, Place.COMMS]


@pytest.mark.parametrize(("role", "comes"), [(Role.COMMANDER, True), (Role.COMMUNICATIONS, True), (Role.SCRIBE, False)])
def test_who_takes_one_of_its_roles_later_follows(role: Role, comes: bool) -> None:
    story = Story().declared().opened()
    story.do(ASK)
    story.do(OPENED)
    story.do(AssignRole(incident=N, role=role, user=BO, by=BO))
    assert (InviteToComms(incident=N, users=(BO,)) in story.work()) is comes


@pytest.mark.parametrize("private", [False, True])
def test_what_never_left_triage_is_said_there_to_be_open_again(*, private: bool) -> None:
    story = Story()
    story.do(Declare(title="Is it down?", by=ANA, triage=True, private=private))
    story.opened()
    story.do(ASK)
    story.do(OPENED)
    story.do(Decline(incident=N, reason="A load test", by=ANA))
    assert told(story) == [Place.CHANNEL, Place.COMMS]
    story.do(Reopen(incident=N, reason="Errors are back", by=BO))
    assert told(story) == [Place.CHANNEL, Place.COMMS], "to everybody else the announcement itself is the news"


def test_one_that_cannot_be_made_can_be_asked_for_again() -> None:
    story = led()
    story.do(ASK)
    story.do(ReportFailure(incident=N, work=OpenCommsChannel(incident=N, n=1), reason="restricted_action"))
    assert story.incident.comms
    assert story.incident.comms.over
    story.do(ASK)
    assert story.work() == [OpenCommsChannel(incident=N, n=2)]


def test_a_failure_that_nobody_asked_for_changes_nothing() -> None:
    story = led()
    story.do(ReportFailure(incident=N, work=OpenCommsChannel(incident=N, n=1), reason="restricted_action"))
    assert story.incident.comms is None


def test_it_is_archived_with_the_incidents_own_channel_and_another_opened_after_that() -> None:
    story = open_one()
    story.do(Resolve(incident=N, resolution="Rolled back", by=BO))
    story.do(ReviewQuiet(incident=N), at=A_MONTH)
    story.do(ReviewQuiet(incident=N, n=1), at=A_MONTH + timedelta(days=1))
    assert story.work()[0] == ArchiveChannel(incident=N, n=1)
    story.do(ConfirmArchived(incident=N, n=1, channel=ChannelId("C1")))
    assert story.work() == [ArchiveComms(incident=N)]
    story.do(ConfirmCommsArchived(incident=N, channel=OTHER))
    assert story.last.events == ()
    story.do(ConfirmCommsArchived(incident=N, channel=ROOM))
    assert story.incident.comms_channel is None
    story.do(Reopen(incident=N, reason="Errors are back", by=BO))
    assert told(story) == [Place.CHANNEL, Place.ANNOUNCEMENT]
    story.do(ASK)
    assert story.work() == [OpenCommsChannel(incident=N, n=2)]


def test_one_that_we_archived_while_the_incident_was_reopened_is_followed_by_another_at_once() -> None:
    story = open_one()
    story.do(ConfirmCommsArchived(incident=N, channel=ROOM, ours=True))
    assert story.happened() == ["comms_archived", "comms_asked"]
    assert OpenCommsChannel(incident=N, n=2) in story.work()
    assert story.incident.comms == Comms(n=2, at=story.now, by=ANA)
    over = open_one()
    over.do(Resolve(incident=N, resolution="Rolled back", by=BO))
    over.do(ConfirmCommsArchived(incident=N, channel=ROOM, ours=True))
    assert over.happened() == ["comms_archived"]


def test_without_one_nothing_more_is_archived() -> None:
    story = led()
    story.do(Resolve(incident=N, resolution="Rolled back", by=BO))
    story.do(ReviewQuiet(incident=N), at=A_MONTH)
    story.do(ConfirmArchived(incident=N, n=1, channel=ChannelId("C1")))
    assert story.incident.is_archived
    assert story.work() == []


def test_what_a_timeline_says_of_none_that_was_asked_for_is_passed_over() -> None:
    story = led()
    for event in (
        CommsAsked(at=START, n=1),
        CommsOpened(at=START, channel=ROOM, name="x"),
        CommsArchived(at=START, channel=ROOM),
    ):
        assert evolve(story.incident, event).comms is None


def test_where_the_incident_goes_on_in_another_channel_its_message_names_that_one() -> None:
    story = open_one()
    story.do(Resolve(incident=N, resolution="Rolled back", by=BO))
    story.do(ReviewQuiet(incident=N), at=A_MONTH)
    story.do(Reopen(incident=N, reason="Errors are back", by=BO))
    story.do(ConfirmArchived(incident=N, n=1, channel=ChannelId("C1")))
    assert (story.incident.channel, story.incident.comms_channel) == (None, ROOM)
    story.opened()
    assert ShowComms(incident=N) in story.work()
