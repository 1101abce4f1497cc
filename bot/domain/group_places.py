"""Where the work of groups of alerts waits: their part of places.py."""

from typing import assert_never

from bot.domain.group_work import (
    AttachAlerts,
    AutomateGroup,
    CloseDigest,
    CopyGroup,
    CopyStorm,
    GroupWork,
    MirrorSilence,
    PostDigest,
    RecheckMutes,
    ReviewGroup,
    ReviewMutes,
    ReviewStorm,
    ShowCopies,
    ShowGroup,
    ShowStorm,
    TellAssignee,
    TellGroup,
)
from bot.domain.ids import GroupId
from bot.domain.names import short_digest
from bot.domain.spots import Spot, lone
from bot.domain.storms_model import StormId
from bot.domain.tracks import Track
from bot.domain.work import Work


def place_of_group(work: GroupWork) -> Spot:  # noqa: C901, PLR0911, PLR0912 - one line a kind
    """Return where it waits: what must keep its order shares a lane."""
    match work:
        case ShowGroup(group=group, channel=channel):
            return lone(f"group:{group}", gate=f"channel:{channel}" if channel else "")
        case CopyGroup(group=group, channel=channel):
            return lone(f"group_copy:{group}:{short_digest(channel)}", gate=f"channel:{channel}")
        case ShowCopies(group=group):
            return lone(f"copies:{group}", Track.CLOCK)
        case TellGroup(group=group, n=count, channel=channel):  # a lane of its own: no edit waits behind a note
            return Spot(f"group_news:{group}:{count}", f"group_news:{group}", Track.CHAT, f"channel:{channel}")
        case ReviewGroup(group=group):
            return lone(f"review:{group}", Track.CLOCK)
        case AutomateGroup(group=group):
            return lone(f"automate:{group}", Track.CLOCK)
        case AttachAlerts(group=group):
            return lone(f"attach:{group}", Track.CLOCK)
        case TellAssignee(group=group, user=user, n=count):
            return Spot(f"assigned:{group}:{count}", f"dm:{user}", Track.CHAT)
        case ReviewMutes(group=group):
            return lone(f"mutes:{group}", Track.CLOCK)
        case RecheckMutes(about=about, n=count):
            return lone(f"recheck:{about}:{count}", Track.CLOCK)
        case ShowStorm(storm=storm, channel=channel):
            return lone(f"storm:{storm}", gate=f"channel:{channel}")
        case CopyStorm(storm=storm, channel=channel):
            return lone(f"storm_copy:{storm}:{short_digest(channel)}", gate=f"channel:{channel}")
        case CloseDigest(channel=channel, digest=digest, until=until):  # a lane each: none waits for a later one
            return lone(f"digest_close:{short_digest(channel, digest)}:{until.timestamp():.0f}", Track.CLOCK)
        case PostDigest(channel=channel, digest=digest, until=until):
            name = f"digest:{short_digest(channel, digest)}"
            return Spot(f"{name}:{until.timestamp():.0f}", name, Track.CHAT, f"channel:{channel}")
        case ReviewStorm(storm=storm, n=count):  # a lane each: the one that is put off holds up none
            return lone(f"storm_review:{storm}:{count}", Track.CLOCK)
        case MirrorSilence(silence=silence, sender=sender):
            return lone(f"mirror:{short_digest(sender)}:{silence}", Track.ERRANDS)
        case _:
            assert_never(work)


def group_of(work: Work) -> GroupId | None:
    """Return the group that work belongs to."""
    match work:
        case (
            ShowGroup() | CopyGroup() | TellGroup() | ReviewGroup() | AutomateGroup() | AttachAlerts() | TellAssignee()
        ):
            return work.group
        case _:
            return None


def storm_of(work: Work) -> StormId | None:
    """Return the storm that work belongs to."""
    return work.storm if isinstance(work, ShowStorm | CopyStorm | ReviewStorm) else None
