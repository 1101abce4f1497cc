"""Alerts by e-mail (RFC 5322), from whatever can send nothing else; rules say how one is read (mail_rules.py).

A mail names its episode by its `Date`: so a mail that overtakes another changes nothing, and a repetition is one. What
cannot be taken apart is read as far as it goes: a mail without a subject still is an alert.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from bot.domain.alerts_model import WHEN_RECEIVED, AlertStatus, ReportedAlert
from bot.domain.ids import SourceName
from bot.errors import BadInput
from bot.inbound.mail_rules import MailRules, Subject, taken_apart
from bot.inbound.mail_text import header, parsed, text_of
from bot.inbound.payloads import DESCRIPTION, LABEL_VALUE, TITLE, as_line, as_text, fingerprint_of

NAME = SourceName("email")
UNNAMED = "E-mail without a subject"
_FIRST_YEAR = 1990  # a clock that was never set tells 1970
_LONGEST_DATE = 100
_ADDRESS = re.compile(r"[^\s<>()\",;:@]{1,64}@[^\s<>()\",;:@]{1,255}")


class Mailed:
    """Reads e-mails by rules."""

    def __init__(self, rules: MailRules) -> None:
        """Nothing is read yet."""
        self._rules = rules

    def __call__(self, body: bytes, left_out: Callable[[str], None] | None = None) -> tuple[ReportedAlert, ...]:  # noqa: ARG002 - a mail is one alert
        """Read one mail.

        Raises:
            BadInput: there is nothing in it.
        """
        if not body.strip():
            raise BadInput("the mail is empty")
        message = parsed(body)
        subject = taken_apart(as_line(header(message, "subject"), TITLE), self._rules)
        is_over = subject.is_over(self._rules)
        sent_at = _date(message)
        labels = self._labels(message)
        return (
            ReportedAlert(
                source=NAME,
                fingerprint=self._fingerprint(message, subject),
                status=AlertStatus.RESOLVED if is_over else AlertStatus.FIRING,
                starts_at=sent_at or WHEN_RECEIVED,
                ends_at=sent_at if is_over else None,
                title=as_line(header(message, "subject"), TITLE) or UNNAMED,
                description=as_text(text_of(message), DESCRIPTION),
                severity=subject.severity,
                labels=labels,
            ),
        )

    def _labels(self, message: Message) -> dict[str, str]:
        given = {"from": _sender(message), "list": _list(message)}
        given |= {label: header(message, name) for label, name in self._rules.labels.items()}
        return {label: text for label, value in given.items() if (text := as_line(value, LABEL_VALUE))}

    def _fingerprint(self, message: Message, subject: Subject) -> str:
        for name in self._rules.identity:
            if value := header(message, name):
                return fingerprint_of({name: value})
        return fingerprint_of({"from": _list(message) or _sender(message), "subject": subject.about.lower()})


parse = Mailed(MailRules())


def _sender(message: Message) -> str:
    given = header(message, "from")
    found = _ADDRESS.findall(given)
    return (found[-1] if found else given).lower()


def _list(message: Message) -> str:
    """Return the id between the brackets of `List-Id: Alerts <alerts.example.com>` (RFC 2919)."""
    given = header(message, "list-id")
    return given.rpartition("<")[2].partition(">")[0].strip().lower()


def _date(message: Message) -> datetime | None:
    try:
        told = parsedate_to_datetime(header(message, "date")[:_LONGEST_DATE])
        moment = told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.year >= _FIRST_YEAR else None


SAMPLE = b"""\
From: Backup <backup@db-1.example.com>
To: alerts@muster.example.com
Subject: PROBLEM: nightly backup of orders
Date: Mon, 02 Mar 2026 09:14:27 +0000
Message-ID: <20260302091427.41@db-1.example.com>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

pg_dump ended with 1: no space left on /var/backups
"""
