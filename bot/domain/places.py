"""Where work waits: the only table of keys, lanes and tracks.

A key names an effect (deciding the same kind and key again while it waits replaces it) and the post in Slack as well;
what shares a lane keeps its order; each track has workers of its own. What comes by the thousand and needs the same
scarce slot waits at one gate: while it is closed nobody asks for any of it, and when it opens the gravest goes first.
"""

from dataclasses import dataclass
from typing import assert_never

from bot.domain.calls import InviteGroup, PageCallee, TellCalled
from bot.domain.group_work import (
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
from bot.domain.handovers import AwaitHandover, ShowHandover
from bot.domain.home import ShowHome
from bot.domain.ids import GroupId, IncidentId
from bot.domain.latecomers import SendSummary
from bot.domain.names import short_digest
from bot.domain.noticed import AwaitStructure
from bot.domain.proposals import ProposeResolve, ShowProposal
from bot.domain.read_back import ReadBack
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.storms_model import StormId
from bot.domain.tracks import Track
from bot.domain.work import (
    AddBookmark,
    Announce,
    ConfirmSubscription,
    InvitePeople,
    OpenChannel,
    Page,
    Place,
    PostPostmortem,
    ReadDeliveries,
    RefreshOnCall,
    Remind,
    Say,
    SendDuties,
    SetTopic,
    ShowCard,
    TellFailure,
    Timer,
    WarnAdmins,
    WatchHeartbeat,
    Work,
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an effect waits: its key (the post's name in Slack as well), its lane, its track, its gate if any."""

    key: str
    lane: str
    track: Track
    gate: str = ""


def place(work: Work) -> Spot:  # noqa: C901, PLR0911, PLR0912 - one line a kind: the table of keys and lanes
    """Return where work waits: what must keep its order shares a lane."""
    if isinstance(work, GroupWork):
        return _place_of_group(work)
    match work:
        case OpenChannel(incident=n):
            return Spot(f"channel:{n}", f"incident:{n}", Track.CHAT)
        case InvitePeople() | InviteGroup():
            return _invited(work)
        case ShowCard(incident=n):
            return Spot(f"card:{n}", f"incident:{n}", Track.CHAT)
        case Announce(incident=n):
            return Spot(f"announcement:{n}", f"announce:{n}", Track.CHAT)
        case SetTopic(incident=n):
            return _lone(f"topic:{n}")
        case AddBookmark(incident=n):
            return _lone(f"bookmark:{n}")
        case Say(incident=n, place=where, seq=seq):
            said = Spot(f"said:{n}:{seq}", f"incident:{n}", Track.CHAT)
            return said if where is Place.CHANNEL else Spot(f"announced:{n}:{seq}", f"announce:{n}", Track.CHAT)
        case Remind(incident=n, about=about, n=count):
            return Spot(f"reminder:{n}:{about}:{count}", f"incident:{n}", Track.CHAT)
        case SendDuties() | SendSummary() | ShowHandover() | AwaitHandover() | AwaitStructure():
            return _about_people(work)
        case PostPostmortem(incident=n, seq=seq):
            return Spot(f"postmortem:{n}:{seq}", f"incident:{n}", Track.CHAT)
        case ReadBack(incident=n, final=final):  # the draft that is put behind the final one in its lane waits for it
            return Spot(f"read_back:{n}:final", f"incident:{n}", Track.CHAT) if final else _lone(f"read_back:{n}")
        case TellFailure(incident=n, seq=seq):
            return Spot(f"failure:{n}:{seq}", f"failure:{n}", Track.CHAT)
        case ProposeResolve() | ShowProposal():
            return _place_of_proposal(work)
        case WarnAdmins(subject=subject):
            return _lone(f"admin:{subject}")
        case Page() | AwaitPage() | CallPerson() | PageCallee() | TellCalled():
            return _to_wake_somebody(work)
        case ShowHome(user=user):
            return _lone(f"home:{user}")
        case RefreshOnCall():
            return _lone("on_call", Track.ERRANDS)
        case Timer(incident=n, about=about):
            return _lone(f"timer:{n}:{about}", Track.CLOCK)
        case ReadDeliveries(source=source):
            return _lone(f"intake:{source}", Track.INTAKE)
        case WatchHeartbeat(source=source, integration=integration):
            return _lone(f"heartbeat:{short_digest(source, integration)}", Track.CLOCK)
        case ConfirmSubscription(topic=topic):
            return _lone(f"sns:{short_digest(topic)}", Track.ERRANDS)
        case _:
            assert_never(work)


def _place_of_group(work: GroupWork) -> Spot:  # noqa: C901, PLR0911, PLR0912 - one line a kind
    match work:
        case ShowGroup(group=group, channel=channel):
            return _lone(f"group:{group}", gate=f"channel:{channel}" if channel else "")
        case CopyGroup(group=group, channel=channel):
            return _lone(f"group_copy:{group}:{short_digest(channel)}", gate=f"channel:{channel}")
        case ShowCopies(group=group):
            return _lone(f"copies:{group}", Track.CLOCK)
        case TellGroup(group=group, n=count, channel=channel):  # a lane of its own: no edit waits behind a note
            return Spot(f"group_news:{group}:{count}", f"group_news:{group}", Track.CHAT, f"channel:{channel}")
        case ReviewGroup(group=group):
            return _lone(f"review:{group}", Track.CLOCK)
        case AutomateGroup(group=group):
            return _lone(f"automate:{group}", Track.CLOCK)
        case TellAssignee(group=group, user=user, n=count):
            return Spot(f"assigned:{group}:{count}", f"dm:{user}", Track.CHAT)
        case ReviewMutes(group=group):
            return _lone(f"mutes:{group}", Track.CLOCK)
        case RecheckMutes(about=about, n=count):
            return _lone(f"recheck:{about}:{count}", Track.CLOCK)
        case ShowStorm(storm=storm, channel=channel):
            return _lone(f"storm:{storm}", gate=f"channel:{channel}")
        case CopyStorm(storm=storm, channel=channel):
            return _lone(f"storm_copy:{storm}:{short_digest(channel)}", gate=f"channel:{channel}")
        case CloseDigest(channel=channel, digest=digest, until=until):  # a lane each: none waits for a later one
            return _lone(f"digest_close:{short_digest(channel, digest)}:{until.timestamp():.0f}", Track.CLOCK)
        case PostDigest(channel=channel, digest=digest, until=until):
            name = f"digest:{short_digest(channel, digest)}"
            return Spot(f"{name}:{until.timestamp():.0f}", name, Track.CHAT, f"channel:{channel}")
        case ReviewStorm(storm=storm, n=count):  # a lane each: the one that is put off holds up none
            return _lone(f"storm_review:{storm}:{count}", Track.CLOCK)
        case MirrorSilence(silence=silence, sender=sender):
            return _lone(f"mirror:{short_digest(sender)}:{silence}", Track.ERRANDS)
        case _:
            assert_never(work)


def _invited(work: InvitePeople | InviteGroup) -> Spot:
    whom = short_digest(*work.users) if isinstance(work, InvitePeople) else work.group
    return Spot(f"invite:{work.incident}:{whom}", f"people:{work.incident}", Track.CHAT)


def _about_people(work: SendDuties | SendSummary | ShowHandover | AwaitHandover | AwaitStructure) -> Spot:
    match work:
        case SendDuties(incident=n, role=role, user=user, seq=seq):
            return Spot(f"duties:{n}:{role}:{seq}", f"dm:{user}", Track.CHAT)
        case SendSummary(incident=n, user=user):
            return Spot(f"summary:{n}:{user}", f"dm:{user}", Track.CHAT)
        case ShowHandover(incident=n, n=count, user=user):
            return Spot(f"handover:{n}:{count}", f"dm:{user}", Track.CHAT)
        case AwaitHandover(incident=n, n=count):
            return _lone(f"timer:{n}:handover:{count}", Track.CLOCK)
        case AwaitStructure(incident=n):
            return _lone(f"timer:{n}:structure", Track.CLOCK)
        case _:
            assert_never(work)


def _place_of_proposal(work: ProposeResolve | ShowProposal) -> Spot:
    n = work.incident
    match work:
        case ProposeResolve():
            return Spot(f"propose:{n}", f"timer:{n}:propose", Track.CLOCK)
        case ShowProposal(n=count):
            return Spot(f"proposal:{n}:{count}", f"incident:{n}", Track.CHAT)
        case _:
            assert_never(work)


def _to_wake_somebody(work: Page | AwaitPage | CallPerson | PageCallee | TellCalled) -> Spot:
    n = work.incident
    match work:
        case Page(action=action, reopened=times):
            return Spot(f"page:{n}:{action}{_of_page(times)}", f"page:{n}", Track.PAGER)
        case AwaitPage():
            return Spot(f"page:{n}:overdue", f"timer:{n}:page", Track.CLOCK)
        case PageCallee(n=count, over=over):
            lane = f"pager_call:{n}:{count}"
            return Spot(f"{lane}:{'over' if over else 'trigger'}", lane, Track.PAGER)
        case TellCalled(n=count, user=user):
            return Spot(f"called:{n}:{count}:{user}", f"call:{user}", Track.CHAT)
        case CallPerson(user=user, reopened=times):
            return Spot(f"call:{n}:{user}{_of_page(times)}", f"call:{user}", Track.CHAT)
        case _:
            assert_never(work)


def _of_page(reopened: int) -> str:
    """Return what tells the pages of an incident apart that was reopened."""
    return f":{reopened}" if reopened else ""


def _lone(key: str, track: Track = Track.CHAT, gate: str = "") -> Spot:
    """Return the spot of what has a lane to itself."""
    return Spot(key, key, track, gate)


def group_of(work: Work) -> GroupId | None:
    """Return the group that work belongs to."""
    match work:
        case ShowGroup() | CopyGroup() | TellGroup() | ReviewGroup() | AutomateGroup() | TellAssignee():
            return work.group
        case _:
            return None


def storm_of(work: Work) -> StormId | None:
    """Return the storm that work belongs to."""
    return work.storm if isinstance(work, ShowStorm | CopyStorm | ReviewStorm) else None


def incident_of(work: Work) -> IncidentId | None:
    """Return the incident that work belongs to."""
    if isinstance(work, GroupWork):
        return None
    match work:
        case WarnAdmins() | RefreshOnCall() | ReadDeliveries() | WatchHeartbeat() | ConfirmSubscription() | ShowHome():
            return None
        case _:
            return work.incident
