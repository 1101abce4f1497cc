"""`/incident alerts` and `/alerts`: the list, filtered, and told anew in its place after a press."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.alerts_model import AlertSeverity
from bot.domain.commands import AcknowledgeAlert
from bot.domain.grouping import alone
from bot.domain.groups_model import Hush
from bot.domain.ids import GroupId, ServiceName
from bot.domain.silence_commands import SilenceGroup
from bot.errors import Overloaded
from bot.views.actions import Action
from tests.inbound.slack.front import ANA, BO, GENERAL, POLICY, Front, an_alert, said

WHISPER = {"type": "message", "message_ts": "1.2", "channel_id": "C0GENERAL", "is_ephemeral": True}


def front() -> Front:
    """Return a front behind which two alerts fire, and one is quiet."""
    made = Front()
    base = alone(an_alert(), POLICY)
    for name, service, severity in (("aaaa", "checkout", "critical"), ("bbbb", "search", "warning")):
        grave = AlertSeverity(severity)
        made.desk.groups[name] = replace(
            base,
            id=GroupId(name),
            title=f"{service} fails",
            service=ServiceName(service),
            labels={"service": service},
            severity=grave,
            severities={grave: 1},
        )
    quiet = replace(made.desk.groups["aaaa"], id=GroupId("cccc"), title="noise", hushed=Hush(by=BO, at=base.opened_at))
    made.desk.groups["cccc"] = quiet
    return made


async def typed(text: str, **changes: str) -> str:
    return said(await front().command(text, channel=GENERAL, **changes))


async def test_what_fires_is_shown_to_who_asked_alone() -> None:
    told = await typed("alerts")
    assert '"response_type": "ephemeral"' in told
    assert told.index("checkout fails") < told.index("search fails")
    assert "noise" not in told
    assert "1 more alert is quiet" in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("alerts checkout", ["checkout fails"]),
        ("alerts severity=warning", ["search fails"]),
        ("alerts all", ["checkout fails", "search fails", "noise"]),
        ("alerts mine", []),
        ("alerts “search fails”", ["search fails"]),
    ],
)
async def test_words_and_labels_narrow_it_down(text: str, shown: list[str]) -> None:
    told = await typed(text)
    assert [one for one in ("checkout fails", "search fails", "noise") if one in told] == shown


async def test_it_has_a_slash_command_of_its_own() -> None:
    assert await typed("search", command="/alerts") == await typed("alerts search")
    assert "checkout fails" in await typed("", command="/alerts")
    assert "/incident alerts severity=~(" in await typed("severity=~(", command="/alerts")


async def press(made: Front, action: Action, behind: str, **element: Any) -> None:
    name = f"{action}:{behind}" if behind else action.value
    await made.click("", container=WHISPER, actions=[{"action_id": name, "block_id": "b", **element}])
    await made.app.drain()


async def test_after_a_press_the_list_is_told_anew_in_its_place_as_it_was_asked_for() -> None:
    made = front()
    await press(made, Action.ACKNOWLEDGE_ALERT, "checkout", type="button", value="aaaa")
    chosen = {"value": "bbbb "}
    await press(made, Action.SILENCE_ALERT, "", type="static_select", selected_option=chosen)
    assert made.desk.taken == [
        AcknowledgeAlert(alert=GroupId("aaaa"), by=ANA),
        SilenceGroup(group=GroupId("bbbb"), lasts=None, by=ANA),
    ]
    (_, first), (_, second) = made.replaced
    assert "acknowledged by" in str(first.blocks)
    assert "search fails" not in str(first.blocks)
    assert "checkout fails" in str(second.blocks)
    assert "2 more alerts are quiet" in str(second.blocks)
    assert made.whispered == []


async def test_what_was_done_is_done_when_the_list_cannot_be_told_anew() -> None:
    made = front()
    made.desk.unread = Overloaded("busy")
    await press(made, Action.ACKNOWLEDGE_ALERT, "", type="button", value="aaaa")
    made.desk.unread = None
    await press(made, Action.SILENCE_ALERT, "x=~(", type="static_select", selected_option={"value": "bbbb "})
    assert len(made.desk.taken) == 2
    assert (made.replaced, made.whispered) == ([], [])


async def test_a_press_on_an_alerts_own_message_tells_no_list() -> None:
    made = front()
    await made.click(Action.ACKNOWLEDGE_ALERT, "aaaa")
    await made.app.drain()
    assert (made.replaced, made.whispered) == ([], [])
