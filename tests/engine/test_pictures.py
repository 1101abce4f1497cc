"""What Slack will not take with its picture is said without it, at once and once, and not tried again for a while."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.commands import ReportAlert
from bot.outbound.slack.pictures import Pictures
from bot.outbound.slack.port import BlocksRefused
from bot.views.blocks import Message, image, message, section
from tests.engine.test_groups import over, pod
from tests.engine.world import World
from tests.fakes.records import Said
from tests.fakes.slack import Fault

SHOT = "https://graphs.example/1.png"
MINUTE = timedelta(minutes=1)


async def fires(world: World, number: int = 1, shot: str = SHOT) -> None:
    await world.do(ReportAlert(report=pod(number, image_url=shot, title=f"Rule {number}")))
    await world.settle()


def shown(world: World) -> list[Said]:
    return [said for said in world.slack.said("alerts") if said.thread is None]


def has_picture(said: Said) -> bool:
    return any(block["type"] == "image" for block in said.blocks)


def posts(world: World) -> list[str]:
    return [call.outcome for call in world.slack.calls if call.method == "chat.postMessage"]


async def test_a_picture_stands_under_what_fires_and_goes_when_it_is_over(world: World) -> None:
    await fires(world)
    (said,) = shown(world)
    assert has_picture(said)
    await world.do(ReportAlert(report=over(1, MINUTE, image_url=SHOT, title="Rule 1")))
    await world.advance(MINUTE)
    (said,) = shown(world)
    assert not has_picture(said)
    assert "Resolved" in said.text


async def test_what_slack_refuses_with_its_picture_is_said_without_it_and_only_once(world: World) -> None:
    world.slack.unfetched = {"graphs.example"}
    await fires(world)
    (said,) = shown(world)
    assert not has_picture(said)
    assert "Picture: " in str(said.blocks)
    assert posts(world) == ["BlocksRefused", "ok"]
    await fires(world, 2)
    assert posts(world)[2:] == ["ok"], "it is known that Slack cannot fetch from there"
    await fires(world, 3, "https://others.example/1.png")
    assert [has_picture(said) for said in shown(world)] == [False, False, True]


async def test_after_an_hour_slack_is_asked_for_a_picture_again(world: World) -> None:
    world.slack.unfetched = {"graphs.example"}
    await fires(world)
    world.slack.unfetched = set()
    await world.advance(timedelta(minutes=61))
    await fires(world, 2)
    assert [has_picture(said) for said in shown(world)] == [False, True]


async def test_an_edit_whose_picture_is_gone_meanwhile_goes_without_it(world: World) -> None:
    await fires(world)
    world.slack.unfetched = {"graphs.example"}
    await world.do(ReportAlert(report=pod(2, title="Rule 1")))
    await world.advance(MINUTE)
    (said,) = shown(world)
    assert not has_picture(said)
    assert "2 of 2 firing" in said.text


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.KILLED_AFTER, Fault.REFUSED])
async def test_whatever_goes_wrong_with_the_second_try_it_is_said_once(world: World, fault: Fault) -> None:
    world.slack.unfetched = {"graphs.example"}

    async def break_off(method: str) -> None:
        if method == "chat.postMessage" and posts(world) == ["BlocksRefused"]:
            world.slack.fail(fault, method=method)

    world.slack.meanwhile = break_off
    await fires(world)
    await world.advance(5 * MINUTE)
    assert len(shown(world)) == 1
    assert len(posts(world)) > 1


async def test_a_message_that_is_refused_for_another_reason_is_not_tried_again(world: World) -> None:
    tries: list[Message] = []

    async def refuse(said: Message) -> None:
        tries.append(said)
        raise BlocksRefused("invalid_blocks")

    pictures = Pictures(world.clock)
    with pytest.raises(BlocksRefused):
        await pictures.say(message("a", section("a")), refuse, again=lambda: None)
    assert len(tries) == 1
    with pytest.raises(BlocksRefused):
        await pictures.say(message("a", section("a"), image(SHOT, "A graph")), refuse, again=lambda: None)
    assert [len(said.blocks) for said in tries[1:]] == [2, 1]


async def test_pictures_can_be_off(world_url: str) -> None:
    world = await World(world_url).open()
    world.policy = replace(world.policy, pictures=False)
    world.start()
    await fires(world)
    assert not has_picture(shown(world)[0])
    await world.close()
