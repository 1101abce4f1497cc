"""People: when they may be disturbed, whether they are there, what they say of themselves."""

import dataclasses
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.state.ids import UserId
from tests.sandbox.caller import ANA_TOKEN, DMITRI_TOKEN, Caller

# 2026-03-02 09:00 UTC is 06:00 in São Paulo, where Ana sleeps, and 10:00 in Berlin, where Dmitri works.
ANA, DMITRI = "U0ANA", "U0DMITRI"


@pytest.fixture
def caller() -> Caller:
    return Caller()


def local(seconds: int, zone: str) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone)).strftime("%d %H:%M")


def test_who_sleeps_is_in_their_hours_and_who_works_has_them_ahead(caller: Caller) -> None:
    team = caller.do("dnd.teamInfo", users=f"{ANA},{DMITRI},U0NOBODY")["users"]
    now = caller.workspace.make.seconds()

    assert set(team) == {ANA, DMITRI}
    assert team[ANA]["next_dnd_start_ts"] < now < team[ANA]["next_dnd_end_ts"]
    assert now < team[DMITRI]["next_dnd_start_ts"] < team[DMITRI]["next_dnd_end_ts"]
    assert local(team[ANA]["next_dnd_start_ts"], "America/Sao_Paulo") == "01 22:00"
    assert local(team[DMITRI]["next_dnd_end_ts"], "Europe/Berlin") == "03 08:00"
    assert caller.do("dnd.info", user="U0MUSTER")["dnd_enabled"] is False


def test_a_snooze_is_its_owners_and_others_see_that_they_are_not_to_be_disturbed_until_it_ends(caller: Caller) -> None:
    now = caller.workspace.make.seconds()
    with caller.heard("dnd_updated_user") as told:
        caller.as_dmitri("dnd.setSnooze", num_minutes=30)
    own, others = caller.as_dmitri("dnd.info"), caller.do("dnd.info", user=DMITRI)
    team = caller.do("dnd.teamInfo", users=DMITRI)["users"][DMITRI]
    paused = {"dnd_enabled": True, "next_dnd_start_ts": now, "next_dnd_end_ts": now + 30 * 60}
    caller.clock.move(timedelta(minutes=31))
    after = caller.do("dnd.info", user=DMITRI)

    assert (own["snooze_enabled"], own["snooze_remaining"]) == (True, 30 * 60)
    assert "snooze_enabled" not in others
    assert [(one["user"], one["dnd_status"]) for one in told] == [(DMITRI, paused)]
    assert team == paused == {key: others[key] for key in paused}
    assert after["next_dnd_start_ts"] > now + 31 * 60, "the nightly hours are ahead"
    assert caller.as_dmitri("dnd.info")["snooze_enabled"] is False
    assert caller.refused("dnd.endSnooze", token=DMITRI_TOKEN) == "snooze_end_failed"
    assert caller.refused("dnd.endDnd", token=DMITRI_TOKEN) == "not_in_dnd"


def test_a_longer_snooze_goes_on_since_it_began_and_who_ends_it_is_back_in_their_hours(caller: Caller) -> None:
    began = caller.workspace.make.seconds()
    caller.as_dmitri("dnd.setSnooze", num_minutes=30)
    caller.clock.move(timedelta(minutes=10))
    with caller.heard("dnd_updated_user") as told:
        caller.as_dmitri("dnd.setSnooze", num_minutes=60)
        caller.as_dmitri("dnd.endSnooze")
    longer, ended = (one["dnd_status"] for one in told)
    assert (longer["next_dnd_start_ts"], longer["next_dnd_end_ts"]) == (began, began + 70 * 60)
    assert ended["next_dnd_start_ts"] > began + 70 * 60


def test_who_snoozes_at_night_is_not_to_be_disturbed_as_long_as_either_lasts(caller: Caller) -> None:
    night = caller.do("dnd.info", user=ANA)
    caller.as_ana("dnd.setSnooze", num_minutes=30)
    assert caller.do("dnd.info", user=ANA)["next_dnd_end_ts"] == night["next_dnd_end_ts"]
    caller.as_ana("dnd.setSnooze", num_minutes=24 * 60)
    longer = caller.do("dnd.info", user=ANA)
    assert longer["next_dnd_start_ts"] == night["next_dnd_start_ts"]
    assert longer["next_dnd_end_ts"] == caller.workspace.make.seconds() + 24 * 60 * 60


@pytest.mark.parametrize(
    ("minutes", "code"), [(None, "missing_duration"), ("0", "snooze_failed"), (7 * 24 * 60 + 1, "too_long")]
)
def test_a_snooze_has_a_length(caller: Caller, minutes: object, code: str) -> None:
    assert caller.refused("dnd.setSnooze", token=ANA_TOKEN, num_minutes=minutes) == code


def test_the_bot_says_whether_it_is_there(caller: Caller) -> None:
    caller.do("users.setPresence", presence="away")

    assert caller.do("users.getPresence")["manual_away"] is True
    assert caller.do("users.getPresence", user=ANA) == {"ok": True, "presence": "active"}
    assert caller.refused("users.setPresence", presence="asleep") == "invalid_presence"
    assert caller.refused("users.getPresence", user="U0NOBODY") == "user_not_found"


def test_a_status_is_set_by_its_owner_and_seen_by_all(caller: Caller) -> None:
    status = {"status_text": "On call", "status_emoji": ":pager:"}
    with caller.heard("user_profile_changed") as told:
        caller.as_ana("users.profile.set", profile=status)
    caller.as_ana("users.profile.set", name="title", value="Engineer")

    seen = caller.do("users.info", user=ANA)["user"]["profile"]
    assert (seen["status_text"], seen["status_emoji"], seen["title"]) == ("On call", ":pager:", "Engineer")
    assert told[0]["user"]["profile"]["status_text"] == "On call"
    assert caller.do("users.profile.get", user=ANA)["profile"]["status_text"] == "On call"


def test_a_status_is_short_and_ones_own(caller: Caller) -> None:
    def change(**more: object) -> str:
        return caller.refused("users.profile.set", token=ANA_TOKEN, **more)

    assert change(profile={"status_text": "x" * 101}) == "too_long"
    assert change(profile={"status_text": "", "status_emoji": ":x:"}) == "must_clear_both_status_text_and_status_emoji"
    assert change(profile={"salary": "1"}) == "invalid_profile"
    assert change(profile="{") == "invalid_profile"
    assert change() == "invalid_profile"
    assert change(user=DMITRI, profile={"title": "x"}) == "not_admin"


def test_the_address_is_told_only_with_its_scope(caller: Caller) -> None:
    with_scope = caller.do("users.profile.get", user=ANA)["profile"]
    without = caller.do("users.profile.get", token=ANA_TOKEN, user=ANA)["profile"]

    assert with_scope["email"] == "ana@northwind.example"
    assert "email" not in without


def test_people_come_in_pages_of_at_most_a_thousand(caller: Caller) -> None:
    first = caller.do("users.list", limit=4)
    cursor = first["response_metadata"]["next_cursor"]
    second = caller.do("users.list", limit=4, cursor=cursor)

    ids = [one["id"] for one in (*first["members"], *second["members"])]
    assert ids == list(dict.fromkeys(ids))
    assert ids[:5] == ["U0ANA", "U0BO", "U0CLEO", "U0DMITRI", "U0EVE"]
    assert caller.refused("users.list", limit=1001) == "limit_required"
    assert caller.refused("users.list", cursor="bm9uc2Vuc2U=") == "invalid_cursor"


def test_a_person_says_who_they_are(caller: Caller) -> None:
    assert caller.as_ana("users.identity")["user"] == {"id": ANA, "name": "Ana Lima"}
    assert caller.as_ana("auth.test")["user_id"] == ANA


def test_the_workspaces_own_emoji_are_listed_and_may_be_used(caller: Caller) -> None:
    caller.workspace.emoji["très-bien"] = "https://example.com/tb.png"
    ts = caller.post()
    caller.do("reactions.add", channel="C0GENERAL", timestamp=ts, name="très-bien")

    assert caller.do("emoji.list")["emoji"] == {"très-bien": "https://example.com/tb.png"}
    assert caller.refused("reactions.add", channel="C0GENERAL", timestamp=ts, name="très mal") == "invalid_name"


def test_everybody_comes_at_once_when_no_limit_is_given_unless_they_are_too_many(caller: Caller) -> None:
    ana = caller.workspace.people[UserId(ANA)]
    for number in range(200):
        user = UserId(f"U1{number}")
        caller.workspace.people[user] = dataclasses.replace(ana, id=user, name=f"person{number}")
    everybody = caller.do("users.list")
    for number in range(200, 1_000):
        user = UserId(f"U1{number}")
        caller.workspace.people[user] = dataclasses.replace(ana, id=user, name=f"person{number}")

    assert len(everybody["members"]) > 200
    assert everybody["response_metadata"]["next_cursor"] == ""
    assert caller.refused("users.list") == "limit_required"
    assert len(caller.do("users.list", limit=500)["members"]) == 500
