"""Digests: groups of a route with a `digest` have no message; what is new of them is told together when it is time.

A group counts what fired in it since the last digest (`Group.news`); closing a digest takes that off and puts the
message, in one transaction, so nothing is told twice or left out. The work that closes is named by its moment: a
digest of which there is nothing to say has no work, and no message.
"""

from collections.abc import Iterable
from typing import Final

from bot.domain import group_work
from bot.domain.alerts_model import Alert
from bot.domain.commands import CloseDigest
from bot.domain.copying import replace
from bot.domain.digests_model import Entry, digest_of
from bot.domain.draft import Draft
from bot.domain.groups_model import GRAVEST_FIRST, Group, News
from bot.domain.storms_model import Stand
from bot.domain.text import cut

LISTED: Final = 20
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

    What is quiet and still fires when it may be heard again is told then.
    """
    work, there = command.work, draft.state.groups
    heard = [group for group in there if not _is_quiet(group)]
    draft.groups = [replace(one, news=News()) for one in there if one.news and (one.is_over or not _is_quiet(one))]
    if not any(group.news.fired for group in heard):
        return
    leads = {alert.id: alert.report for alert in draft.state.alerts}
    entries = []
    for group in ranked(heard)[:LISTED]:
        entry, lead = _entry(group), leads.get(group.lead)
        entries.append(replace(entry, url=lead.source_url) if lead else entry)
    digest = group_work.PostDigest(
        channel=work.channel,
        digest=work.digest,
        until=work.until,
        entries=tuple(entries),
        groups=len(heard),
        fired=sum(group.news.fired for group in heard),
        firing=sum(not group.is_over for group in heard),
    )
    draft.do(digest)


def ranked(groups: Iterable[Group]) -> list[Group]:
    """Return groups in the order in which a digest tells them: what is new first, then the gravest."""
    return sorted(
        groups, key=lambda one: (not one.news.fired, GRAVEST_FIRST.index(one.severity), -one.news.fired, one.id)
    )


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
