"""What templates leave in a payload, and how it is read."""

from datetime import UTC, datetime

import pytest

from bot.inbound.templates import as_tags, filled, first_moment


@pytest.mark.parametrize(
    "placeholder",
    ["*UNKNOWN*", "{EVENT.ID}", "{$ZABBIX.URL}", "$CODE", "$ALERT_ID", "{{rule.id}}", "{{ .Alert.Status }}", " $NOW "],
)
def test_a_placeholder_that_was_not_filled_in_is_not_told(placeholder: str) -> None:
    assert filled({"a": placeholder, "b": "told"}) == {"b": "told"}


@pytest.mark.parametrize(
    "text", ["", "$5 are missing", "a $CODE", "{}", "{a: 1}", "{{", "UNKNOWN", "{" * 4_000, 7, None]
)
def test_everything_else_is(text: object) -> None:
    assert filled({"a": text}) == {"a": text}


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ("prod db", {"tags": "prod, db"}),
        ("prod,service:shop, team=web", {"service": "shop", "team": "web", "tags": "prod"}),
        (
            ["service: shop", "two words", "url:http://a/b?c=d", None, ""],
            {"service": "shop", "url": "http://a/b?c=d", "tags": "two words"},
        ),
        ([":x", "y:"], {"tags": ":x, y:"}),
        (None, {}),
        ({"a": "b"}, {}),
    ],
)
def test_tags_become_labels(given: object, labels: dict[str, str]) -> None:
    assert as_tags(given) == labels


def test_the_first_time_counts_whatever_its_kind() -> None:
    moment = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    for told in ("2026-05-06T07:08:09Z", "1778051289", "1778051289000"):
        assert first_moment(None, "soon", "", told, "1") == moment
    assert first_moment(None, "soon", "0") is None
