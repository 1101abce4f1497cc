"""What happened to an alert, told in order with the times, for whoever asks why: `/incident why`, or its button."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, assert_never

from bot.domain.alerts_model import Alert
from bot.domain.explaining import Explained, Waiting
from bot.domain.finding import message_address, name_of
from bot.domain.groups_model import Became, Group, Past
from bot.domain.history import KEPT
from bot.domain.ids import MessageTs, UserId
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.privacy import is_hidden
from bot.domain.routed import Routed, further_way
from bot.domain.storms_model import Stand
from bot.domain.text import cut, one_line
from bot.views.blocks import (
    HEADER_LIMIT,
    Block,
    Message,
    Moment,
    Safe,
    bold,
    channel_link,
    code,
    context,
    date,
    escape,
    header,
    joined,
    line,
    lines,
    link,
    mention,
    message,
    section,
    sections,
)
from bot.views.flapping import state
from bot.views.quiet import why_mute, why_quiet
from bot.views.silent import RESOLVED, ending
from bot.views.standing import IN_PRIVATE, answered, by_whom
from bot.views.words import ALERT_SEVERITIES, VERDICTS, and_more, attempt, source_name

_STEPS: Final = 8
_STEP_LIMIT: Final = 250
_ERROR_LIMIT: Final = 200
_TITLE_LIMIT: Final = 200

_Told = tuple[datetime, Safe]


def why(known: Explained, policy: Policy, url: str) -> Message:
    """Tell what happened to an alert; `url` is the workspace's address."""
    group = known.group
    told = sorted(_story(known, url), key=lambda one: one[0])
    rows = [line(date(at, Moment.SECONDS), " · ", text) for at, text in told]
    return message(
        f"What happened to {cut(group.headline, _TITLE_LIMIT)}: {len(told)} steps",
        header(f"Why: {cut(group.headline, HEADER_LIMIT - 5)}"),
        section(_standing(known)),
        context("Earlier steps than these are not kept") if len(group.past) >= KEPT else None,
        *sections(rows),
        _route(group, known.lead, policy),
        _rules(group, known.lead, policy),
        section(lines(*_waiting(known.waiting))),
        context(line("It is called ", code(name_of(group)))),
    )


def _standing(known: Explained) -> Safe:
    group = known.group
    how = ending(group) if group.is_closed else f"{state(group)}, {group.firing} of {group.total}"
    paged = None if known.incident else "Nobody was paged: no incident was declared from it"
    return joined(" · ", (bold(how), ALERT_SEVERITIES[group.severity], why_quiet(group), paged))


def _story(known: Explained, url: str) -> Iterator[_Told]:
    group = known.group
    yield group.began_at, escape("It began, by its source")
    yield group.opened_at, _came(group, known.lead)
    if known.message:
        where = link(message_address(url, *known.message), "message")
        yield _when(known.message[1]), line("Its ", where, " was written in ", channel_link(known.message[0], ""))
    for room, ts in known.copies:
        where = link(message_address(url, room, ts), "copy")
        yield _when(ts), line("A ", where, " of it was written in ", channel_link(room, ""))
    yield from ((_when(ts), escape("Its thread was told what changed")) for ts in known.notes)
    yield from ((past.at, _step(past, known.incident)) for past in group.past)
    yield from _from_before(group)
    if group.judged:
        yield group.judged.at, line(VERDICTS[group.judged.verdict], ", says ", mention(group.judged.by))
    if group.ended_at:
        yield group.ended_at, escape("It ended, by its source" if ending(group) == RESOLVED else ending(group))
    if silence := known.silence:
        yield silence.created_at, line(silence.label, " was made by ", mention(silence.by), ": ", silence.reason)
        if silence.ended_at:
            by = (" by ", mention(silence.ended_by)) if silence.ended_by else ()
            yield silence.ended_at, line(silence.label, " was ended before its time", *by)
    if known.incident:
        yield from _incident(known.incident)


def _came(group: Group, lead: Alert | None) -> Safe:
    source = f" from {source_name(lead.report.source)}" if lead else ""
    together = ", ".join(f"{name}={value}" for name, value in sorted(group.labels.items()))
    among = line("; grouped by ", code(cut(one_line(together), _STEP_LIMIT))) if together else ""
    told = f", told in its digest ({group.digest})" if group.digest else ""
    return line(f"It came in{source}, for #{group.channel.removeprefix('#')}{told}", among)


def _step(past: Past, incident: Incident | None) -> Safe:  # noqa: C901, PLR0911 - one line a kind
    by = mention(past.by) if past.by else "somebody"
    match past.what:
        case Became.TAKEN:
            return line("Acknowledged by ", by)
        case Became.GIVEN:
            return line("Assigned to ", mention(UserId(past.text)), " by ", by)
        case Became.HUSHED:
            return line("Silenced until it is resolved by ", by)
        case Became.UNHUSHED:
            return line("That silence was ended by ", by)
        case Became.QUIET:
            return why_mute(past.mute) if past.mute else line("Quiet")
        case Became.HEARD:
            return line("Nothing keeps it quiet any more")
        case Became.JOINED:
            known = incident is not None and not is_hidden(incident) and past.text == incident.label
            return line("Belongs to ", past.text) if known else line("Belongs to another incident")
        case Became.OVER:
            return line("All of it is over")
        case Became.AGAIN:
            return line("Fires again")
        case Became.FLAPS:
            return line("Flaps: it comes and goes, and is told calmly")
        case Became.STEADY:
            return line("Flaps no more: it is ", past.text)
        case Became.STORM:
            nowhere = past.text == Stand.NOWHERE.value
            return line("In an alert storm: ", "no message of its own" if nowhere else "its message is in the thread")
        case Became.ALONE:
            return line("Its message stands by itself, beside the alert storm")
        case _:
            assert_never(past.what)


def _from_before(group: Group) -> Iterator[_Told]:
    """Return who took up a group before this was remembered."""
    taken = group.acknowledged
    if taken and not any(past.what is Became.TAKEN for past in group.past):
        yield taken.at, line("Acknowledged by ", mention(taken.by))


def _incident(incident: Incident) -> Iterator[_Told]:
    if is_hidden(incident):
        yield incident.declared_at, escape(IN_PRIVATE)
        return
    whom = by_whom(incident) or " by Muster"
    pages = "" if incident.paged else "; it pages nobody"
    in_triage = ", in triage" if incident.unannounced else ""
    how = f"{incident.label} was declared as {incident.severity.label}{in_triage}"
    yield incident.declared_at, line(how, whom, pages)
    if incident.page_asked_at:
        yield incident.page_asked_at, escape("The pager was asked to wake somebody")
    if incident.page_accepted_at:
        yield incident.page_accepted_at, escape("The pager accepted the page")
    if incident.pager_silent_at:
        yield incident.pager_silent_at, escape("The pager was silent: who is on call was told in Slack")
    if taken := incident.page_taken:
        yield taken.at, answered(taken) if taken.in_pager else line("Somebody in Slack took the page up")
    if incident.running_since:
        yield incident.running_since, line(incident.label, " was reopened" if incident.reopened else " was accepted")
    if incident.resolved_at:
        yield incident.resolved_at, line(incident.label, " was resolved")
    if aside := incident.set_aside:
        yield (
            aside.at,
            line(incident.label, " was ", incident.status.value, ": ", cut(one_line(aside.reason), _STEP_LIMIT)),
        )


def _route(group: Group, lead: Alert | None, policy: Policy) -> Block | None:
    """Return which way it went, and why; the reasons are those of the configuration as it is now."""
    if lead is None:
        return None
    routed = policy.routed(lead.report, explain=True)
    if (routed.path, routed.channel) != (group.path, group.channel):
        went = line("It went by ", code(cut(group.path, _STEP_LIMIT))) if group.path else line("No route matched then")
        return section(lines(bold("Route"), went, "By the configuration of now it would go another way"))
    steps = [line("→ " if step.taken else "✗ ", cut(str(step), _STEP_LIMIT)) for step in routed.why]
    more = and_more(len(steps) - _STEPS)
    if not any(step.taken for step in routed.why):
        more = "No route matches: the channel of its service, else that of all alerts"
    return section(lines(bold("Route"), *steps[-_STEPS:], more, *(_further(way, routed) for way in routed.further)))


def _further(way: Routed, first: Routed) -> Safe:
    """Return what becomes of an alert on a further way."""
    where = f"#{way.channel.removeprefix('#')}"
    return line("→ ", f"{where}: {further_way(way, first)}")


def _rules(group: Group, lead: Alert | None, policy: Policy) -> Block | None:
    """Return which rules count it and which do not, and why, as long as it has no incident."""
    if lead is None or group.incident or not policy.declare:
        return None
    taken = line("Acknowledged: no rule declares it") if group.acknowledged else None
    told = []
    for rule in policy.declare[:_STEPS]:
        why_not = rule.objection(lead.report)
        told.append(line("✗ " if why_not else "→ ", rule.name, ": ", cut(why_not or f"counts {rule}", _STEP_LIMIT)))
    return section(lines(bold("Rules"), taken, *told))


def _waiting(waiting: Sequence[Waiting]) -> Iterator[Safe]:
    if not waiting:
        yield escape("Nothing waits: all that was decided is done.")
        return
    yield bold("Not done yet")
    for one in waiting:
        tried = f", tried {one.attempts} times" if one.attempts > 1 else ""
        error = f": {cut(one_line(one.error), _ERROR_LIMIT)}" if one.error else ""
        due = line("given up") if one.given_up else line("due ", date(one.due, Moment.SECONDS))
        yield line("To ", attempt(one.kind), ", ", due, tried, error)


def _when(ts: MessageTs) -> datetime:
    """Return when a message was posted: its ts says so."""
    return datetime.fromtimestamp(float(ts), UTC)
