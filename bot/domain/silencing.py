"""Silences: who makes and ends them, and how alerts that fire follow what keeps them quiet.

Nothing polls: each silence, and each maintenance, has its own moments at which all that fires is looked at again
(`RecheckMutes`), and only groups for which something is otherwise than before are decided anew (`ReviewMutes`).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, assert_never

from bot.domain import group_work, grouping
from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.copying import replace
from bot.domain.declared import FILE
from bot.domain.draft import Draft
from bot.domain.groups_model import Hush
from bot.domain.ids import GroupId, UserId
from bot.domain.kin import faces, stands_for
from bot.domain.matchers import Matcher, Operator, all_match, seen_labels
from bot.domain.mutes import Mute
from bot.domain.muting import Inhibitor, Silence, why_mute
from bot.domain.redaction import kept
from bot.domain.silence_commands import (
    EndSilence,
    HearSilence,
    HearSilenceEnd,
    RecheckMutes,
    ReviewMutes,
    SilenceAlerts,
    SilenceCommand,
    SilenceGroup,
    UnsilenceGroup,
)
from bot.domain.text import REASON_LIMIT, one_line
from bot.domain.watching import heard_again
from bot.errors import Refused

SHORTEST: Final = timedelta(minutes=1)
LONGEST: Final = timedelta(days=90)
MAINTENANCE: Final = "maintenance"
INHIBITION: Final = "inhibition"


def decide(draft: Draft, command: SilenceCommand) -> None:
    """Do what is asked of silences, or what time asks of what is quiet."""
    match command:
        case SilenceAlerts():
            _silence(draft, command)
        case SilenceGroup():
            _silence_group(draft, command)
        case EndSilence():
            _end(draft, command)
        case UnsilenceGroup():
            _unsilence_group(draft, command)
        case HearSilence():
            _hear(draft, command)
        case HearSilenceEnd():
            _hear_end(draft)
        case RecheckMutes():
            _recheck(draft, command)
        case ReviewMutes():
            _review(draft)
        case _:
            assert_never(command)


def _silence(draft: Draft, command: SilenceAlerts) -> None:
    """Keep the alerts that are meant quiet for a while; what is declared in a file lasts as long as it says there."""
    lasts = command.lasts - draft.now if isinstance(command.lasts, datetime) else command.lasts
    if command.origin != FILE and not SHORTEST <= lasts <= LONGEST:
        message = f"A silence lasts for 1m to {LONGEST.days}d."
        raise Refused(message)
    reason = one_line(kept(command.reason), REASON_LIMIT)
    if not reason:
        message = "Say why, so that whoever misses an alert knows."
        raise Refused(message)
    if all_match(command.matchers, {}):
        message = "These matchers mean every alert. Name at least one label that an alert must have."
        raise Refused(message)
    made = Silence(
        id=draft.state.next_silence,
        matchers=command.matchers,
        by=command.by,
        reason=reason,
        created_at=draft.now,
        starts_at=draft.now,
        ends_at=draft.now + lasts,
        origin=command.origin,
        far_id=command.name,
    )
    _begin(draft, made)
    _mirror(draft, made)


def _silence_group(draft: Draft, command: SilenceGroup) -> None:
    """Keep what is like a group quiet for a while, or the group itself until it is over."""
    group = draft.state.group
    if group is None or group.is_closed:
        message = "This alert is resolved already; nothing is left to silence."
        raise Refused(message)
    if command.lasts is None:
        grouping.show(draft, replace(group, hushed=Hush(by=command.by, at=draft.now)))
        return
    matchers = tuple(Matcher(name, Operator.EQUAL, value) for name, value in sorted(group.labels.items()))
    if not matchers:
        message = "This alert has nothing that it could be told apart by. Silence it until it is resolved."
        raise Refused(message)
    told = SilenceAlerts(
        matchers=matchers, lasts=command.lasts, by=command.by, reason="from the alert's button", origin="button"
    )
    _silence(draft, told)


def _end(draft: Draft, command: EndSilence) -> None:
    """Let what a silence kept quiet be heard again."""
    found = draft.state.silence
    if found is None:
        message = f"There is no silence S-{command.silence}."
        raise Refused(message)
    if found.is_over(draft.now):
        message = f"{found.label} is over already."
        raise Refused(message)
    if found.sender and draft.policy.mute.followed.get(found.sender) is False:
        message = f"{found.label} is a silence of {found.sender}: end it there."
        raise Refused(message)
    _over(draft, found, by=command.by)
    _mirror(draft, found)


def _hear(draft: Draft, command: HearSilence) -> None:
    """Take over a silence that a sender has of its own."""
    if command.ends_at <= draft.now:
        return
    made = Silence(
        id=draft.state.next_silence,
        matchers=command.matchers,
        by=command.by,
        reason=command.reason,
        created_at=draft.now,
        starts_at=min(command.starts_at, draft.now),
        ends_at=command.ends_at,
        sender=command.sender,
        far_id=command.far_id,
    )
    _begin(draft, made)


def _hear_end(draft: Draft) -> None:
    """Follow the end that a silence had at a sender; it is not sent back."""
    found = draft.state.silence
    if found and not found.is_over(draft.now):
        _over(draft, found)


def _unsilence_group(draft: Draft, command: UnsilenceGroup) -> None:
    """Let a group be heard that was to be quiet until it is over."""
    group = draft.state.group
    if group is None or group.hushed is None:
        message = "This alert is not silenced any more."
        raise Refused(message)
    grouping.show(draft, replace(group, hushed=None, unhushed=Hush(by=command.by, at=draft.now)))
    heard_again(draft)


def otherwise(draft: Draft, firing: Iterable[Alert]) -> set[GroupId]:
    """Return the groups for which what keeps their members quiet is otherwise than they know."""
    return {one.group for one in firing if one.group and mute_of(draft, one.report, one.id) != one.mute}


def _recheck(draft: Draft, command: RecheckMutes) -> None:
    """Let the groups be decided anew that were found, and look again when maintenance next begins or ends."""
    draft.do(*(group_work.ReviewMutes(group=group) for group in sorted(command.groups)))
    change = draft.policy.mute.next_change(command.at)
    if command.about == MAINTENANCE and change:
        draft.do(group_work.RecheckMutes(about=MAINTENANCE), due=change)


def _review(draft: Draft) -> None:
    """Decide anew for each member of a group that fires whether it is quiet."""
    group = draft.state.group
    if group is None:
        return
    looked_at = [(one, replace(one, mute=mute_of(draft, one.report, one.id))) for one in draft.state.alerts]
    draft.alerts += [after for before, after in looked_at if after != before]
    stood, stand = faces(before for before, _ in looked_at), faces(after for _, after in looked_at)
    for kin, before in stood.items():
        group = stands_for(group, before, stand[kin])
    if group != draft.state.group:
        grouping.follow(draft, group)
        heard_again(draft)


def mute_of(draft: Draft, report: ReportedAlert, alert: str) -> Mute | None:
    """Return why an alert is quiet now, if it is."""
    quiet = draft.state.quiet
    if not quiet.silences and not draft.policy.mute.maintenance and not quiet.inhibitors:
        return None
    return why_mute(alert, seen_labels(report), quiet, draft.policy.mute, draft.now, own=report.labels)


def heard(draft: Draft, alert: Alert) -> Alert:
    """Return an alert that fires with why it is quiet, and whether it keeps others quiet."""
    may = bool(draft.policy.mute.inhibitions) and draft.policy.mute.may_inhibit(seen_labels(alert.report))
    mute = mute_of(draft, alert.report, alert.id)
    return alert if (mute, may) == (alert.mute, alert.inhibits) else replace(alert, mute=mute, inhibits=may)


def tell_others(draft: Draft, before: Alert | None, after: Alert) -> None:
    """Let what an alert keeps quiet be looked at when it begins or ends to do so."""
    if inhibits(before) != inhibits(after):
        draft.do(group_work.RecheckMutes(about=INHIBITION))


def inhibits(alert: Alert | None) -> bool:
    """Tell whether an alert keeps others quiet now."""
    return alert is not None and alert.inhibits and alert.status is AlertStatus.FIRING


def inhibitor(alert: Alert) -> Inhibitor:
    """Return an alert as what keeps others quiet."""
    return Inhibitor(series=alert.id, title=alert.report.headline, labels=seen_labels(alert.report))


def _begin(draft: Draft, made: Silence) -> None:
    draft.silence = made
    draft.do(group_work.RecheckMutes(about=_about(made)))
    draft.do(group_work.RecheckMutes(about=made.label, n=1), due=made.ends_at)


def _over(draft: Draft, silence: Silence, by: UserId | None = None) -> None:
    draft.silence = replace(silence, ended_at=draft.now, ended_by=by)
    draft.do(group_work.RecheckMutes(about=_about(silence), n=2))


def _about(silence: Silence) -> str:
    """Return what is looked at anew: a sender's silences come together, by the hundred after a start."""
    return silence.sender or silence.label


def _mirror(draft: Draft, silence: Silence) -> None:
    """Let the senders have it that share our silences; one of theirs is that sender's alone."""
    for sender, shares in draft.policy.mute.followed.items():
        if shares and silence.sender in {"", sender}:
            draft.do(group_work.MirrorSilence(silence=silence.id, sender=sender))
