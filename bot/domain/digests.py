"""Digests: groups of a route with a `digest` have no message; what is new of them is told together when it is time.

A group counts what fired in it since the last digest (`Group.news`); closing a digest takes that off, part by part,
and carries it to the message in the same transactions, so nothing is told twice or left out. The work that closes is
named by its moment: a digest of which there is nothing to say has no work, and no message.
"""

from collections.abc import Iterable
from typing import Final

from bot.domain import group_work
from bot.domain.alerts_model import Alert, AlertSeverity
from bot.domain.commands import CloseDigest
from bot.domain.copying import replace
from bot.domain.digests_model import Entry, digest_of
from bot.domain.draft import Draft
from bot.domain.groups_model import GRAVEST_FIRST, Group, News
from bot.domain.storms_model import Stand
from bot.domain.text import cut

LISTED: Final = 20
# So many groups are taken in by one transaction.
AT_ONCE: Final = 200
_TITLE_LIMIT: Final = 150


def follow(draft: Draft, group: Group) -> None:
    """Let what fired in a group be told when it is time."""
    if group.news.fired:
        due = digest_of(group.digest).next_after(draft.now)
        draft.do(group_work.CloseDigest(channel=group.channel, digest=group.digest, until=due), due=due)


def outgrown(draft: Draft, group: Group, member: Alert) -> Group:
    """Return a group as it stands; one of which something is too grave for its digest has its own message, now.

    It goes where that alert's route says.
    """
    routed = draft.policy.routed(member.report) if group.digest else None
    if routed is None or routed.digest:
        return group
    shown = replace(group, digest="", channel=routed.channel, interval=routed.group_interval, news=News())
    return replace(shown, stand=Stand.UNPLACED, shown_at=draft.now)


def close(draft: Draft, command: CloseDigest) -> None:
    """Tell what fired since the last digest, and what still fires from before; when nothing did, nothing.

    What is quiet and still fires when it may be heard again is told then. Of thousands a part is taken in at a time:
    what is taken off there stands in the work that goes on, so a death in between changes nothing.
    """
    work, there = command.work, draft.state.groups
    heard = [group for group in there if not _is_quiet(group)]
    draft.groups = [replace(one, news=News()) for one in there if one.news and (one.is_over or not _is_quiet(one))]
    leads = {alert.id: alert.report for alert in draft.state.alerts}
    entries = list(work.entries)
    for group in ranked(heard)[:LISTED]:
        entry, lead = _entry(group), leads.get(group.lead)
        entries.append(replace(entry, url=lead.source_url) if lead else entry)
    entries.sort(key=_rank)  # among equals it keeps the order of their names: those of before come first
    taken = replace(
        work,
        after=there[-1].id if there else work.after,
        entries=tuple(entries[:LISTED]),
        groups=work.groups + len(heard),
        fired=work.fired + sum(group.news.fired for group in heard),
        firing=work.firing + sum(not group.is_over for group in heard),
    )
    if len(there) >= AT_ONCE:
        draft.do(taken)
    elif taken.fired:
        draft.do(
            group_work.PostDigest(
                channel=work.channel,
                digest=work.digest,
                until=work.until,
                entries=taken.entries,
                groups=taken.groups,
                fired=taken.fired,
                firing=taken.firing,
            )
        )


def ranked(groups: Iterable[Group]) -> list[Group]:
    """Return groups in the order in which a digest tells them: what is new first, then the gravest."""
    return sorted(groups, key=lambda one: (*_order(one.news.fired, one.severity), one.id))


def _rank(entry: Entry) -> tuple[bool, int, int]:
    return _order(entry.fired, entry.severity)


def _order(fired: int, severity: AlertSeverity) -> tuple[bool, int, int]:
    return not fired, GRAVEST_FIRST.index(severity), -fired


def _is_quiet(group: Group) -> bool:
    return group.is_mute or group.hidden


def _entry(group: Group) -> Entry:
    return Entry(
        title=cut(group.headline, _TITLE_LIMIT),
        service=group.service,
        severity=group.severity,
        fired=group.news.fired,
        firing=group.firing,
        began_at=group.began_at,
        ended_at=group.ended_at,
    )
