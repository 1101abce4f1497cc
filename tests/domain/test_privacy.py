"""A private incident is seen by its people and by whom `see_private` names; to everybody else it does not exist."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.archives import Archiving, ArchivingEnd
from bot.domain.calls import Callee, CalleeKind
from bot.domain.commands import AssignRole, Declare, ReportAlert, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.course_commands import Merge, Reopen
from bot.domain.decide import decide
from bot.domain.decisions import State
from bot.domain.events import DeliveryFailed
from bot.domain.group_commands import JoinIncident
from bot.domain.ids import AlertId, ChannelId, IncidentId, UserId
from bot.domain.latecomers import SendSummary
from bot.domain.model import Incident, Severity, Status
from bot.domain.people_commands import CallPeople, Invite, NoticeGone, NoticeReturn
from bot.domain.permissions import Act, Permissions, Rule, acts_of
from bot.domain.privacy import ANYBODY, MUSTER, Viewer, insiders, is_hidden, may_see, outside, seen, shown_to
from bot.domain.result_commands import OpenedChannel, ReportFailure
from bot.domain.roles_model import Role
from bot.domain.work import InvitePeople, Place, Say, SetTopic, TellFailure, WarnAdmins
from bot.errors import Refused
from tests.domain.story import ANA, BO, CHECKOUT, CLEO, POLICY, START, Story, reported

N = IncidentId(42)
DEE = UserId("U0DEE")
TITLE = "A laptop was stolen"
HOME = ChannelId("C0PRIVATE")


def private() -> Story:
    story = Story()
    story.do(Declare(title=TITLE, by=ANA, severity=Severity.SEV1, private=True))
    return story


def in_channel() -> Story:
    story = private()
    story.do(OpenedChannel(incident=story.incident.id, channel=HOME, name="inc-42-private-7k3"))
    return story


def sees(incident: Incident, user: UserId, here: ChannelId | None = None) -> bool:
    return may_see(incident, Viewer(user=user, here=here))


def test_a_private_incident_is_announced_to_nobody_from_first_to_last() -> None:
    story = private()
    assert "slack.announce" not in story.kinds()
    assert "slack.open_channel" in story.kinds()
    story.do(OpenedChannel(incident=story.incident.id, channel=HOME, name="inc-42-private-7k3"))
    assert "slack.announce" not in story.kinds()
    for command in (
        AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA),
        SetStatus(incident=N, status=Status.IDENTIFIED, by=ANA),
        SetSeverity(incident=N, severity=Severity.SEV2, by=ANA),
        SendUpdate(incident=N, text="We call the police", by=ANA),
        Resolve(incident=N, resolution="It was found", by=ANA),
        Reopen(incident=N, reason="It was another one", by=ANA),
    ):
        story.do(command)
        places = {one.work.place for one in story.last.effects if isinstance(one.work, Say)}
        assert "slack.announce" not in story.kinds()
        assert places <= {Place.CHANNEL}


def test_the_name_of_its_channel_does_not_tell_what_it_is_about() -> None:
    assert private().incident.channel_name.startswith("inc-42-private")
    assert Story().declared().incident.channel_name.startswith("inc-42-checkout")


def test_its_people_see_it_and_nobody_else_does() -> None:
    story = in_channel()
    assert sees(story.incident, ANA)
    assert not sees(story.incident, BO)
    assert not sees(story.incident, BO, ChannelId("C0OTHER"))
    assert sees(story.incident, BO, HOME), "only members can type in a private channel"
    assert may_see(story.incident, MUSTER)
    assert seen([story.incident], ANYBODY) == ()
    assert seen([story.incident], Viewer(user=ANA)) == (story.incident,)


def test_who_is_asked_to_take_a_role_over_sees_what_it_is_about() -> None:
    story = in_channel()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=ANA))
    assert sees(story.incident, BO)


def test_an_incident_that_a_rule_declared_has_no_declarer_among_its_people() -> None:
    assert insiders(replace(private().incident, declared_by=None, responders=(BO,))) == {BO}


def test_who_is_on_call_is_called_in_only_when_a_phone_rings() -> None:
    def people(severity: Severity) -> tuple[UserId, ...]:
        story = Story()
        story.do(Declare(title=TITLE, by=ANA, severity=severity, service=CHECKOUT, private=True))
        return story.incident.responders

    assert people(Severity.SEV1) == (ANA, CLEO)
    assert people(Severity.SEV4) == (ANA,)


def test_who_comes_in_sees_it_until_they_leave_and_again_when_they_are_back() -> None:
    story = in_channel()
    story.do(NoticeReturn(incident=N, user=DEE))
    assert sees(story.incident, DEE)
    story.do(NoticeGone(incident=N, user=DEE, how="left"))
    assert story.happened() == ["member_left"]
    assert not sees(story.incident, DEE)
    story.do(NoticeGone(incident=N, user=DEE, how="left"))
    assert story.happened() == [], "they have left already"
    story.do(NoticeReturn(incident=N, user=DEE))
    assert story.happened() == ["member_back"]
    assert story.work() == [SendSummary(incident=N, user=DEE)], "they left perhaps before it was said"
    assert sees(story.incident, DEE)


def test_who_left_can_be_brought_in_again() -> None:
    story = in_channel()
    story.do(Invite(incident=N, users=(BO,), groups=(), by=ANA))
    with pytest.raises(Refused, match="asked into the channel already"):
        story.do(Invite(incident=N, users=(BO,), groups=(), by=ANA))
    story.do(NoticeReturn(incident=N, user=BO))
    story.do(NoticeGone(incident=N, user=BO, how="left"))
    called = Callee(kind=CalleeKind.PERSON, name=BO)
    for command in (
        Invite(incident=N, users=(BO,), groups=(), by=ANA),
        CallPeople(incident=N, callees=(called,), why="we need you", by=ANA),
        AssignRole(incident=N, role=Role.SCRIBE, user=BO, by=ANA),
    ):
        story.do(command)
        assert InvitePeople(incident=N, users=(BO,)) in story.work()
        assert not sees(story.incident, BO), "until they are in it again"
    story.do(NoticeReturn(incident=N, user=BO))
    assert sees(story.incident, BO)


def test_who_left_is_not_brought_into_the_channel_in_which_it_goes_on() -> None:
    story = in_channel()
    story.do(Invite(incident=N, users=(BO, DEE), groups=(), by=ANA))
    story.do(NoticeGone(incident=N, user=BO, how="left"))
    story.current = replace(story.incident, channel=None)
    story.do(OpenedChannel(incident=N, channel=ChannelId("C8"), name="inc-42-private-7k3-r1"))
    assert InvitePeople(incident=N, users=(ANA, DEE)) in story.work()


def test_who_reopens_it_and_who_holds_its_roles_are_brought_into_its_new_channel_though_they_had_left() -> None:
    story = archived_after(ANA, BO, CLEO)
    story.do(Reopen(incident=N, reason="It was another one", by=BO))
    story.do(OpenedChannel(incident=N, channel=ChannelId("C0NEW"), name="inc-42-private-7k3-r1"))
    assert InvitePeople(incident=N, users=(ANA, BO)) in story.work()
    assert not may_see(story.incident, Viewer(user=CLEO))


def archived_after(*left: UserId) -> Story:
    """Return one that is over, with ANA in command, that these left; its channel was archived then."""
    story = in_channel()
    story.do(AssignRole(incident=N, role=Role.COMMANDER, user=ANA, by=ANA))
    story.do(Invite(incident=N, users=(BO, CLEO), groups=(), by=ANA))
    story.do(Resolve(incident=N, resolution="It was found", by=ANA))
    for user in left:
        story.do(NoticeGone(incident=N, user=user, how="left"))
    done = Archiving(n=1, at=START, since=START, notice=timedelta(hours=1), end=ArchivingEnd.ARCHIVED)
    story.current = replace(story.incident, archiving=done)
    return story


def test_who_left_is_not_brought_into_what_it_is_merged_into() -> None:
    story = in_channel()
    for user in (BO, DEE):
        story.do(Invite(incident=N, users=(user,), groups=(), by=ANA))
    story.do(NoticeGone(incident=N, user=BO, how="left"))
    target = replace(story.incident, id=IncidentId(7), channel=ChannelId("C7"), responders=(ANA,), left=())
    merge = Merge(incident=N, into=IncidentId(7), by=ANA)
    decision = decide(State(incident=story.incident, into=target), merge, START, POLICY)
    invited = [one.work.users for one in decision.effects if isinstance(one.work, InvitePeople)]
    assert [DEE in invited[0], BO in invited[0]] == [True, False]


def test_of_who_leaves_a_public_channel_nothing_is_remembered() -> None:
    story = Story().declared().opened()
    story.do(NoticeGone(incident=N, user=DEE, how="left"))
    assert story.last.events == ()
    assert may_see(story.incident, ANYBODY)


def test_what_everybody_may_know_of_it_has_neither_words_nor_people() -> None:
    incident = in_channel().incident
    known = outside(incident)
    assert (known.id, known.severity, known.status) == (incident.id, incident.severity, incident.status)
    assert (known.title, known.channel, known.channel_name, known.declared_by, known.responders) == (
        "",
        None,
        "",
        None,
        (),
    )
    assert is_hidden(known)
    assert not is_hidden(incident)
    assert shown_to(incident, ANYBODY) == known
    assert shown_to(incident, Viewer(user=ANA)) == incident
    open_to_all = Story().declared().incident
    assert outside(open_to_all) == open_to_all
    assert not is_hidden(open_to_all)


def test_it_is_not_merged_with_one_that_everybody_sees() -> None:
    story, other = in_channel(), replace(Story().declared().incident, id=IncidentId(43))
    with pytest.raises(Refused, match="One of them is private"):
        decide(State(incident=story.incident, into=other), Merge(incident=N, into=other.id, by=ANA), START, POLICY)
    with pytest.raises(Refused, match="One of them is private"):
        decide(State(incident=other, into=story.incident), Merge(incident=other.id, into=N, by=ANA), START, POLICY)


def test_who_sees_its_alert_cannot_come_in_by_the_alert() -> None:
    incident = in_channel().incident
    with pytest.raises(Refused, match="in a private incident"):
        decide(State(incident=incident), JoinIncident(alert=AlertId("a"), by=BO), START, POLICY)
    assert decide(State(incident=incident), JoinIncident(alert=AlertId("a"), by=ANA), START, POLICY).effects


def test_an_alert_that_led_to_one_is_not_declared_again_and_its_number_is_not_told() -> None:
    there = Story()
    there.do(ReportAlert(report=reported()))
    state = State(alert=there.alert, group=there.group, earlier=in_channel().incident)
    with pytest.raises(Refused, match=r"^A private incident was already declared"):
        decide(state, Declare(by=BO, alert=there.shown.id), START, POLICY)


def test_the_admins_are_told_its_number_and_not_why_something_failed() -> None:
    story = in_channel()
    told = TellFailure(incident=N, seq=3, what="slack.topic", reason="the topic of a-laptop-was-stolen")
    story.do(ReportFailure(incident=N, work=told, reason="their account is deactivated"))
    (warning,) = [one.work for one in story.last.effects if isinstance(one.work, WarnAdmins)]
    assert warning == WarnAdmins(subject="INC-42", text="slack.topic")


def test_its_declarer_is_told_when_there_can_be_no_private_channel() -> None:
    story = private()
    story.do(ReportFailure(incident=N, work=SetTopic(incident=N), reason="not allowed"))
    assert any(isinstance(event, DeliveryFailed) for event in story.last.events)
    assert [one.work for one in story.last.effects if isinstance(one.work, TellFailure)]


def test_declaring_it_is_an_act_of_its_own() -> None:
    assert acts_of(Declare(title=TITLE, by=ANA, private=True)) == (Act.DECLARE, Act.PRIVATE)
    assert acts_of(Declare(title=TITLE, by=ANA)) == (Act.DECLARE,)
    assert acts_of(Reopen(incident=N, reason="again", by=ANA)) == (Act.RESOLVE,)
    assert acts_of(OpenedChannel(incident=N, channel=HOME, name="x")) == ()


def test_nobody_sees_private_incidents_for_a_rule_that_names_nobody() -> None:
    named = Rule(people=frozenset({BO}))
    assert Permissions().seeing is None
    assert Permissions(rules={Act.SEE_PRIVATE: Rule(guests=True)}).seeing is None
    assert Permissions(rules={Act.SEE_PRIVATE: named}).seeing == named
