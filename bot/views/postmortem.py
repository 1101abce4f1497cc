"""The postmortem draft as Markdown: facts filled in, the rest asked for. Blameless: what happened, not who erred.

The front matter's keys never change, so that drafts can be compared and indexed. The sections follow
https://sre.google/sre-book/example-postmortem/ and https://postmortems.pagerduty.com/resources/post_mortem_template/.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.domain.alert_events import AlertAttached, AlertEnded
from bot.domain.entries import Entry
from bot.domain.events import Event
from bot.domain.ids import UserId
from bot.domain.message_events import MemberMoved, MessagePosted
from bot.domain.postmortem import Postmortem, Signal
from bot.domain.roles_model import label_of
from bot.domain.text import clean, one_line
from bot.views.linked import RELATIONS, name_of
from bot.views.markdown import inline, link, prompt, quote, table
from bot.views.sentences import as_text, quoted, with_names
from bot.views.telling import tell
from bot.views.telling_of_keeping import tell_of_moves
from bot.views.words import duration, source_name

Names = Mapping[UserId, str]

REPORT_WITHIN: Final = timedelta(hours=24)
REVIEW_WITHIN: Final = timedelta(hours=48)
_UNKNOWN: Final = "not known"
_ACTION_ROWS: Final = ("prevent", "mitigate", "process")


def postmortem_markdown(postmortem: Postmortem, names: Names) -> str:
    """Return the draft. Who has no name in `names` is named by the id."""
    parts = (
        _front_matter(postmortem, names),
        f"# Postmortem: {inline(postmortem.title)} ({postmortem.label})",
        prompt("A draft from the timeline. It looks for what made this possible, never for somebody to blame."),
        _overview(postmortem),
        _summary(postmortem),
        _impact(postmortem),
        _measures(postmortem),
        _roles(postmortem, names),
        _timeline(postmortem, names),
        _detection(postmortem, names),
        _response(postmortem),
        _resolution(postmortem, names),
        *_linked(postmortem),
        _asked(
            "Contributing factors",
            "What had to come together? Ask why of systems and processes; it is seldom one thing.",
        ),
        "## Lessons",
        _asked("What went well", "What helped, and should stay?", level=3),
        _asked("What did not go well", "What was slow, missing, or in the way?", level=3),
        _asked("Where we got lucky", "What could have made it worse, and did not by chance?", level=3),
        _action_items(postmortem, names),
    )
    return clean("\n\n".join(parts)) + "\n"


def _front_matter(postmortem: Postmortem, names: Names) -> str:
    moments, measures = postmortem.moments, postmortem.measures
    commanders = [one_line(names.get(user, user)) for user in postmortem.commanders]
    values: dict[str, str | list[str] | float | None] = {
        "incident": postmortem.label,
        "title": one_line(postmortem.title),
        "status": "draft",
        "date": f"{_start(postmortem):%Y-%m-%d}",
        "severity": postmortem.severity.value,
        "services": [one_line(name) for name in postmortem.services],
        "commanders": commanders,
        "started_at": _iso(moments.started),
        "detected_at": _iso(moments.detected),
        "declared_at": _iso(moments.declared),
        "acknowledged_at": _iso(moments.acknowledged),
        "mitigated_at": _iso(moments.mitigated),
        "resolved_at": _iso(moments.resolved),
        "duration_minutes": _minutes(postmortem.duration),
        "minutes_to_detect": _minutes(measures.to_detect),
        "minutes_to_acknowledge": _minutes(measures.to_acknowledge),
        "minutes_to_mitigate": _minutes(measures.to_mitigate),
        "minutes_to_resolve": _minutes(measures.to_resolve),
    }
    # JSON is YAML (https://yaml.org/spec/1.2.2/#1-3): whatever a title holds, it stays a string.
    lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())
    return "\n".join(("---", *lines, "---"))


def _overview(postmortem: Postmortem) -> str:
    changes = postmortem.severity_changes
    path = [changes[0].previous.label, *(change.severity.label for change in changes)] if changes else []
    severity = f"{postmortem.severity.label} ({inline(postmortem.severity_meaning)})"
    resolved = postmortem.moments.resolved
    rows = [
        ("Date", f"{_start(postmortem):%Y-%m-%d}"),
        ("Duration", _length(postmortem.duration) if resolved else "not over yet"),
        ("Severity", f"{severity}; {' → '.join(path)}" if path else severity),
        ("Impact", prompt("How many people, for how long, what could they not do?")),
        ("Services", ", ".join(inline(name) for name in postmortem.services) or _UNKNOWN),
    ]
    if resolved:
        rows.append(("Report due", f"{_moment(resolved + REPORT_WITHIN)} (within 24 hours)"))
        rows.append(("Review meeting", f"before {_moment(resolved + REVIEW_WITHIN)} (within 48 hours)"))
    return table(("Incident", postmortem.label), [(f"**{name}**", value) for name, value in rows])


def _summary(postmortem: Postmortem) -> str:
    services = ", ".join(inline(name) for name in postmortem.services)
    where = f" in {services}" if services else ""
    noticed = "an alert" if postmortem.signals else "people"
    began, ended = _start(postmortem), postmortem.moments.resolved
    lasted = f"It lasted {_length(postmortem.duration)}." if ended else "It is not over yet."
    facts = f"From {_moment(began)} on: {inline(postmortem.title)}{where}. First noticed by {noticed}. {lasted}"
    asked = prompt("In three sentences, for people who were not there: what broke, for whom, what ended it.")
    return f"## Summary\n\n{facts}\n\n{asked}"


def _impact(postmortem: Postmortem) -> str:
    began, ended = _start(postmortem), postmortem.moments.resolved
    span = f"From {_moment(began)} to {_moment(ended)}." if ended else f"Since {_moment(began)}."
    asked = ("Users affected", "Requests failed", "Error budget used", "Cost")
    rows = [(name, prompt("in numbers")) for name in asked]
    return "\n\n".join(("## Impact", span, table(("What", "How much"), rows)))


def _measures(postmortem: Postmortem) -> str:
    measures = postmortem.measures
    began = "start" if measures.from_start else "detection (the start is not known)"
    rows = (
        ("Time to detect", _length(measures.to_detect), "start of the first alert → first heard of, or declared"),
        ("Time to acknowledge", _length(measures.to_acknowledge), "detection → first acknowledgement or commander"),
        ("Time to mitigate", _length(measures.to_mitigate), f"{began} → monitoring"),
        ("Time to resolve", _length(measures.to_resolve), f"{began} → resolved"),
    )
    return "## Measures\n\n" + table(("Measure", "Value", "From → to"), rows)


def _roles(postmortem: Postmortem, names: Names) -> str:
    rows = [
        (label_of(one.role), _who(one.user, names), _moment(one.since), _moment(one.until) if one.until else "")
        for one in postmortem.holdings
    ]
    shown = table(("Role", "Who", "From", "Until"), rows) if rows else "Nobody took a role."
    people = ", ".join(_who(user, names) for user in postmortem.people)
    return "\n\n".join(("## People and roles", shown, f"Took part: {people or _UNKNOWN}."))


def _timeline(postmortem: Postmortem, names: Names) -> str:
    lines: list[str] = []
    day = ""
    for entry in postmortem.timeline:
        today = f"{entry.at.astimezone(UTC):%Y-%m-%d}"
        if today != day:
            lines += [*([""] if lines else []), f"### {today}", ""]
            day = today
        lines.append(_row(entry, names))
    return "\n".join(("## Timeline (UTC)", "", *(lines or ["Nothing was recorded."])))


def _row(entry: Entry, names: Names) -> str:
    by = f" by {_who(entry.edited_by, names)}" if entry.edited_by and not isinstance(entry.event, MessagePosted) else ""
    edited = f"{' (marked)' if entry.marked else ''}{f' (edited{by})' if entry.edited else ''}"
    source = f" ({', '.join((link('message', entry.permalink), *_files(entry.event)))})" if entry.permalink else ""
    return f"- **{entry.at.astimezone(UTC):%H:%M}** {inline(_sentence(entry, names))}{edited}{source}"


def _files(event: Event) -> list[str]:
    """Return links to the files of a message: what they show is not in the record."""
    if not isinstance(event, MessagePosted):
        return []
    return [link(name, url) for name, url in zip(event.files, event.links, strict=False) if url]


def _sentence(entry: Entry, names: Names) -> str:
    match entry.event:
        case AlertAttached(title=title):
            return f"The alert began: {quoted(title)}"
        case AlertEnded(title=title, unheard_for=None):
            return f"The alert ended: {quoted(title)}"
        case MemberMoved() as event:
            return as_text(tell_of_moves((event, *entry.also)), names)
        case event:
            return as_text(tell(event), names)


def _detection(postmortem: Postmortem, names: Names) -> str:
    rule = f"Rule {inline(quoted(postmortem.rule))}" if postmortem.rule else "Muster"
    by = _who(postmortem.declared_by, names) if postmortem.declared_by else rule
    declared = f"{by} declared the incident at {_moment(postmortem.moments.declared)}."
    how = "By an alert." if postmortem.signals else "By people: no alert is attached."
    paged = " The pager was asked to call whoever is on call." if postmortem.paged else ""
    alerts = "\n".join(_signal(signal) for signal in postmortem.signals)
    asked = prompt("Could it have been noticed sooner, or by a machine? Which alert was missing or too noisy?")
    return "\n\n".join(part for part in ("## Detection", f"{how} {declared}{paged}", alerts, asked) if part)


def _signal(signal: Signal) -> str:
    named = source_name(signal.source) if signal.source else "source"
    source = f" ({link(named, signal.source_url)})" if signal.source_url else ""
    ended = f", ended {_moment(signal.ended_at)}" if signal.ended_at else ""
    return f"- {inline(quoted(signal.title))}: began {_moment(signal.started_at)}{ended}{source}"


def _response(postmortem: Postmortem) -> str:
    overdue = f", {_count(postmortem.overdue, 'reminder')} of an overdue one" if postmortem.overdue else ""
    facts = [f"{_count(postmortem.updates, 'update')} sent{overdue}."]
    if postmortem.measures.to_acknowledge is not None:
        facts.append(f"Taken up {duration(postmortem.measures.to_acknowledge)} after detection.")
    facts += [f"{as_text(tell(failed), {})}." for failed in postmortem.failures]
    listed = "\n".join(f"- {inline(fact)}" for fact in facts)
    return "\n\n".join(("## Response", listed, prompt("What was tried, in which order, and what did it tell us?")))


def _resolution(postmortem: Postmortem, names: Names) -> str:
    if postmortem.resolution is None or postmortem.moments.resolved is None:
        return "## Resolution\n\nNot resolved yet."
    by = f" by {_who(postmortem.resolved_by, names)}" if postmortem.resolved_by else ""
    return "\n\n".join(
        (
            "## Resolution",
            f"Resolved at {_moment(postmortem.moments.resolved)}{by}:",
            quote(with_names(postmortem.resolution, names)),
            prompt("Is the fix for good, or is something temporary still in place?"),
        )
    )


def _linked(postmortem: Postmortem) -> list[str]:
    rows = [f"- {RELATIONS[one.relation]}: {link(name_of(one), one.url)}" for one in postmortem.links]
    return ["## Linked\n\n" + "\n".join(rows)] if rows else []


def _action_items(postmortem: Postmortem, names: Names) -> str:
    known = [
        (
            f"{inline(one.text)}{'' if one.is_open else ' (done)'}",
            prompt("which"),
            _who(one.owner, names) if one.owner else prompt("one person"),
            f"{one.due:%Y-%m-%d}" if one.due else prompt("date"),
            "",
        )
        for one in postmortem.actions
    ]
    rows = known or [(prompt("what"), kind, prompt("one person"), prompt("date"), "") for kind in _ACTION_ROWS]
    return "## Action items\n\n" + table(
        ("Action", "Type (prevent, mitigate, process)", "Owner", "Due", "Ticket"), rows
    )


def _asked(heading: str, question: str, *, level: int = 2) -> str:
    return f"{'#' * level} {heading}\n\n{prompt(question)}"


def _start(postmortem: Postmortem) -> datetime:
    return (postmortem.moments.started or postmortem.moments.declared).astimezone(UTC)


def _who(user: UserId, names: Names) -> str:
    return inline(names.get(user, user))


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _iso(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _minutes(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds() / 60, 1)


def _length(length: timedelta | None) -> str:
    return _UNKNOWN if length is None else duration(length)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
