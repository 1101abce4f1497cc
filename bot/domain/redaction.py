"""Secrets that people paste in a hurry, taken out before anything is kept: a record is read by many, and for long.

Only what can hardly be anything else: a commit's hash or a trace's id says what happened, and stays. In the place of a
secret stands what it was, so that whoever reads on knows that there was one, and that it has to be changed.

The shapes are those that their makers publish; a list of them is at
https://docs.github.com/en/code-security/reference/secret-security/supported-secret-scanning-patterns
"""

import re
from functools import partial
from typing import Final

from bot.domain.text import clean, cut

# After "password:" a plain word is more likely what somebody says of the password than the password.
_NO_WORD: Final = r"(?=[^\s\"']{0,200}?[0-9!#$%&*+?@^_~])"
_KEY_OF: Final = (
    r"pass(?:word|wd|phrase)|secret(?:[_-]?(?:access[_-]?)?key)?|(?:api|access|auth|client)[_-]?(?:key|secret)|token"
)
_IS: Final = r"[\"']?\s{0,3}[=:]\s{0,3}[\"']?"

# What each is called, and how it looks; what stands in `before` and `behind` is no secret.
_SHAPES: Final = tuple(
    (name, re.compile(shape))
    for name, shape in (
        ("private key", r"-{5}BEGIN [A-Z ]{0,30}PRIVATE KEY-{5}[^-]{0,20000}(?:-{5}END [A-Z ]{0,40}-{5})?"),
        ("Slack token", r"\bx(?:ox[a-z](?:\.xox[a-z])?|app)-[A-Za-z0-9-]{10,}"),
        ("Slack webhook", r"(?P<before>https://hooks\.slack(?:-gov)?\.com/)[A-Za-z0-9/_-]+"),
        ("AWS key", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
        ("GitHub token", r"\b(?:gh[pousr]|github_pat)_[A-Za-z0-9_]{30,}"),
        ("GitLab token", r"\bgl(?:pat|dt|rt|cbt|ptt)-[A-Za-z0-9_.-]{20,}"),
        ("Google key", r"\bAIza[A-Za-z0-9_-]{35}"),
        ("Stripe key", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{16,}"),
        ("API key", r"\bsk-[A-Za-z0-9_-]{20,}|\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
        ("package token", r"\bnpm_[A-Za-z0-9]{30,}|\bpypi-[A-Za-z0-9_-]{30,}"),
        ("token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
        ("login", r"(?P<before>\b[A-Za-z][A-Za-z0-9+.-]{1,30}://)[^\s/@:\"'<>]{0,200}:[^\s/@\"'<>]{1,200}(?P<behind>@)"),
        ("token", r"(?P<before>\b(?i:bearer|basic) )[A-Za-z0-9._~+/=-]{16,}"),
        ("password", rf"(?P<before>(?<![A-Za-z])(?i:{_KEY_OF}){_IS}){_NO_WORD}[^\s\"'&,;<>\[\]]{{6,200}}"),
    )
)  # fmt: skip


def without_secrets(text: str) -> str:
    """Return the text with "[redacted: AWS key]" in the place of each secret. Doing it twice changes nothing more."""
    while (safer := _once(text)) != text:  # of two that stick together the second shows when the first is out
        text = safer
    return text


def _once(text: str) -> str:
    for name, shape in _SHAPES:
        text = shape.sub(partial(_instead, name), text)
    return text


def _instead(name: str, found: re.Match[str]) -> str:
    parts = found.groupdict()
    return f"{parts.get('before') or ''}[redacted: {name}]{parts.get('behind') or ''}"


def kept(text: str, limit: int | None = None) -> str:
    """Return what a person wrote as it may be kept: cleaned, without secrets, at most `limit` long."""
    safe = without_secrets(clean(text))
    return safe if limit is None else cut(safe, limit)
