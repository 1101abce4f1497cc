"""Words that several views share: durations, names of states, of sources and of our own work."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.domain.alerts_model import AlertSeverity
from bot.domain.groups_model import Verdict
from bot.domain.ids import ServiceName, SourceName
from bot.domain.model import Incident, Milestone, Status
from bot.domain.policy import Policy
from bot.domain.text import one_line

ALERT_SEVERITIES: Final[Mapping[AlertSeverity, str]] = {
    AlertSeverity.CRITICAL: "Critical",
    AlertSeverity.HIGH: "High",
    AlertSeverity.WARNING: "Warning",
    AlertSeverity.INFO: "Info",
    AlertSeverity.UNKNOWN: "Severity not given",
}
VERDICTS: Final[Mapping[Verdict, str]] = {Verdict.USEFUL: "Useful", Verdict.NOISE: "Noise"}
STATUSES: Final[Mapping[Status, str]] = {
    Status.TRIAGE: "Triage",
    Status.INVESTIGATING: "Investigating",
    Status.IDENTIFIED: "Identified",
    Status.MONITORING: "Monitoring",
    Status.RESOLVED: "Resolved",
    Status.CLOSED: "Closed",
    Status.DECLINED: "Declined",
    Status.MERGED: "Merged",
}
MILESTONES: Final[Mapping[Milestone, str]] = {
    Milestone.IMPACT_STARTED: "the impact started",
    Milestone.DETECTED: "it was detected",
    Milestone.ACKNOWLEDGED: "it was acknowledged",
    Milestone.MITIGATED: "it was mitigated",
    Milestone.RESOLVED: "it was resolved",
}
# What each kind of work (domain/work.py) would have done, after "I could not ...".
ATTEMPTS: Final[Mapping[str, str]] = {
    "slack.open_channel": "make the incident's channel",
    "slack.invite": "bring people into the incident's channel",
    "slack.card": "write the incident's card",
    "slack.subscriber": "tell somebody who subscribed to its updates",
    "slack.announce": "write the announcement",
    "slack.topic": "set the channel's topic",
    "slack.notice": "take Slack's word of a new topic out of the channel",
    "slack.open_comms": "open the channel for communications",
    "slack.invite_comms": "bring people into the channel for communications",
    "slack.comms": "write what can be told into the channel for communications",
    "slack.archive_comms": "archive the channel for communications",
    "slack.bookmark": "add the bookmark",
    "slack.say": "post in the incident's channel",
    "slack.remind": "post a reminder",
    "slack.proposal": "propose to resolve the incident",
    "slack.duties": "send the duties of a role in a direct message",
    "slack.summary": "send the summary to somebody who joined the channel",
    "slack.handover": "ask somebody to take a role over",
    "timer.handover": "look whether a role was taken over",
    "pager.call": "reach the pager for somebody who was called",
    "slack.called": "tell somebody that they are called",
    "slack.invite_group": "bring the members of a user group into the incident's channel",
    "slack.action": "tell somebody which action item was given to them",
    "slack.action_reminder": "remind somebody of an action item",
    "slack.runbook": "write the checklist of a runbook",
    "timer.action": "look whether an action item is due",
    "timer.structure": "look whether an incident has its structure",
    "timer.acknowledge": "look whether an incident is acknowledged in time",
    "slack.postmortem": "post the postmortem draft",
    "slack.read_back": "read back what was said in the incident's channel",
    "slack.failure": "tell the commander about a failure",
    "slack.group": "write the message of a group of alerts",
    "slack.group_copy": "write the copy of an alert's message in a further channel",
    "group.copies": "let the copies of an alert's message follow",
    "slack.storm_copy": "write the copy of a storm's message in a further channel",
    "slack.group_news": "tell what changed in a group of alerts",
    "slack.home": "show somebody the Home tab",
    "slack.assigned": "tell somebody which alert was assigned to them",
    "slack.storm": "write the message of a storm of alerts",
    "storm.review": "look at a storm of alerts",
    "slack.digest": "post a digest of alerts",
    "digest.close": "make a digest of alerts",
    "group.review": "look at a group of alerts",
    "group.automate": "look whether a rule declares an incident",
    "group.attach": "let an incident that is open again have what fires",
    "incident.propose": "look whether all alerts of an incident are over",
    "group.mutes": "look at what keeps a group of alerts quiet",
    "alerts.recheck_mutes": "look at what keeps alerts quiet",
    "alerts.mirror_silence": "make or end a silence in Alertmanager",
    "slack.admin": "tell the administrators",
    "pager.page": "reach the pager",
    "slack.call": "tell who is on call that the pager is silent",
    "pager.on_call": "ask the pager who is on call",
    "timer": "set a timer",
    "timer.page": "look whether the pager accepted the page",
    "intake.read": "read what an alert source delivered",
    "heartbeat.watch": "look whether a heartbeat is overdue",
}
_SPELT: Final[Mapping[str, str]] = {
    "prometheus": "Prometheus",
    "pagerduty": "PagerDuty",
    "datadog": "Datadog",
    "newrelic": "New Relic",
    "cloudwatch": "CloudWatch",
    "sns": "SNS",
    "opsgenie": "Opsgenie",
}
_UNITS: Final = (("d", 86_400), ("h", 3_600), ("min", 60))


def duration(length: timedelta) -> str:
    """Return a length of time in its two largest units: "2 h 5 min"; below a minute in seconds."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _UNITS[-1][1]:
        return f"{seconds} s"
    parts: list[str] = []
    for unit, size in _UNITS:
        count, seconds = divmod(seconds, size)
        if count:
            parts.append(f"{count} {unit}")
        elif parts:
            break
    return " ".join(parts[:2])


def source_name(source: SourceName) -> str:
    """Return how a source is spelt."""
    return _SPELT.get(source.lower(), source.replace("_", " ").replace("-", " ").capitalize())


def attempt(kind: str) -> str:
    """Return what a kind of work would have done; what is no kind is said as it is."""
    return ATTEMPTS.get(kind, kind)


def named(incident: Incident) -> str:
    """Return number and title: "INC-42 checkout is down"."""
    return f"{incident.label} {one_line(incident.title)}"


def runbook_of(service: ServiceName | None, policy: Policy) -> str | None:
    """Return the address of a service's runbook, if it has one."""
    known = policy.services.get(service) if service else None
    return known.runbook_url if known else None


def update_parts(impact: str, doing: str) -> list[tuple[str, str]]:
    """Return the parts of an update beside what happens, by their names, those that were told."""
    return [(name, said) for name, said in (("Impact", impact), ("What we do", doing)) if said]


def and_more(count: int) -> str | None:
    """Return how many there are beside those that are shown: "and 3 more"; None when there are none."""
    return f"and {count} more" if count > 0 else None


def services_of(incident: Incident) -> tuple[str, str]:
    """Return what an incident's services are called together, and their names, the leading one first; or no names."""
    names = ", ".join(map(one_line, incident.services))
    return ("Services" if len(incident.services) > 1 else "Service", names)


def for_service(service: ServiceName | None) -> str:
    """Return for whom something is broken, behind what is: " for checkout", or nothing when no service is given."""
    return f" for {one_line(service)}" if service else ""
