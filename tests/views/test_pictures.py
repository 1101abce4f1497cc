"""Pictures: one for what fires, from where Slack may be able to fetch it, described in words that call nobody."""

from dataclasses import replace

import pytest

from bot.domain.alerts_model import Alert, AlertStatus
from bot.views.blocks import Block, Message
from bot.views.group import group_message
from bot.views.pictures import picture, pictured, without_pictures
from tests.views.limits import check
from tests.views.samples import ALERT, NOW, POLICY
from tests.views.test_group import GROUP, MEMBERS, OVER

SHOT = "https://graphs.example.com/shot.png?w=500&from=<now>"


def drawn(alert: Alert, address: str | None = SHOT, **changes: object) -> Alert:
    return replace(alert, report=replace(alert.report, image_url=address, **changes))  # type: ignore[arg-type] # real fields


def images(message: Message) -> list[Block]:
    return [block for block in message.blocks if block["type"] == "image"]


def test_the_gravest_that_has_one_shows_it_last_in_the_message() -> None:
    members = (MEMBERS[0], drawn(MEMBERS[1]), drawn(MEMBERS[2], "https://graphs.example.com/other.png"), *MEMBERS[3:])
    message = group_message(GROUP, members, None, POLICY, NOW)
    check(message)
    (shown,) = images(message)
    assert message.blocks[-1] == shown
    assert shown["image_url"] == "https://graphs.example.com/other.png"
    assert shown["alt_text"] == "Alertmanager's picture of it: Checkout fails on api_3"
    alone = group_message(replace(GROUP, total=1), (drawn(ALERT),), None, POLICY, NOW)
    check(alone)
    assert len(images(alone)) == 1


def test_what_is_over_folds_without_it() -> None:
    assert images(group_message(OVER, [drawn(MEMBERS[0])], None, POLICY, NOW)) == []
    assert picture([replace(drawn(ALERT), status=AlertStatus.RESOLVED)], POLICY) is None


def test_none_is_shown_where_pictures_are_off() -> None:
    assert picture([drawn(ALERT)], replace(POLICY, pictures=False)) is None


@pytest.mark.parametrize(
    "address",
    [
        *(None, "javascript:alert(1)", "ftp://graphs.example.com/a.png", "http://localhost/a.png"),
        *("http://grafana:3000/a", "http://10.1.2.3/a.png", "http://[::1]/a.png"),
        *("https://grafana.corp.internal/a.png", "https://g.local./a.png"),
    ],
)
def test_what_slack_cannot_fetch_is_not_shown(address: str | None) -> None:
    assert picture([drawn(ALERT, address)], POLICY) is None


@pytest.mark.parametrize("address", [SHOT, "http://8.8.8.8/a.png", "https://[2001:4860:4860::8888]/a.png"])
def test_what_slack_may_fetch_is_shown(address: str) -> None:
    assert picture([drawn(ALERT, address)], POLICY)


def test_its_words_are_clean_and_as_long_as_slack_takes_them() -> None:
    shown = picture([drawn(ALERT, summary="a\u202e\x00b\n" * 2000, title="")], POLICY)
    assert shown
    words = str(shown["alt_text"])
    assert len(words) <= 300
    assert words.isprintable()


def test_without_its_picture_a_message_says_all_that_it_said() -> None:
    message = group_message(replace(GROUP, total=1), (drawn(ALERT),), None, POLICY, NOW)
    assert pictured(message) == {"graphs.example.com"}
    bare = without_pictures(message)
    check(bare)
    assert pictured(bare) == frozenset()
    assert [*bare.blocks, *images(message)] == list(message.blocks)
    assert "Picture: " in str(bare.blocks)
