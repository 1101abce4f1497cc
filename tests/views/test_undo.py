"""Undo as it is asked: what was changed last, and what would be so again; and how the record tells of it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.action_items import ActionAdded, ActionAssigned, ActionDueSet, ActionEnded, ActionReopened
from bot.domain.events import RoleAssigned, SeverityChanged, StatusChanged
from bot.domain.ids import IncidentId
from bot.domain.links import Linked, Relation, Unlinked
from bot.domain.model import Severity, Status
from bot.domain.roles_model import Role
from bot.domain.undoing import Last, Undoable
from bot.domain.undone import Change, ChangeUndone
from bot.domain.work import Place
from bot.views.moments import moment
from bot.views.undo import undo_question
from tests.views.limits import buttons, check, labels, words
from tests.views.reader import seen
from tests.views.samples import ANA, AT, BO, LED

EVERY = timedelta(minutes=30)


@pytest.mark.parametrize(
    ("event", "again"),
    [
        (
            StatusChanged(at=AT, by=ANA, status=Status.MONITORING, previous=Status.IDENTIFIED),
            "the status is Identified again",
        ),
        (
            SeverityChanged(at=AT, by=ANA, severity=Severity.SEV3, previous=Severity.SEV2, update_every=EVERY),
            "the severity is SEV-2 again",
        ),
        (RoleAssigned(at=AT, by=ANA, role=Role.SCRIBE, user=BO), "nobody is the Scribe"),
        (RoleAssigned(at=AT, by=ANA, role=Role.SCRIBE, user=BO, previous=ANA), "@U0ANA is the Scribe again"),
        (Linked(at=AT, by=ANA, relation=Relation.RELATED, incident=IncidentId(7)), "the link is gone, on both sides"),
        (Linked(at=AT, by=ANA, relation=Relation.RELATED, url="https://x.example/7"), "the link is gone"),
        (
            Linked(at=AT, by=ANA, relation=Relation.DUPLICATE, incident=IncidentId(7), was=Relation.CAUSED_BY),
            "the link is “Caused by” again",
        ),
        (
            Unlinked(at=AT, by=ANA, relation=Relation.RELATED, incident=IncidentId(7)),
            "the link is there again: “Related”",
        ),
        (ActionAdded(at=AT, by=ANA, n=1, text="<!here>"), "action item 1 is dropped"),
        (ActionDueSet(at=AT, by=ANA, n=1, text="x", due=None, previous=date(2026, 12, 4)), "due Fri 4 Dec 2026 again"),
        (ActionDueSet(at=AT, by=ANA, n=1, text="x", due=date(2026, 12, 4)), "has no day again"),
        (ActionEnded(at=AT, by=ANA, n=1, text="x"), "action item 1 is open again"),
        (ActionReopened(at=AT, by=ANA, n=1, text="x"), "action item 1 is over again"),
        (ActionAssigned(at=AT, by=ANA, n=1, text="x", user=BO, previous=ANA), "action item 1 is @U0ANA's again"),
    ],
)
def test_it_says_what_would_be_so_again(event: Undoable, again: str) -> None:
    message = undo_question(LED, Last(seq=7, event=event))
    check(message)
    assert again in " ".join(seen(message))
    assert (labels(message), [one["value"] for one in buttons(message)]) == (["Undo Change"], ["42 7"])


def test_the_channel_reads_what_is_so_again() -> None:
    base = ChangeUndone(at=AT, by=ANA, of=7, what=Change.LINK)
    told = [
        moment(event, LED, Place.CHANNEL)
        for event in (
            replace(base, what=Change.STATUS, status="identified"),
            replace(base, what=Change.SEVERITY, severity="sev2"),
            replace(base, what=Change.ROLE, role=Role.SCRIBE),
            replace(base, what=Change.ROLE, role=Role.SCRIBE, user=BO),
            base,
            replace(base, what=Change.ACTION),
        )
    ]
    assert [words(one).split("undid the last change")[-1].strip(": ") for one in told if one] == [
        "the status is Identified again",
        "the severity is SEV-2 again",
        "nobody is the Scribe",
        "<@U0BO> is the Scribe again",
        "(a link)",
        "(an action item)",
    ]
