"""In compact mode Muster speaks in the thread of its card; what all must see it says in the channel itself."""

from dataclasses import replace

import pytest

from bot.domain.commands import AssignRole, Command, Resolve, SendUpdate, SetSeverity, SetStatus
from bot.domain.ids import IncidentId
from bot.domain.model import Severity, Status
from bot.domain.roles_model import Role
from bot.domain.work import Place, Say
from tests.domain.story import ANA, BO, POLICY, Story

N = IncidentId(42)
COMPACT = replace(
    POLICY, severities={name: replace(one, compact=name is Severity.SEV2) for name, one in POLICY.severities.items()}
)


def said(story: Story, place: Place = Place.CHANNEL) -> list[bool]:
    return [work.aside for work in story.work() if isinstance(work, Say) and work.place is place]


def running(severity: Severity = Severity.SEV2) -> Story:
    story = Story(COMPACT).declared().opened()
    story.do(SetSeverity(incident=N, severity=Severity.SEV4, by=ANA))
    story.do(SetSeverity(incident=N, severity=severity, by=ANA))
    return story


QUIET = [
    AssignRole(incident=N, role=Role.COMMANDER, user=BO, by=BO),
    SetStatus(incident=N, status=Status.IDENTIFIED, by=BO),
    SendUpdate(incident=N, text="We are rolling back", by=BO),
]


@pytest.mark.parametrize("command", QUIET)
def test_what_happens_is_said_in_the_thread(command: Command) -> None:
    story = running()
    story.do(command)
    assert said(story) == [True]
    assert not any(said(story, Place.ANNOUNCEMENT))


@pytest.mark.parametrize("command", QUIET)
def test_another_severity_is_said_in_the_channel(command: Command) -> None:
    story = running(Severity.SEV1)
    story.do(command)
    assert said(story) == [False]


@pytest.mark.parametrize(
    "command",
    [
        SetSeverity(incident=N, severity=Severity.SEV3, by=BO),
        Resolve(incident=N, resolution="Rolled back", by=BO),
    ],
)
def test_what_all_must_see_is_said_in_the_channel(command: Command) -> None:
    story = running()
    story.do(command)
    assert said(story) == [False]


def test_without_a_policy_for_a_severity_nothing_is_compact() -> None:
    story = running()
    story.policy = replace(COMPACT, severities={})
    story.do(SetStatus(incident=N, status=Status.IDENTIFIED, by=BO))
    assert said(story) == [False]
