"""The forms ask for little, say what submitting does, and remember what they were opened for."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from bot.domain.affected import MOST
from bot.domain.ids import AlertId, ServiceName
from bot.domain.model import Severity
from bot.domain.policy import Policy, Service
from bot.views.actions import Field, Form
from bot.views.blocks import Block
from bot.views.declare_form import Filled, declare_form
from bot.views.forms import decline_form, reopen_form, resolve_form, update_form
from tests.views.limits import check_form, texts
from tests.views.samples import INCIDENT, POLICY
from tests.views.test_blocks import TEXT


def inputs(view: Block) -> dict[str, Block]:
    """Return the form's inputs by their block ids."""
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return {block["block_id"]: block for block in blocks if block["type"] == "input"}


def element(view: Block, field: Field) -> dict[str, object]:
    """Return an input's element."""
    found = inputs(view)[field]["element"]
    assert isinstance(found, dict)
    return found


def told(view: Block) -> str:
    """Return everything that the form says."""
    return "\n".join(str(text["text"]) for text in texts(view))


def test_declaring_asks_for_a_title_a_severity_and_perhaps_a_service() -> None:
    view = declare_form(POLICY)
    check_form(view)
    assert view["callback_id"] == Form.DECLARE
    asked = [Field.TITLE, Field.SERVICE, Field.SEVERITY, Field.TRIAGE, Field.PRIVATE]
    assert list(inputs(view)) == asked
    assert [inputs(view)[field]["optional"] for field in asked] == [False, True, False, True, True]
    assert view["submit"] == view["title"] == {"type": "plain_text", "text": "Declare Incident", "emoji": False}
    assert json.loads(str(view["private_metadata"])) == {"alert": None}
    assert "Critical: most customers cannot use us, or data is at risk" in told(view)


def test_what_is_known_is_filled_in() -> None:
    there = Policy(services={name: Service(name=name) for name in map(ServiceName, ("checkout", "search"))})
    view = declare_form(
        there,
        Filled(
            title=" Checkout\nis down ",
            severity=Severity.SEV2,
            services=(ServiceName("search"), ServiceName("checkout"), ServiceName("unknown")),
            alert=AlertId("a1"),
        ),
    )
    check_form(view)
    assert element(view, Field.TITLE)["initial_value"] == "Checkout is down"
    assert json.loads(str(view["private_metadata"])) == {"alert": "a1"}
    severity, services = (element(view, field) for field in (Field.SEVERITY, Field.SERVICE))
    assert isinstance(severity["initial_option"], dict)
    assert severity["initial_option"]["value"] == "sev2"
    assert isinstance(services["initial_options"], list)
    assert [one["value"] for one in services["initial_options"]] == ["search", "checkout"], "the first leads"
    assert (services["type"], services["max_selected_items"]) == ("multi_static_select", MOST)


def test_a_form_says_who_is_paged_only_where_somebody_is() -> None:
    assert "pages them for SEV-1 and SEV-2" in told(declare_form(Policy(paging=True)))
    for paging in (True, False):
        assert ("it is the one that is paged" in told(declare_form(replace(POLICY, paging=paging)))) == paging
    assert "pages" not in told(declare_form(Policy()))
    graver = told(declare_form(Policy(paging=True)))
    assert "(pages at once, acknowledged within 2 min, in command within" in graver
    assert "within 30 min" not in graver, "SEV-3 pages nobody"


def test_without_services_none_is_asked_for() -> None:
    view = declare_form(Policy(), Filled(services=(ServiceName("unknown"),)))
    check_form(view)
    assert list(inputs(view)) == [Field.TITLE, Field.SEVERITY, Field.TRIAGE, Field.PRIVATE]


@pytest.mark.parametrize("count", [100, 101, 1000])
def test_any_number_of_services_can_be_chosen_from(count: int) -> None:
    names = [ServiceName(f"service-{n:04}") for n in range(count)]
    view = declare_form(
        Policy(services={name: Service(name=name) for name in names}), Filled(services=tuple(names[-MOST:]))
    )
    check_form(view)
    assert told(view).count("service-") >= count


@pytest.mark.parametrize(
    ("view", "form"),
    [
        (resolve_form(INCIDENT), Form.RESOLVE),
        (reopen_form(INCIDENT), Form.REOPEN),
        (decline_form(INCIDENT), Form.DECLINE),
    ],
)
def test_what_moves_an_incident_asks_for_one_text_and_remember_the_incident(view: Block, form: Form) -> None:
    check_form(view)
    assert view["callback_id"] == form
    assert list(inputs(view)) == [Field.TEXT]
    assert json.loads(str(view["private_metadata"])) == {"incident": 42}
    assert "INC-42 checkout is down" in told(view)


def test_of_a_private_incident_no_form_says_that_everybody_is_told() -> None:
    private = replace(INCIDENT, private=True)
    for view in (resolve_form(private), reopen_form(private)):
        assert "tells its members" in told(view).lower()
    assert told(update_form(private, Policy())).endswith("Posted in the incident's channel")


@settings(max_examples=200)
@given(TEXT, TEXT)
def test_any_text_fits_into_a_form(title: str, name: str) -> None:
    services = {ServiceName(name): Service(name=ServiceName(name), description=title * 20)}
    check_form(declare_form(Policy(services=services), Filled(title=title * 20, services=(ServiceName(name),))))
