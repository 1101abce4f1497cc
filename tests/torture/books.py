"""What people asked for and were told, act by act: the client's log, which the record is compared with (I1, I2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.domain.alerts_model import AlertStatus
from bot.domain.events import DeliveryFailed
from bot.domain.ids import IncidentId, UserId
from bot.domain.roles_model import Role
from tests.invariants.check import found_wrong
from tests.invariants.picture import Log, Picture

SERIOUS: Final = frozenset({"error", "critical"})


@dataclass(slots=True)
class Books:
    """The log. An incident is known by its title, an alert by its number.

    `declared` and `resolved` were accepted, or were found in the record before people asked again. `assigned` are all
    tries, since one that nobody answered may have been taken.
    """

    declared: set[str] = field(default_factory=set)
    resolved: set[str] = field(default_factory=set)
    assigned: list[tuple[str, Role, UserId]] = field(default_factory=list)
    given: list[tuple[str, Role, UserId]] = field(default_factory=list)
    updates: set[tuple[str, str]] = field(default_factory=set)
    written: set[tuple[str, str]] = field(default_factory=set)
    alerts: dict[int, AlertStatus] = field(default_factory=dict)
    webhooks: int = 0

    def log(self, seen: Picture) -> Log:
        """Return it in the checker's words."""
        numbers = _numbers(seen)
        log = seen.accepted or Log()
        for title in self.declared & numbers.keys():
            log.declared += numbers[title]
        for title, role, user in self.assigned:
            for number in numbers.get(title, ()):
                log.assigned[number, role, user] += 1
        log.resolved |= {number for title in self.resolved for number in numbers.get(title, ())}
        log.written |= {(number, ts) for title, ts in self.written for number in numbers.get(title, ())}
        log.webhooks = self.webhooks
        return log

    def found_wrong(self, seen: Picture, log: Iterable[Mapping[str, object]]) -> list[str]:
        """Return all that does not hold once everything has healed."""
        wrong = list(map(str, found_wrong(replace(seen, accepted=self.log(seen)), at_rest=True)))
        wrong += self._lost(seen)
        failed = (event for number in seen.timelines for event in seen.events(number))
        wrong += [f"given up: {event.what}, {event.reason}" for event in failed if isinstance(event, DeliveryFailed)]
        wrong += [f"logged: {line}" for line in log if line.get("level") in SERIOUS]
        return wrong

    def _lost(self, seen: Picture) -> list[str]:
        numbers, titles = _numbers(seen), [alert.report.title for alert in seen.alerts]
        wrong = [f"I1 lost: {title} was accepted" for title in self.declared - numbers.keys()]
        wrong += [f"I2 {len(many)} incidents of the title {title}" for title, many in numbers.items() if len(many) > 1]
        for title, text in self.updates:
            rows = [row.body for number in numbers.get(title, ()) for row in seen.timelines[number]]
            times = sum(text in body for body in rows)
            wrong += [f"I1 update {text!r} of {title} is recorded {times} times"] if times != 1 else []
        for title, role, user in self.given:
            known = [seen.incidents[number] for number in numbers.get(title, ())]
            if not any(role in incident.roles for incident in known):
                wrong.append(f"I1 lost: {user} as {role} of {title}")
        for number, status in self.alerts.items():
            name = alert_name(number)
            found = [alert for alert in seen.alerts if alert.report.title == name]
            if [alert.status for alert in found] != [status]:
                wrong.append(f"I1 alert {name}: {status} was accepted, found {found}; all are {titles}")
        return wrong


def alert_name(number: int) -> str:
    """Return what monitoring calls its alert of that number."""
    return f"CheckoutFails{number}"


def _numbers(seen: Picture) -> dict[str, list[IncidentId]]:
    numbers: dict[str, list[IncidentId]] = {}
    for number, incident in seen.incidents.items():
        numbers.setdefault(incident.title, []).append(number)
    return numbers
