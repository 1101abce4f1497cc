"""What can be done about a group of alerts: the part of work.py that groups need. It says what, not how."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.digests_model import Entry
from bot.domain.ids import GroupId, UserId
from bot.domain.storms_model import StormId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowGroup:
    """Write a group's living message; `channel` is what the configuration calls the place where it stands."""

    kind: Literal["slack.group"] = "slack.group"
    group: GroupId
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyGroup:
    """Write a group's living message once more, in a further channel where a route with `continue` leads."""

    kind: Literal["slack.group_copy"] = "slack.group_copy"
    group: GroupId
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowCopies:
    """Hand in the command of the same name: what is not known of a group but that it changed is shown in its copies."""

    kind: Literal["group.copies"] = "group.copies"
    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellGroup:
    """Tell a group's thread what has changed since it was last told; `n` counts the notes."""

    kind: Literal["slack.group_news"] = "slack.group_news"
    group: GroupId
    n: int
    channel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewGroup:
    """Hand in the command of the same name when due: whatever time alone changes in a group is decided then."""

    kind: Literal["group.review"] = "group.review"
    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class AutomateGroup:
    """Hand in the command of the same name when due: whether a rule holds in a group is decided then."""

    kind: Literal["group.automate"] = "group.automate"
    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachAlerts:
    """Hand in the command of the same name: a group's incident is open again, and may lack what fires in the group."""

    kind: Literal["group.attach"] = "group.attach"
    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAssignee:
    """Tell somebody in a direct message that a group was given to them; `n` counts how often it was given."""

    kind: Literal["slack.assigned"] = "slack.assigned"
    group: GroupId
    user: UserId
    by: UserId
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMutes:
    """Hand in the command of the same name: what keeps a group's members quiet has changed."""

    kind: Literal["group.mutes"] = "group.mutes"
    group: GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckMutes:
    """Hand in the command of the same name when due: what keeps alerts quiet may have begun or ended.

    `about` is the silence, or what else changed: each has its own moments.
    """

    kind: Literal["alerts.recheck_mutes"] = "alerts.recheck_mutes"
    about: str
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowStorm:
    """Write the one living message of a storm of groups."""

    kind: Literal["slack.storm"] = "slack.storm"
    storm: StormId
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyStorm:
    """Write a storm's living message once more, in a channel where copies of its groups' messages would stand."""

    kind: Literal["slack.storm_copy"] = "slack.storm_copy"
    storm: StormId
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewStorm:
    """Hand in the command of the same name when due: the storm is shown, and may be over.

    `n` is the period in which something changed; without one it is the look whether there were too many lately, which
    is put off as long as there are.
    """

    kind: Literal["storm.review"] = "storm.review"
    storm: StormId
    n: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorSilence:
    """Let a sender have one of our silences as it stands now: made there, or ended."""

    kind: Literal["alerts.mirror_silence"] = "alerts.mirror_silence"
    silence: int
    sender: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDigest:
    """Hand in the command of the same name when due: what fired in the groups of a digest is told.

    Of many it takes some at a time: those up to `after` are taken in, and stand in the rest as `PostDigest` tells them.
    """

    kind: Literal["digest.close"] = "digest.close"
    channel: str
    digest: str
    until: datetime
    after: GroupId | None = None
    entries: tuple[Entry, ...] = ()
    groups: int = 0
    fired: int = 0
    firing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostDigest:
    """Tell what fired until a moment: `fired` alerts in `groups`, of which `firing` still do; a few are listed."""

    kind: Literal["slack.digest"] = "slack.digest"
    channel: str
    digest: str
    until: datetime
    entries: tuple[Entry, ...]
    groups: int
    fired: int
    firing: int


GroupWork = (
    ShowGroup
    | CopyGroup
    | ShowCopies
    | TellGroup
    | ReviewGroup
    | AutomateGroup
    | AttachAlerts
    | TellAssignee
    | ReviewMutes
    | RecheckMutes
    | ShowStorm
    | CopyStorm
    | ReviewStorm
    | MirrorSilence
    | CloseDigest
    | PostDigest
)
