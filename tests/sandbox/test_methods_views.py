"""Modals and Home tabs: triggers, stacks, hashes, ids of the app's own, sizes."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.state import forms, passes
from bot.sandbox.state.ids import UserId
from tests.sandbox.apps import CARD, MODAL
from tests.sandbox.caller import Answer, Caller

ANA, BO = UserId("U0ANA"), UserId("U0BO")
HOME = {"type": "home", "blocks": CARD}


@pytest.fixture
def caller() -> Caller:
    return Caller()


def trigger(caller: Caller, user: UserId = ANA, *, in_modal: bool = False) -> str:
    return passes.issue_trigger(caller.workspace, user, in_modal=in_modal)


def opened(caller: Caller, user: UserId = ANA, **view: Any) -> Answer:
    shown: Answer = caller.do("views.open", trigger_id=trigger(caller, user), view={**MODAL, **view})["view"]
    return shown


def test_a_trigger_opens_one_view_within_three_seconds(caller: Caller) -> None:
    used, old = trigger(caller), trigger(caller)
    caller.do("views.open", trigger_id=used, view=MODAL)
    caller.clock.move(timedelta(seconds=3, milliseconds=1))

    assert caller.refused("views.open", trigger_id=used, view=MODAL) == "exchanged_trigger_id"
    assert caller.refused("views.open", trigger_id=old, view=MODAL) == "expired_trigger_id"
    assert caller.refused("views.open", trigger_id="1.2.x", view=MODAL) == "invalid_trigger_id"


def test_a_refused_view_does_not_use_the_trigger_up(caller: Caller) -> None:
    kept = trigger(caller)

    assert caller.refused("views.open", trigger_id=kept, view={**MODAL, "title": None}) == "invalid_arguments"
    caller.do("views.open", trigger_id=kept, view=MODAL)


def test_an_interactivity_pointer_is_as_good_as_a_trigger(caller: Caller) -> None:
    assert caller.do("views.open", interactivity_pointer=trigger(caller), view=MODAL)["view"]["type"] == "modal"


def test_a_view_is_pushed_from_a_modal_only_and_three_are_the_limit(caller: Caller) -> None:
    assert caller.refused("views.push", trigger_id=trigger(caller), view=MODAL) == "invalid_trigger_id"
    first = opened(caller)

    def push() -> Answer:
        return caller.ask("views.push", trigger_id=trigger(caller, in_modal=True), view=MODAL)

    second, third, fourth = push(), push(), push()
    assert (second["view"]["previous_view_id"], second["view"]["root_view_id"]) == (first["id"], first["id"])
    assert third["view"]["previous_view_id"] == second["view"]["id"]
    assert fourth["error"] == "push_limit_reached"


def test_an_id_of_the_apps_own_is_free_again_once_the_view_is_closed_or_has_another(caller: Caller) -> None:
    view = opened(caller, external_id="a")
    again = caller.ask("views.open", trigger_id=trigger(caller, BO), view={**MODAL, "external_id": "a"})
    assert again["error"] == "duplicate_external_id"

    caller.do("views.update", external_id="a", view={**MODAL, "external_id": "b"})
    assert caller.refused("views.update", external_id="a", view=MODAL) == "not_found"
    assert opened(caller, BO, external_id="a")["external_id"] == "a"
    forms.close_all(caller.workspace, ANA)
    assert caller.refused("views.update", view_id=view["id"], view=MODAL) == "not_found"
    assert opened(caller, external_id="b")["external_id"] == "b"


def test_who_saw_an_old_version_is_told_so(caller: Caller) -> None:
    view = opened(caller)
    fresh = caller.do("views.update", view_id=view["id"], hash=view["hash"], view=MODAL)["view"]["hash"]

    assert caller.refused("views.update", view_id=view["id"], hash=view["hash"], view=MODAL) == "hash_conflict"
    caller.do("views.update", view_id=view["id"], hash=fresh, view=MODAL)
    home = caller.do("views.publish", user_id=ANA, view=HOME)["view"]
    caller.do("views.publish", user_id=ANA, view=HOME, hash=home["hash"])
    assert caller.refused("views.publish", user_id=ANA, view=HOME, hash=home["hash"]) == "hash_conflict"


def test_a_home_tab_is_a_persons(caller: Caller) -> None:
    assert caller.refused("views.publish", user_id="U0NOBODY", view=HOME) == "missing_profile_id"
    assert caller.refused("views.publish", user_id="U0MUSTER", view=HOME) == "missing_profile_id"
    assert caller.refused("views.publish", user_id=ANA, view=MODAL) == "invalid_arguments"
    first, second = (caller.do("views.publish", user_id=ANA, view=HOME)["view"]["id"] for _ in range(2))
    assert first == second


def test_a_view_has_250_kilobytes_at_most(caller: Caller) -> None:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_000}}
    heavy = {**MODAL, "blocks": [section] * 90}

    assert caller.refused("views.open", trigger_id=trigger(caller), view=heavy) == "view_too_large"
    caller.do("views.open", trigger_id=trigger(caller), view={**MODAL, "blocks": [section] * 80})


def test_a_view_comes_as_json_text_too(caller: Caller) -> None:
    assert caller.refused("views.open", trigger_id=trigger(caller), view="{") == "invalid_arguments"
    assert caller.refused("views.open", trigger_id=trigger(caller), view="[]") == "invalid_arguments"
