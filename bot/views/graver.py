"""How something became graver, or less so, in words and as a line of a note."""

from typing import Final

from bot.domain.alerts_model import Alert, AlertSeverity
from bot.domain.groups_model import Change, News
from bot.domain.kin import is_graver
from bot.domain.text import cut, one_line
from bot.views.blocks import Safe, bold, line
from bot.views.words import ALERT_SEVERITIES

_TITLE_LIMIT: Final = 120


def grade(alert: Alert) -> str:
    """Return how grave an alert is, and was before: "Critical (was warning)"."""
    was, now = alert.was, alert.report.severity
    return ALERT_SEVERITIES[now] + (f" (was {_word(was)})" if was and was is not now else "")


def way(alert: Alert) -> str | None:
    """Return what an alert was and is now: "warning → critical"; None when it was always so."""
    was, now = alert.was, alert.report.severity
    return f"{_word(was)} → {_word(now)}" if was and was is not now else None


def changes(news: News) -> list[str]:
    """Return in a few words what became graver or less so."""
    return [f"{_verb(one)} {_word(one.was)} → {_word(one.now)}" for one in news.changes]


def change_lines(news: News) -> list[Safe]:
    """Return what became graver or less so, a line each."""
    return [
        line(bold(_verb(one)), f" {_word(one.was)} → {_word(one.now)}: ", cut(one_line(one.title), _TITLE_LIMIT))
        for one in news.changes
    ]


def _verb(change: Change) -> str:
    return "Escalated" if is_graver(change.now, change.was) else "Eased"


def _word(severity: AlertSeverity) -> str:
    return "not given" if severity is AlertSeverity.UNKNOWN else ALERT_SEVERITIES[severity].lower()
