"""What Slack tells of who comes and goes, through signed requests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.archive_commands import HearChannelIsBack
from bot.domain.archives import Archiving, ArchivingEnd
from bot.domain.ids import IncidentId
from bot.domain.model import Status
from bot.domain.people_commands import NoticeGone, NoticePause, NoticeReturn
from bot.domain.roles_model import Role
from tests.inbound.slack.front import ANA, BO, GENERAL, INCIDENT_CHANNEL, US, Front, an_incident

N = IncidentId(42)


def front() -> Front:
    made = Front()
    for number in (42, 43):
        made.desk.incidents[IncidentId(number)] = an_incident(number, roles={Role.COMMANDER: BO})
    return made


def moved(kind: str, user: str = BO, channel: str = INCIDENT_CHANNEL) -> dict[str, object]:
    return {"type": kind, "user": user, "channel": channel, "channel_type": "C", "team": "T0ACME"}


async def test_who_leaves_an_incidents_channel_and_who_comes_is_kept() -> None:
    there = front()
    await there.event(moved("member_left_channel"))
    await there.event(moved("member_joined_channel"))
    assert there.desk.taken == [NoticeGone(incident=N, user=BO, how="left"), NoticeReturn(incident=N, user=BO)]
    assert there.desk.incidents[N].gone == ()


async def test_other_channels_and_ourselves_are_none_of_its_business() -> None:
    there = front()
    for event in (moved("member_left_channel", channel=GENERAL), moved("member_left_channel", US.user), moved("x", "")):
        assert (await there.event(event)).status == 200
    assert there.desk.taken == []


async def test_who_brings_us_back_into_an_archived_channel_is_noticed_and_else_nobody() -> None:
    there = front()
    back = {**moved("member_joined_channel", US.user), "inviter": ANA}
    await there.event(back)
    assert there.desk.taken == []
    now = there.clock.now()
    ended = Archiving(n=1, at=now, since=now, notice=timedelta(hours=24), end=ArchivingEnd.ARCHIVED)
    there.desk.incidents[N] = replace(there.desk.incidents[N], status=Status.RESOLVED, archiving=ended)
    await there.event(back)
    assert there.desk.taken == [HearChannelIsBack(incident=N, by=ANA)]
    there.desk.incidents[N] = replace(there.desk.incidents[N], archiving=ended)
    await there.event(moved("member_joined_channel", US.user))
    assert there.desk.taken[1:] == [HearChannelIsBack(incident=N)]


async def test_who_is_deactivated_is_missed_in_each_incident_in_which_they_hold_a_role_once_an_event() -> None:
    there = front()
    gone = {"type": "user_change", "user": {"id": BO, "deleted": True}}
    for _ in range(2):
        await there.event(gone, event_id="Ev1")
    assert there.forgotten == [BO, BO], "who they are is asked anew"
    expected = [NoticeGone(incident=IncidentId(number), user=BO, how="deactivated") for number in (42, 43)]
    assert there.desk.taken == expected


@pytest.mark.parametrize("user", [{"id": BO, "deleted": False}, {"id": ANA, "deleted": True}, {}])
async def test_other_changes_of_people_change_nothing(user: dict[str, object]) -> None:
    there = front()
    await there.event({"type": "user_change", "user": user})
    assert there.desk.taken == []


def paused(user: str = BO, /, **status: object) -> dict[str, object]:
    """Return Slack's event as it documents it: https://docs.slack.dev/reference/events/dnd_updated_user."""
    known = {"dnd_enabled": True, "next_dnd_start_ts": 1450387800, "next_dnd_end_ts": 1450423800, **status}
    return {"type": "dnd_updated_user", "user": user, "dnd_status": known, "event_ts": "1450387800.000100"}


async def test_who_pauses_notifications_is_heard_of_in_each_incident_in_which_they_hold_a_role_once_an_event() -> None:
    there = front()
    for _ in range(2):
        await there.event(paused(), event_id="Ev1")
    begins, ends = datetime(2015, 12, 17, 21, 30, tzinfo=UTC), datetime(2015, 12, 18, 7, 30, tzinfo=UTC)
    assert there.desk.taken == [
        NoticePause(incident=IncidentId(number), user=BO, begins=begins, ends=ends) for number in (42, 43)
    ]
    assert there.forgotten == [], "who they are has not changed"


@pytest.mark.parametrize(
    "status",
    [{"dnd_enabled": False}, {"next_dnd_start_ts": None}, {"next_dnd_end_ts": "soon"}, {"dnd_enabled": None}],
)
async def test_what_tells_of_no_pause_ends_one(status: dict[str, object]) -> None:
    there = front()
    await there.event(paused(BO, **status))
    (heard, _) = there.desk.taken
    assert isinstance(heard, NoticePause)
    assert heard.ends < there.clock.now()


async def test_a_moment_beyond_all_calendars_is_one_for_all_that() -> None:
    there = front()
    assert (await there.event(paused(next_dnd_start_ts=-5, next_dnd_end_ts=10**30))).status == 200
    (heard, _) = there.desk.taken
    assert isinstance(heard, NoticePause)
    assert heard.begins < there.clock.now() < heard.ends


async def test_who_holds_no_role_and_what_has_no_shape_is_none_of_its_business() -> None:
    there = front()
    for event in (paused(ANA), paused(US.user), paused(""), {**paused(ANA), "dnd_status": "x"}):
        assert (await there.event(event)).status == 200
    assert there.desk.taken == []


async def test_who_was_paused_and_has_given_the_role_away_is_heard_of_as_well() -> None:
    there = front()
    there.desk.incidents = {N: an_incident(roles={Role.COMMANDER: ANA}, paused={BO: there.clock.now()})}
    await there.event(paused(dnd_enabled=False))
    assert [type(one) for one in there.desk.taken] == [NoticePause]
