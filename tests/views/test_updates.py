"""Updates in parts: the form that asks for them, and where each is shown."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain.events import UpdateSent
from bot.domain.model import Severity, Update
from bot.domain.policy import Policy, Template
from bot.domain.work import Place
from bot.views.actions import Field
from bot.views.announcement import announcement
from bot.views.card import incident_card
from bot.views.forms import update_form
from bot.views.moments import moment
from bot.views.sentences import as_text
from bot.views.telling import tell
from tests.views.limits import check, check_form
from tests.views.reader import seen
from tests.views.samples import AT, BO, INCIDENT, LED, NOW, POLICY

SENT = UpdateSent(
    at=AT, by=BO, text="Cards fail", impact="Nobody can pay", doing="Rolling back", update_every=timedelta(minutes=10)
)
TOLD = replace(LED, last_update=Update(text="Cards fail", impact="Nobody can pay", doing="Rolling back", by=BO, at=AT))


def element(view: Any, field: Field) -> Any:
    (block,) = [block for block in view["blocks"] if block.get("block_id") == field]
    return block["element"]


def test_an_update_shows_its_parts_and_when_the_next_one_comes() -> None:
    for place in Place:
        message = moment(SENT, LED, place)
        assert message
        check(message)
        assert seen(message)[:6] == [
            "Update from @U0BO",
            "Cards fail",
            "Impact",
            "Nobody can pay",
            "What we do",
            "Rolling back",
        ]
        assert "The next update is due" in seen(message)[6]


def test_what_was_not_told_takes_no_place() -> None:
    message = moment(replace(SENT, impact="", doing=""), LED, Place.CHANNEL)
    assert message
    assert len(message.blocks) == 3
    assert as_text(tell(replace(SENT, impact="")), {}) == "U0BO sent an update: Cards fail. What we do: Rolling back"


def test_card_and_announcement_and_timeline_have_the_parts() -> None:
    for message in (incident_card(TOLD, [], POLICY, NOW), announcement(TOLD, POLICY, NOW)):
        check(message)
        assert "Nobody can pay" in seen(message)
        assert "Rolling back" in seen(message)
    said = "U0BO sent an update: Cards fail. Impact: Nobody can pay. What we do: Rolling back"
    assert as_text(tell(SENT), {}) == said


def test_the_longest_update_fits() -> None:
    long = "<" * 3000
    for message in (
        moment(replace(SENT, text=long, impact=long, doing=long), LED, Place.CHANNEL),
        incident_card(
            replace(LED, last_update=Update(text=long, impact=long, doing=long, by=BO, at=AT)), [], POLICY, NOW
        ),
    ):
        assert message
        check(message)


def test_the_form_begins_as_the_severity_wants_it_and_keeps_the_last_impact() -> None:
    begins = Template(happening="Customers see ", impact="Everybody", doing="We ")
    policy = Policy(
        severities={**POLICY.severities, Severity.SEV1: replace(POLICY.severities[Severity.SEV1], template=begins)}
    )
    view = update_form(INCIDENT, policy)
    check_form(view)
    found = {field: element(view, field).get("initial_value") for field in (Field.TEXT, Field.IMPACT, Field.DOING)}
    assert found == {Field.TEXT: "Customers see ", Field.IMPACT: "Everybody", Field.DOING: "We "}
    assert element(update_form(TOLD, policy), Field.IMPACT)["initial_value"] == "Nobody can pay"


def test_the_form_offers_to_promise_what_the_severity_allows() -> None:
    view = update_form(replace(INCIDENT, severity=Severity.SEV2), POLICY)
    shown = [one["text"]["text"] for one in element(view, Field.LASTS)["options"]]
    assert shown == ["Within 30 min, as for each SEV-2", "In 10 minutes", "In 15 minutes"]
    assert len(element(update_form(INCIDENT, POLICY), Field.LASTS)["options"]) >= 1
