"""Who may hand in alerts: each way of proving it, right, wrong, old, replaced, missing and garbled."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.inbound.alerts import SOURCES, alertmanager
from bot.inbound.authentication import (
    GITHUB_DELIVERY,
    GITHUB_SIGNATURE,
    GRAFANA_SIGNATURE,
    HONEYCOMB_TOKEN,
    PAGERDUTY_SIGNATURE,
    SECRET_PATH,
    SENTRY_SIGNATURE,
    TOKEN,
    DeliveryId,
    Head,
    Integration,
    Way,
    known_by_head,
    known_by_signature,
)
from tests.fakes.clock import START
from tests.inbound.border import ALERTMANAGER, Border

BODY = alertmanager.SAMPLE
NOW = int(START.timestamp())
EU, US = Integration(name="eu", secrets=("eu-old", "eu-new")), Integration(name="us", secrets=("us-only",))
Show = Callable[[str, bytes], Mapping[str, str]]


def digest(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


def grafana(secret: str, body: bytes) -> Mapping[str, str]:
    return {"X-Grafana-Alerting-Signature": digest(secret, body)}


def grafana_at(at: str) -> Show:
    def show(secret: str, body: bytes) -> Mapping[str, str]:
        signed = digest(secret, at.encode() + b":" + body)
        return {"X-Grafana-Alerting-Signature": signed, "X-Grafana-Alerting-Signature-Timestamp": at}

    return show


def pagerduty(secret: str, body: bytes) -> Mapping[str, str]:
    return {"X-PagerDuty-Signature": f"v1={digest('of somebody else', body)}, v1={digest(secret, body)}"}


def sentry(secret: str, body: bytes) -> Mapping[str, str]:
    return {"Sentry-Hook-Signature": digest(secret, body)}


def github(secret: str, body: bytes) -> Mapping[str, str]:
    return {"X-Hub-Signature-256": f"sha256={digest(secret, body)}"}


def honeycomb(secret: str, _body: bytes) -> Mapping[str, str]:
    return {"X-Honeycomb-Webhook-Token": secret}


def bearer(secret: str, _body: bytes) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@dataclass(frozen=True)
class Kind:
    way: Way
    show: Show
    header: str


KINDS = {
    "bearer": Kind(TOKEN, bearer, "Authorization"),
    "grafana": Kind(GRAFANA_SIGNATURE, grafana, "X-Grafana-Alerting-Signature"),
    "grafana, dated": Kind(GRAFANA_SIGNATURE, grafana_at(str(NOW)), "X-Grafana-Alerting-Signature"),
    "pagerduty": Kind(PAGERDUTY_SIGNATURE, pagerduty, "X-PagerDuty-Signature"),
    "sentry": Kind(SENTRY_SIGNATURE, sentry, "Sentry-Hook-Signature"),
    "github": Kind(GITHUB_SIGNATURE, github, "X-Hub-Signature-256"),
    "honeycomb": Kind(HONEYCOMB_TOKEN, honeycomb, "X-Honeycomb-Webhook-Token"),
}
SIGNED = [name for name, kind in KINDS.items() if name not in {"bearer", "honeycomb"}]


def border_of(*ways: Way, delivery_id: DeliveryId | None = None) -> Border:
    source = replace(SOURCES[ALERTMANAGER], authentication=tuple(ways), delivery_id=delivery_id)
    return Border(sources={source.name: source}, senders={source.name: (EU, US)})


async def sent(
    border: Border, headers: Mapping[str, str] | Mapping[str, str | bytes], body: bytes = BODY, path: str = ""
) -> int:
    raw = {name.encode(): value if isinstance(value, bytes) else value.encode() for name, value in headers.items()}
    async with border.client() as client:
        answer = await client.post(f"/alerts/alertmanager{path}", content=body, headers=raw)
    if answer.status_code == 401:
        assert (answer.json(), answer.headers["www-authenticate"]) == (
            {"error": "unauthorised"},
            'Bearer realm="alerts"',
        )
        assert border.shelf.kept == []
    return answer.status_code


@pytest.mark.parametrize(("secret", "integration"), [("eu-old", "eu"), ("eu-new", "eu"), ("us-only", "us")])
@pytest.mark.parametrize("name", KINDS)
async def test_the_secret_that_is_proved_says_who_it_is_and_two_are_valid_while_one_is_replaced(
    name: str, secret: str, integration: str
) -> None:
    border = border_of(KINDS[name].way)
    assert await sent(border, KINDS[name].show(secret, BODY)) == 202
    assert [(kept.integration, kept.body) for kept in border.shelf.kept] == [(integration, BODY)]


@pytest.mark.parametrize("secret", ["eu-retired", "eu-ol", "EU-OLD", "", "eu-old,eu-new"])
@pytest.mark.parametrize("name", KINDS)
async def test_a_wrong_or_a_retired_secret_is_refused(name: str, secret: str) -> None:
    assert await sent(border_of(KINDS[name].way), KINDS[name].show(secret, BODY)) == 401


@pytest.mark.parametrize("name", SIGNED)
async def test_what_was_signed_for_another_body_is_refused(name: str) -> None:
    border = border_of(KINDS[name].way)
    assert await sent(border, KINDS[name].show("eu-old", BODY), BODY + b" ") == 401
    assert border.counted("alertmanager", "unauthorised") == 1


@pytest.mark.parametrize(
    "garbled", [b"", b"\xe9\xff", b"\xc3\xa9" * 32, b"v1=", b"sha256=", b"0" * 64, b"," * 5_000, b"sha256=" + b"g" * 64]
)
@pytest.mark.parametrize("name", KINDS)
async def test_a_garbled_proof_is_refused_and_nothing_breaks(name: str, garbled: bytes) -> None:
    shown: dict[str, str | bytes] = {**KINDS[name].show("eu-old", BODY), KINDS[name].header: garbled}
    assert await sent(border_of(KINDS[name].way), shown) == 401


@pytest.mark.parametrize("name", KINDS)
async def test_who_shows_nothing_is_refused(name: str) -> None:
    assert await sent(border_of(KINDS[name].way), {}) == 401


@pytest.mark.parametrize("name", [name for name in KINDS if name != "bearer"])
async def test_the_way_of_another_kind_of_sender_is_not_taken(name: str) -> None:
    assert await sent(border_of(TOKEN), KINDS[name].show("eu-old", BODY)) == 401
    assert await sent(border_of(KINDS[name].way), bearer("eu-old", BODY)) == 401


@pytest.mark.parametrize("way", [TOKEN, SECRET_PATH, GITHUB_SIGNATURE, HONEYCOMB_TOKEN])
async def test_any_one_way_of_a_source_is_enough(way: Way) -> None:
    ways = (GITHUB_SIGNATURE, TOKEN, HONEYCOMB_TOKEN, SECRET_PATH)
    shown = {
        TOKEN: bearer("us-only", BODY),
        GITHUB_SIGNATURE: github("us-only", BODY),
        HONEYCOMB_TOKEN: honeycomb("us-only", BODY),
        SECRET_PATH: {},
    }[way]
    border = border_of(*ways)
    assert await sent(border, shown, path="/us-only" if way == SECRET_PATH else "") == 202
    assert border.shelf.kept[0].integration == "us"


# ---- a signed time


@pytest.mark.parametrize("off", [-300, -1, 0, 1, 300])
async def test_a_signed_time_may_be_five_minutes_away(off: int) -> None:
    assert await sent(border_of(GRAFANA_SIGNATURE), grafana_at(str(NOW + off))("eu-new", BODY)) == 202


@pytest.mark.parametrize(
    "at", [str(NOW - 301), str(NOW + 301), "0", "", " ", "now", f"+{NOW}", f"{NOW}.0", "9" * 11, "9" * 4_500, "-1"]
)
async def test_what_was_signed_long_ago_or_at_no_time_is_a_replay(at: str) -> None:
    assert await sent(border_of(GRAFANA_SIGNATURE), grafana_at(at)("eu-new", BODY)) == 401


async def test_cutting_the_signed_time_off_or_changing_it_breaks_the_signature() -> None:
    shown = dict(grafana_at(str(NOW - 301))("eu-new", BODY))
    changed = {**shown, "X-Grafana-Alerting-Signature-Timestamp": str(NOW)}
    del shown["X-Grafana-Alerting-Signature-Timestamp"]
    assert await sent(border_of(GRAFANA_SIGNATURE), shown) == 401
    assert await sent(border_of(GRAFANA_SIGNATURE), changed) == 401


# ---- a secret in the path


@pytest.mark.parametrize("path", ["/eu-old", "/eu-new/"])
async def test_a_secret_in_the_path_is_enough_where_the_sender_can_set_no_header(path: str) -> None:
    border = border_of(SECRET_PATH)
    assert await sent(border, {}, path=path) == 202
    assert border.shelf.kept[0].integration == "eu"


@pytest.mark.parametrize(
    "path", ["", "/", "/eu", "/eu-oldx", "/EU-OLD", "/%C3%A9", "/%FF", "/eu-old%00", "/..%2Feu-old"]
)
async def test_a_wrong_path_is_refused(path: str) -> None:
    assert await sent(border_of(SECRET_PATH), {}, path=path) in {401, 404}


async def test_a_source_that_takes_a_header_takes_no_secret_in_its_path() -> None:
    assert await sent(border_of(TOKEN), {}, path="/eu-old") == 401


# ---- what comes twice


async def test_a_delivery_that_its_sender_names_is_kept_once() -> None:
    border = border_of(GITHUB_SIGNATURE, delivery_id=GITHUB_DELIVERY)
    shown = {**github("eu-old", BODY), "X-GitHub-Delivery": "1f-a"}
    async with border.client() as client:
        answers = [await client.post("/alerts/alertmanager", content=BODY, headers=shown) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert [answer.json() for answer in answers] == [{"accepted": 2}, {"accepted": 2, "repeated": True}]
    assert (len(border.shelf.kept), border.counted("alertmanager", "repeated")) == (1, 1)


async def test_another_name_another_body_another_sender_or_no_name_is_another_delivery() -> None:
    border = border_of(GITHUB_SIGNATURE, delivery_id=GITHUB_DELIVERY)
    for secret, name, body in (
        ("eu-old", "1", BODY),
        ("eu-old", "2", BODY),
        ("eu-old", "1", BODY + b" "),
        ("us-only", "1", BODY),
        ("eu-old", "", BODY),
        ("eu-old", "", BODY),
    ):
        assert await sent(border, {**github(secret, body), "X-GitHub-Delivery": name}, body) == 202
    assert len(border.shelf.kept) == 6
    assert [kept.receipt for kept in border.shelf.kept[4:]] == ["", ""]


async def test_what_cannot_be_read_is_kept_in_quarantine_once_too() -> None:
    border = border_of(TOKEN, delivery_id=GITHUB_DELIVERY)
    for _ in range(2):
        assert await sent(border, {**bearer("eu-old", b""), "X-GitHub-Delivery": "1"}, b"what?") == 202
    assert [kept.fault for kept in border.shelf.kept] == ["the body is not JSON (line 1, column 1)"]


async def test_whoever_does_not_prove_who_they_are_uses_up_no_name() -> None:
    border = border_of(GITHUB_SIGNATURE, delivery_id=GITHUB_DELIVERY)
    assert await sent(border, {**github("wrong", BODY), "X-GitHub-Delivery": "1"}) == 401
    assert await sent(border, {**github("eu-old", BODY), "X-GitHub-Delivery": "1"}) == 202
    assert len(border.shelf.kept) == 1


# ---- all of it at once

HEADERS = st.dictionaries(
    st.sampled_from(["authorization", *(kind.header.lower() for kind in KINDS.values())]), st.text(max_size=80)
)


@for_all(headers=HEADERS, path=st.text(max_size=20), at=st.datetimes(timezones=st.just(UTC)))
def test_no_head_at_all_is_taken_for_a_proof_or_breaks_anything(
    headers: dict[str, str], path: str, at: datetime
) -> None:
    ways = (SECRET_PATH, *(kind.way for kind in KINDS.values()))
    head = Head(headers=headers, path_secret=path)
    strangers = (replace(EU, secrets=("of nobody here", "")),)
    assert known_by_head(ways, head, strangers) is None
    assert known_by_signature(ways, head, BODY, strangers, at) is None


def test_a_secret_does_not_show_when_who_it_belongs_to_is_printed() -> None:
    assert "eu-old" not in repr(EU)
    assert "eu-old" not in repr(Head(headers={}, path_secret="eu-old"))
