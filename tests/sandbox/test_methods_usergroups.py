"""User groups: unique names and handles, a list of members that is never empty, a plan that has them."""

from typing import Any

import pytest

from bot.sandbox.state.preferences import Plan
from tests.sandbox.caller import Answer, Caller


@pytest.fixture
def caller() -> Caller:
    return Caller()


def create(caller: Caller, **about: Any) -> Answer:
    about = {"name": "Search", "handle": "search-oncall", **about}
    group: Answer = caller.do("usergroups.create", **about)["usergroup"]
    return group


def test_a_group_is_created_filled_and_changed_and_the_app_hears_of_it(caller: Caller) -> None:
    with caller.heard("subteam_members_changed") as changes, caller.heard("subteam_created") as created:
        group = create(caller, description="Who search pages", channels="C0ALERTS")["id"]
        caller.do("usergroups.users.update", usergroup=group, users="U0ANA,U0BO")
        caller.do("usergroups.users.update", usergroup=group, users="U0BO,U0CLEO")
    caller.do("usergroups.update", usergroup=group, name="Search team")

    assert caller.do("usergroups.users.list", usergroup=group)["users"] == ["U0BO", "U0CLEO"]
    assert [one["subteam"]["handle"] for one in created] == ["search-oncall"]
    assert [(one["added_users"], one["removed_users"]) for one in changes] == [
        (["U0ANA", "U0BO"], []),
        (["U0CLEO"], ["U0ANA"]),
    ]
    listed = caller.do("usergroups.list", include_users=True)["usergroups"][-1]
    assert (listed["name"], listed["handle"], listed["prefs"]["channels"]) == (
        "Search team",
        "search-oncall",
        ["C0ALERTS"],
    )


def test_a_group_cannot_be_emptied_nor_filled_with_who_is_not_there(caller: Caller) -> None:
    def fill(users: str) -> str:
        return caller.refused("usergroups.users.update", usergroup="S0PAYMENTS", users=users)

    assert fill("") == "no_users_provided"
    assert fill("U0NOBODY") == "invalid_users"
    assert fill("U0MUSTER") == "invalid_users"
    assert caller.do("usergroups.users.list", usergroup="S0PAYMENTS")["users"] == ["U0BO", "U0CLEO"]


@pytest.mark.parametrize(
    ("about", "code"),
    [
        ({"name": " "}, "missing_subteam_name"),
        ({"name": "Payments"}, "name_already_exists"),
        ({"name": "x" * 81}, "name_too_long"),
        ({"handle": "Search Team"}, "bad_handle"),
        ({"handle": "here"}, "forbidden_handle"),
        ({"handle": "payments-team"}, "handle_already_exists"),
        ({"handle": "ana"}, "handle_already_exists"),
        ({"handle": "general"}, "handle_already_exists"),
        ({"description": "x" * 141}, "description_too_long"),
        ({"channels": "C0NOWHERE"}, "invalid_channel_provided"),
    ],
)
def test_names_and_handles_are_checked(caller: Caller, about: Answer, code: str) -> None:
    assert caller.refused("usergroups.create", **{"name": "Search", "handle": "search", **about}) == code


def test_a_group_keeps_its_own_name_and_handle(caller: Caller) -> None:
    caller.do("usergroups.update", usergroup="S0PAYMENTS", name="Payments", handle="payments-team")

    create(caller)
    refused = caller.refused("usergroups.update", usergroup="S0PAYMENTS", handle="search-oncall")
    assert refused == "handle_already_exists"


def test_a_disabled_group_is_listed_on_request_only(caller: Caller) -> None:
    disabled = caller.do("usergroups.disable", usergroup="S0PAYMENTS")["usergroup"]

    assert disabled["date_delete"] > 0
    assert caller.do("usergroups.list")["usergroups"] == []
    assert [one["id"] for one in caller.do("usergroups.list", include_disabled=True)["usergroups"]] == ["S0PAYMENTS"]
    assert caller.refused("usergroups.users.list", usergroup="S0PAYMENTS") == "no_such_subteam"
    caller.do("usergroups.enable", usergroup="S0PAYMENTS")
    assert caller.do("usergroups.list")["usergroups"][0]["date_delete"] == 0


def test_a_free_team_has_no_groups(caller: Caller) -> None:
    caller.workspace.preferences.plan = Plan.FREE

    assert caller.refused("usergroups.list") == "plan_upgrade_required"
    assert caller.refused("usergroups.create", name="x") == "plan_upgrade_required"
    assert caller.refused("usergroups.update", usergroup="S0PAYMENTS") == "paid_teams_only"


def test_where_only_admins_may_change_groups_the_app_may_not(caller: Caller) -> None:
    caller.workspace.preferences.usergroups_by_all = False

    refused = caller.refused("usergroups.users.update", usergroup="S0PAYMENTS", users="U0ANA")
    assert refused == "permission_denied"
    assert caller.do("usergroups.list")["usergroups"]


def test_numbers_and_members_come_on_request(caller: Caller) -> None:
    plain = caller.do("usergroups.list")["usergroups"][0]
    full = caller.do("usergroups.list", include_users=True, include_count=True)["usergroups"][0]

    assert {"users", "user_count"} & set(plain) == set()
    assert (full["users"], full["user_count"]) == (["U0BO", "U0CLEO"], 2)
