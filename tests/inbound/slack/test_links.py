"""Links by command and by button, through signed requests."""

from typing import Any

import pytest

from bot.domain.ids import IncidentId
from bot.domain.links import Link, Relation
from bot.domain.task_commands import LinkThing, UnlinkThing
from bot.views.actions import Action
from tests.fakes.clock import START
from tests.inbound.slack.front import ANA, GENERAL, Front, an_incident, said

N, M = IncidentId(42), IncidentId(43)
URL = "https://status.example/7"
THERE = Link(relation=Relation.RELATED, incident=M, title="x", by=ANA, at=START)
PLACE = Link(relation=Relation.RELATED, url=URL, by=ANA, at=START)


def front(*links: Link, **changes: Any) -> Front:
    made = Front()
    made.desk.incidents[N] = an_incident(links=links, **changes)
    return made


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("link INC-43", LinkThing(incident=N, by=ANA, to=M)),
        ("link INC-43 caused-by", LinkThing(incident=N, by=ANA, to=M, relation=Relation.CAUSED_BY)),
        ("link caused by INC-43", LinkThing(incident=N, by=ANA, to=M, relation=Relation.CAUSED_BY)),
        ("link duplicate of INC-43", LinkThing(incident=N, by=ANA, to=M, relation=Relation.DUPLICATE)),
        ("link <#C0INC43|inc-43>", LinkThing(incident=N, by=ANA, to=M)),
        (f"link <{URL}>", LinkThing(incident=N, by=ANA, url=URL)),
        (f"link {URL} related", LinkThing(incident=N, by=ANA, url=URL)),
    ],
)
async def test_a_link_is_typed_with_its_relation_or_without(typed: str, command: LinkThing) -> None:
    there = front()
    assert "Links of INC-42" in said(await there.command(typed))
    assert there.desk.taken == [command]


async def test_elsewhere_the_first_incident_is_the_one_that_is_meant() -> None:
    there = front()
    await there.command("link INC-42 INC-43", channel=GENERAL)
    assert there.desk.taken == [LinkThing(incident=N, by=ANA, to=M)]


async def test_bare_it_shows_them_all() -> None:
    assert "Remove Link" in said(await front(THERE).command("link"))
    assert "linked to nothing yet" in said(await front().command("link"))


@pytest.mark.parametrize(
    ("typed", "value", "command"),
    [
        ("link remove INC-43", "42 INC-43", UnlinkThing(incident=N, by=ANA, to=M)),
        (f"link remove {URL}", f"42 {URL}", UnlinkThing(incident=N, by=ANA, url=URL)),
    ],
)
async def test_one_is_taken_away_by_command_and_by_button(typed: str, value: str, command: UnlinkThing) -> None:
    there = front(THERE, PLACE)
    assert "not linked there any more" in said(await there.command(typed))
    pressed = front(THERE, PLACE)
    await pressed.click(Action.UNLINK, value, container={"type": "message", "is_ephemeral": True})
    await pressed.app.drain()
    assert (there.desk.taken, pressed.desk.taken) == ([command], [command])
    assert "Links of INC-42" in pressed.replaced[0][1].text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("link javascript:alert(1)", "is no incident, and no address"),
        ("link INC-43 INC-42", "Name one incident or one address"),
        ("link related", "Name one incident or one address"),
        ("link remove", "Name one incident or one address"),
        ("link INC-42", "cannot be linked to itself"),
        ("link INC-99", "There is no INC-99"),
    ],
)
async def test_what_leads_nowhere_says_how_it_is_typed(typed: str, told: str) -> None:
    there = front()
    answer = said(await there.command(typed))
    assert (told in answer, there.desk.taken) == (True, [])


@pytest.mark.parametrize("value", ["", "42", "x INC-43"])
async def test_a_button_that_says_nothing_useful_changes_nothing(value: str) -> None:
    there = front(THERE)
    await there.click(Action.UNLINK, value)
    await there.app.drain()
    assert there.desk.taken == []
