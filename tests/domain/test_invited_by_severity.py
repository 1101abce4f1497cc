"""Who comes in because of how bad it is: when it is declared, accepted or becomes graver; never in private."""

from dataclasses import replace

from bot.domain.calls import Callee, CalleeKind, InviteGroup, PeopleInvited
from bot.domain.commands import Declare, SetSeverity
from bot.domain.course_commands import Accept
from bot.domain.ids import IncidentId, UserId
from bot.domain.model import Severity
from bot.domain.work import InvitePeople
from tests.domain.story import ANA, BO, POLICY, Story

N = IncidentId(42)
HEAD = UserId("U0HEAD")
GROUP = Callee(kind=CalleeKind.GROUP, name="S0LEADS")
SEV1 = replace(POLICY.severities[Severity.SEV1], invite=(Callee(kind=CalleeKind.PERSON, name=HEAD), GROUP))
WANTED = replace(POLICY, severities={**POLICY.severities, Severity.SEV1: SEV1})


def declared(severity: Severity, *, triage: bool = False, private: bool = False) -> Story:
    story = Story(WANTED)
    story.do(Declare(title="It is down", by=ANA, severity=severity, triage=triage, private=private))
    return story


def brought(story: Story) -> list[object]:
    return [work for work in story.work() if isinstance(work, InvitePeople | InviteGroup)]


def test_who_is_wanted_comes_in_when_the_channel_is_opened() -> None:
    story = declared(Severity.SEV1)
    assert PeopleInvited(at=story.now, users=(HEAD,), groups=(GROUP,)) in story.last.events
    story.opened()
    assert brought(story) == [
        InvitePeople(incident=N, users=(ANA, HEAD)),
        InviteGroup(incident=N, group="S0LEADS"),
    ]
    assert "people_invited" not in declared(Severity.SEV2).happened()


def test_what_becomes_graver_brings_them_in_once_and_is_the_last_change_all_the_same() -> None:
    story = declared(Severity.SEV3).opened()
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=BO))
    assert story.happened()[:2] == ["people_invited", "severity_changed"]
    assert brought(story) == [InvitePeople(incident=N, users=(HEAD,)), InviteGroup(incident=N, group="S0LEADS")]
    story.do(SetSeverity(incident=N, severity=Severity.SEV2, by=BO))
    assert brought(story) == []


def test_in_triage_they_come_when_it_is_accepted_and_in_private_not_at_all() -> None:
    story = declared(Severity.SEV1, triage=True).opened()
    assert HEAD not in story.incident.responders
    story.do(SetSeverity(incident=N, severity=Severity.SEV2, by=BO))
    story.do(SetSeverity(incident=N, severity=Severity.SEV1, by=BO))
    assert brought(story) == []
    story.do(Accept(incident=N, by=ANA))
    assert InviteGroup(incident=N, group="S0LEADS") in brought(story)
    assert HEAD in story.incident.responders
    private = declared(Severity.SEV1, private=True).opened()
    assert brought(private) == [InvitePeople(incident=N, users=(ANA,))]
