"""Where work waits: the only table of keys, lanes and tracks (that of groups of alerts is in group_places.py).

A key names an effect (deciding the same kind and key again while it waits replaces it) and the post in Slack as well;
what shares a lane keeps its order; each track has workers of its own. What comes by the thousand and needs the same
scarce slot waits at one gate: while it is closed nobody asks for any of it, and when it opens the gravest goes first.
"""

from typing import assert_never

from bot.domain.action_items import AwaitAction, RemindAction, ShowAction
from bot.domain.archives import ArchiveChannel, ArchivingWork, AwaitQuiet, ShowArchiving
from bot.domain.calls import InviteGroup, PageCallee, TellCalled
from bot.domain.checklists import ShowRunbook
from bot.domain.comms import ArchiveComms, CommsWork, InviteToComms, OpenCommsChannel, ShowComms
from bot.domain.deploys import LookForDeploys
from bot.domain.group_places import place_of_group
from bot.domain.group_work import GroupWork
from bot.domain.handovers import AwaitHandover, ShowHandover
from bot.domain.home import ShowHome
from bot.domain.hushing import RemoveNotice
from bot.domain.ids import IncidentId
from bot.domain.latecomers import SendSummary
from bot.domain.names import short_digest
from bot.domain.noticed import AwaitStructure
from bot.domain.proposals import ProposeResolve, ShowProposal
from bot.domain.read_back import FetchMessage, ReadBack
from bot.domain.second_route import AwaitPage, CallPerson
from bot.domain.spots import Spot, lone
from bot.domain.subscriptions import TellSubscriber
from bot.domain.task_work import TaskWork
from bot.domain.tracks import Track
from bot.domain.unacknowledged import AwaitAcknowledgement
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

OfNoIncident = (
    WarnAdmins | ShowHome | RemoveNotice | RefreshOnCall | ReadDeliveries | WatchHeartbeat | ConfirmSubscription
)


def place(work: Work) -> Spot:  # noqa: C901, PLR0911, PLR0912 - one line a kind: the table of keys and lanes
    """Return where work waits: what must keep its order shares a lane."""
    if isinstance(work, GroupWork):
        return place_of_group(work)
    if isinstance(work, TaskWork):
        return _place_of_task(work)
    if isinstance(work, OfNoIncident):
        return _of_no_incident(work)
    if isinstance(work, CommsWork):
        return _told_apart(work)
    match work:
        case OpenChannel(incident=n):
            return Spot(f"channel:{n}", f"incident:{n}", Track.CHAT)
        case InvitePeople() | InviteGroup():
            return _invited(work)
        case ShowCard(incident=n):
            return Spot(f"card:{n}", f"incident:{n}", Track.CHAT)
        case Announce(incident=n):
            return Spot(f"announcement:{n}", f"announce:{n}", Track.CHAT)
        case SetTopic() | AddBookmark():
            return lone(f"{'topic' if isinstance(work, SetTopic) else 'bookmark'}:{work.incident}")
        case Say(incident=n, place=where, seq=seq):
            return _said(n, where, seq)
        case Remind(incident=n, about=about, n=count):
            return Spot(f"reminder:{n}:{about}:{count}", f"incident:{n}", Track.CHAT)
        case SendDuties() | SendSummary() | TellSubscriber() | ShowHandover() | AwaitHandover() | AwaitStructure():
            return _about_people(work)
        case PostPostmortem(incident=n, seq=seq):
            return Spot(f"postmortem:{n}:{seq}", f"incident:{n}", Track.CHAT)
        case ReadBack() | FetchMessage() | LookForDeploys():
            return _place_of_reading(work)
        case TellFailure(incident=n, seq=seq):
            return Spot(f"failure:{n}:{seq}", f"failure:{n}", Track.CHAT)
        case ProposeResolve() | ShowProposal() | AwaitQuiet() | ShowArchiving() | ArchiveChannel():
            return _about_the_end(work)
        case Page() | AwaitPage() | AwaitAcknowledgement() | CallPerson() | PageCallee() | TellCalled():
            return _to_wake_somebody(work)
        case Timer(incident=n, about=about):
            return lone(f"timer:{n}:{about}", Track.CLOCK)
        case _:
            assert_never(work)


def _said(n: IncidentId, where: Place, seq: int) -> Spot:
    match where:
        case Place.CHANNEL:
            return Spot(f"said:{n}:{seq}", f"incident:{n}", Track.CHAT)
        case Place.ANNOUNCEMENT:
            return Spot(f"announced:{n}:{seq}", f"announce:{n}", Track.CHAT)
        case Place.COMMS:
            return Spot(f"told:{n}:{seq}", f"comms:{n}", Track.CHAT)
        case _:
            assert_never(where)


def _told_apart(work: CommsWork) -> Spot:
    n = work.incident
    match work:
        case OpenCommsChannel(n=count):
            return Spot(f"comms_channel:{n}:{count}", f"comms:{n}", Track.CHAT)
        case InviteToComms(users=users):
            return Spot(f"comms_invite:{n}:{short_digest(*users)}", f"comms_people:{n}", Track.CHAT)
        case ShowComms():
            return Spot(f"comms:{n}", f"comms:{n}", Track.CHAT)
        case ArchiveComms():
            return Spot(f"comms_archive:{n}", f"comms:{n}", Track.CHAT)
        case _:
            assert_never(work)


def _of_no_incident(work: OfNoIncident) -> Spot:
    match work:
        case WarnAdmins(subject=subject):
            return lone(f"admin:{subject}")
        case ShowHome(user=user):
            return lone(f"home:{user}")
        case RemoveNotice(channel=channel, ts=ts):
            return lone(f"notice:{channel}:{ts}")
        case RefreshOnCall():
            return lone("on_call", Track.ERRANDS)
        case ReadDeliveries(source=source):
            return lone(f"intake:{source}", Track.INTAKE)
        case WatchHeartbeat(source=source, integration=integration):
            return lone(f"heartbeat:{short_digest(source, integration)}", Track.CLOCK)
        case ConfirmSubscription(topic=topic):
            return lone(f"sns:{short_digest(topic)}", Track.ERRANDS)
        case _:
            assert_never(work)


def _place_of_reading(work: ReadBack | FetchMessage | LookForDeploys) -> Spot:
    n = work.incident
    match work:
        case ReadBack(final=True):  # the draft that is put behind it in its lane waits for it
            return Spot(f"read_back:{n}:final", f"incident:{n}", Track.CHAT)
        case ReadBack():
            return lone(f"read_back:{n}")
        case LookForDeploys():
            return lone(f"timer:{n}:deploys", Track.CLOCK)
        case FetchMessage(ts=ts):
            return lone(f"message:{n}:{ts}")
        case _:
            assert_never(work)


def _invited(work: InvitePeople | InviteGroup) -> Spot:
    whom = short_digest(*work.users) if isinstance(work, InvitePeople) else work.group
    return Spot(f"invite:{work.incident}:{whom}", f"people:{work.incident}", Track.CHAT)


def _about_people(
    work: SendDuties | SendSummary | TellSubscriber | ShowHandover | AwaitHandover | AwaitStructure,
) -> Spot:
    match work:
        case SendDuties(incident=n, role=role, user=user, seq=seq):
            return Spot(f"duties:{n}:{role}:{seq}", f"dm:{user}", Track.CHAT)
        case SendSummary(incident=n, user=user):
            return Spot(f"summary:{n}:{user}", f"dm:{user}", Track.CHAT)
        case TellSubscriber(incident=n, user=user, told_at=at, since=row):  # what is told later holds up nothing
            together = row or f"{at.timestamp():.6f}"
            return Spot(f"subscribed:{n}:{together}:{user}", f"subscribed:{n}:{user}", Track.CHAT)
        case ShowHandover(incident=n, n=count, user=user):
            return Spot(f"handover:{n}:{count}", f"dm:{user}", Track.CHAT)
        case AwaitHandover(incident=n, n=count):
            return lone(f"timer:{n}:handover:{count}", Track.CLOCK)
        case AwaitStructure(incident=n):
            return lone(f"timer:{n}:structure", Track.CLOCK)
        case _:
            assert_never(work)


def _place_of_task(work: TaskWork) -> Spot:
    number, n = work.incident, work.n
    match work:
        case ShowAction(given=given, user=user):
            return Spot(f"action:{number}:{n}:{given}", f"dm:{user}", Track.CHAT)
        case RemindAction(count=count, user=user):
            return Spot(f"action_reminder:{number}:{n}:{count}", f"dm:{user}", Track.CHAT)
        case ShowRunbook():
            return Spot(f"runbook:{number}:{n}", f"incident:{number}", Track.CHAT)
        case AwaitAction():
            return lone(f"timer:{number}:action:{n}", Track.CLOCK)
        case _:
            assert_never(work)


def _about_the_end(work: ProposeResolve | ShowProposal | ArchivingWork) -> Spot:
    n = work.incident
    match work:
        case ProposeResolve():
            return Spot(f"propose:{n}", f"timer:{n}:propose", Track.CLOCK)
        case ShowProposal(n=count):
            return Spot(f"proposal:{n}:{count}", f"incident:{n}", Track.CHAT)
        case AwaitQuiet():
            return lone(f"timer:{n}:quiet", Track.CLOCK)
        case ShowArchiving(n=count):
            return Spot(f"archiving:{n}:{count}", f"incident:{n}", Track.CHAT)
        case ArchiveChannel(n=count):
            return Spot(f"archive:{n}:{count}", f"incident:{n}", Track.CHAT)
        case _:
            assert_never(work)


def _to_wake_somebody(
    work: Page | AwaitPage | AwaitAcknowledgement | CallPerson | PageCallee | TellCalled,
) -> Spot:
    n = work.incident
    match work:
        case Page(action=action, reopened=times):
            return Spot(f"page:{n}:{action}{_of_page(times)}", f"page:{n}", Track.PAGER)
        case AwaitPage():
            return Spot(f"page:{n}:overdue", f"timer:{n}:page", Track.CLOCK)
        case AwaitAcknowledgement():
            return lone(f"timer:{n}:acknowledge", Track.CLOCK)
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


def incident_of(work: Work) -> IncidentId | None:
    """Return the incident that work belongs to."""
    return None if isinstance(work, GroupWork | OfNoIncident) else work.incident
