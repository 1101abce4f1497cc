"""Nobody speaks in Slack's name: signatures, their age, and bodies that want to break the reader."""

import json
from datetime import timedelta

import pytest

from bot.errors import BadInput, ConfigError
from bot.inbound.slack.verify import BODY_LIMIT, DEPTH_LIMIT, Verifier, read
from tests.fakes.clock import FakeClock
from tests.inbound.slack.front import SECRET, Front

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
HELLO = json.dumps({"type": "url_verification", "challenge": "3eZbrw1aB", "token": "t"}).encode()


async def test_what_slack_signed_is_answered() -> None:
    answer = await Front().post(HELLO, JSON)
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "3eZbrw1aB"})


async def test_the_signature_is_the_one_in_slacks_own_example() -> None:
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    clock = FakeClock()
    clock.jump(timedelta(seconds=1531420618 - clock.now().timestamp()))
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    Verifier(["8f742231b10e8888abcd99yyyzzz85a5"], clock).verify(headers, body)


@pytest.mark.parametrize(
    "changed",
    [
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=00"},
        {"X-Slack-Signature": "v0=\u00e9\u20ac"},
        {"X-Slack-Signature": "\udcff"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "nan"},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "\u0661\u0662\u0663"},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
)
async def test_what_is_not_properly_signed_is_turned_away_without_a_word(changed: dict[str, str]) -> None:
    front = Front()
    answer = await front.app.handle_http({**front.signed(HELLO, JSON), **changed}, HELLO)
    assert (answer.status, answer.body) == (401, b"")


async def test_one_changed_byte_breaks_the_signature() -> None:
    front = Front()
    answer = await front.app.handle_http(front.signed(HELLO, JSON), HELLO.replace(b"3eZ", b"4eZ"))
    assert answer.status == 401


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-300, 200), (300, 200), (301, 401)])
async def test_a_request_is_good_for_five_minutes(seconds: int, status: int) -> None:
    front = Front()
    sent = int(front.clock.now().timestamp()) + seconds
    assert (await front.post(HELLO, JSON, timestamp=str(sent))).status == status


@pytest.mark.parametrize("secret", [SECRET, "the one before"])
async def test_two_secrets_are_good_while_one_replaces_the_other(secret: str) -> None:
    front = Front(secrets=(SECRET, "the one before"))
    assert (await front.post(HELLO, JSON, secret=secret)).status == 200


async def test_without_a_secret_the_door_is_shut() -> None:
    assert (await Front(secrets=()).post(HELLO, JSON)).status == 401


@pytest.mark.parametrize("secrets", [[], [""], [SECRET, ""]])
def test_an_empty_secret_is_no_secret(secrets: list[str]) -> None:
    with pytest.raises(ConfigError):
        Verifier(secrets, FakeClock())


async def test_a_body_beyond_the_limit_is_not_even_hashed() -> None:
    answer = await Front().post(b" " * (BODY_LIMIT + 1), JSON)
    assert answer.status == 413


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b"nan", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 400_000, b'{"a":' * 150_000, b"\xff\xfe",
     b'{"a": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
async def test_signed_nonsense_is_bad_input_and_nothing_worse(body: bytes) -> None:
    assert (await Front().post(body, JSON)).status == 400


@pytest.mark.parametrize("body", [b"payload=%7B", b"payload=[]", b"a=%ff%fe\xff", b"&".join([b"a=b"] * 500)])
async def test_a_signed_form_that_cannot_be_read_is_bad_input(body: bytes) -> None:
    assert (await Front().post(body, FORM)).status == 400


@pytest.mark.parametrize(("depth", "fits"), [(DEPTH_LIMIT - 1, True), (DEPTH_LIMIT + 1, False)])
def test_json_is_read_to_a_depth(depth: int, fits: bool) -> None:
    body = b'{"a":' * depth + b"1" + b"}" * depth
    if fits:
        assert "a" in read({"content-type": JSON}, body)
    else:
        with pytest.raises(BadInput):
            read({"content-type": JSON}, body)


async def test_the_certificate_check_is_answered_when_it_is_signed() -> None:
    front = Front()
    assert (await front.form({"ssl_check": "1", "token": "t"})).status == 200
    assert (await front.app.handle_http({"content-type": FORM}, b"ssl_check=1&token=t")).status == 401


async def test_headers_are_found_however_they_are_spelt() -> None:
    front = Front()
    shouted = {name.upper(): value for name, value in front.signed(HELLO, JSON).items()}
    assert (await front.app.handle_http(shouted, HELLO)).status == 200


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "shortcut", "callback_id": "x"},
        {"type": "view_closed", "view": {"callback_id": "x"}},
        {"type": "app_rate_limited"},
        {"type": "event_callback"},
        {"type": "event_callback", "event": {"type": None}},
        {"type": "block_actions", "actions": []},
        {"type": "view_submission", "view": None},
        {},
    ],
)
async def test_what_is_none_of_ours_is_acknowledged_and_forgotten(payload: dict[str, object]) -> None:
    front = Front()
    answer = await front.post(json.dumps(payload).encode(), JSON)
    assert (answer.status, front.desk.taken) == (200, [])
