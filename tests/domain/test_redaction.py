"""Secrets go before anything is kept, and what only looks like one stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.redaction import kept, without_secrets

# Put together here, so that nobody's scanner takes this file for a leak.
SECRETS = {
    "xox" + "b-1234567890-abcdefGHIJ": "[redacted: Slack token]",
    "xapp-1-A0" + "123456-987654-abcdef": "[redacted: Slack token]",
    "https://hooks.slack.com/" + "services/T0/B0/abcdef": "https://hooks.slack.com/[redacted: Slack webhook]",
    "AKIA" + "IOSFODNN7EXAMPL3": "[redacted: AWS key]",
    "ghp_" + "a1" * 18: "[redacted: GitHub token]",
    "github_pat_" + "11AA_" * 12: "[redacted: GitHub token]",
    "glpat-" + "x" * 20: "[redacted: GitLab token]",
    "AIza" + "b" * 35: "[redacted: Google key]",
    "sk_live_" + "4" * 24: "[redacted: Stripe key]",
    "sk-" + "proj-" + "c" * 40: "[redacted: API key]",
    "npm_" + "d" * 36: "[redacted: package token]",
    "eyJhbGciOiJI" + ".eyJzdWIiOiIx" + ".abcdefghij": "[redacted: token]",
    "postgres://shop:s3cr" + "et@db.internal/shop": "postgres://[redacted: login]@db.internal/shop",
    "redis://:hun" + "ter2@cache": "redis://[redacted: login]@cache",
    "Authorization: Bearer " + "abcdef0123456789": "Authorization: Bearer [redacted: token]",
    "password=hun" + "ter2": "password=[redacted: password]",
    'DB_PASSWORD: "' + 'c0rrect-horse"': 'DB_PASSWORD: "[redacted: password]"',
    "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG": "aws_secret_access_key = [redacted: password]",
    "?api_key=" + "0123456789abcdef&page=2": "?api_key=[redacted: password]&page=2",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----": "[redacted: private key]",
}
HARMLESS = [
    "rolled back to 3f786850e387550fdab836ed7e6dc881de23001b",
    "trace 4bf92f3577b34da6a3ce929d0e0e4736 says so",
    "the password: expired yesterday",
    "token bucket is empty, the secret of it all",
    "https://grafana.example/d/abc?from=now-1h",
    "<@U0ANA> see mailto:ana@example.com",
    "ssh://git@github.com/northwind/shop",
    "sk-ip this",
]


@pytest.mark.parametrize(("secret", "instead"), SECRETS.items())
def test_a_secret_is_not_kept_but_that_there_was_one_is(secret: str, instead: str) -> None:
    assert without_secrets(f"try {secret} now") == f"try {instead} now"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_of_a_key_without_an_end_all_the_rest_is_secret() -> None:
    assert without_secrets("so: -----BEGIN PRIVATE KEY-----\nMIIE and so on") == "so: [redacted: private key]"


def test_what_is_kept_is_cleaned_and_cut_after_its_secrets_are_out() -> None:
    long = "AKIA" + "IOSFODNN7EXAMPL3"
    assert kept(f"a\0b {long} and more", 24) == "ab [redacted: AWS key]…"


@given(st.lists(st.sampled_from([*SECRETS, *HARMLESS, " ", "\n", "=", ":", "//"]), max_size=6).map("".join))
def test_doing_it_twice_changes_nothing_more(text: str) -> None:
    once = without_secrets(text)
    assert without_secrets(once) == once


@pytest.mark.parametrize(
    "piece", ["-----BEGIN PRIVATE KEY-----", "eyJ", "a://", "password=", "secret_", "xoxb-", "sk-"]
)
def test_hostile_text_is_read_in_no_time(piece: str) -> None:
    """Its time limit is pytest's: what grows with the square of 40,000 characters never ends."""
    assert isinstance(without_secrets(piece * (40_000 // len(piece))), str)
