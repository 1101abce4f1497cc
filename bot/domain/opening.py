"""A new group, as the route of its first alert wants it: what names it, where it goes, how it is told."""

from datetime import timedelta

from bot.domain.alerts_model import Alert, ReportedAlert
from bot.domain.draft import Draft
from bot.domain.groups_model import Group
from bot.domain.ids import GroupId
from bot.domain.kin import HEADLINE_LIMIT
from bot.domain.names import short_digest
from bot.domain.routed import Routed
from bot.domain.routing import group_labels
from bot.domain.storms_model import Stand
from bot.domain.text import cut


def key_of(report: ReportedAlert, routed: Routed) -> str:
    """Return what names the groups that an alert may belong to, one after another."""
    labels = group_labels(routed, report)
    return short_digest(
        routed.path, routed.channel, *(part for name in sorted(labels) for part in (name, labels[name]))
    )


def opened(draft: Draft, alert: Alert, earlier: Group | None) -> Group:
    """Return the next group of an alert's key, with nothing counted in it yet."""
    routed = draft.policy.routed(alert.report)
    key, number = key_of(alert.report, routed), earlier.number + 1 if earlier else 1
    waits = routed.group_wait > timedelta() and not routed.digest
    return Group(
        # By its key and number alone, so that of two replicas that open the same one loses, and looks again.
        id=GroupId(short_digest(key, str(number))),
        key=key,
        number=number,
        path=routed.path,
        labels=group_labels(routed, alert.report),
        channel=routed.channel,
        interval=routed.group_interval,
        within=routed.group_within,
        lead=alert.id,
        title=cut(alert.report.headline, HEADLINE_LIMIT),
        service=alert.service,
        status=alert.status,
        opened_at=draft.now,
        began_at=alert.report.starts_at,
        changed_at=draft.now,
        ended_at=alert.ended_at,
        severity=alert.report.severity,
        shown_at=None if waits or alert.mute else draft.now,
        hidden=alert.mute is not None,
        stand=Stand.NOWHERE if routed.digest else Stand.UNPLACED,
        digest=str(routed.digest) if routed.digest else "",
        planned=draft.now + routed.group_wait if waits else None,
    )
