"""Action items: written down, given to one person, done or dropped, asked about on the day and then weekly until then.

They outlive the incident, so none of this asks whether it is open; only what was merged takes no new ones. The timer of
an item is never cancelled: whether there is anything to ask about is decided when it fires.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal, assert_never

from bot.domain.action_items import (
    ActionAdded,
    ActionAssigned,
    ActionDueSet,
    ActionEnded,
    ActionEvent,
    ActionItem,
    ActionReminded,
    ActionReopened,
    ActionState,
    AwaitAction,
    RemindAction,
    ShowAction,
    zone_named,
)
from bot.domain.draft import Draft
from bot.domain.ids import UserId
from bot.domain.model import Incident, Status
from bot.domain.over import why_over
from bot.domain.privacy import may_be_told
from bot.domain.redaction import kept
from bot.domain.task_commands import (
    ActionCommand,
    ActionDue,
    AddAction,
    ChangeAction,
    EndAction,
    ReopenAction,
)
from bot.domain.text import REASON_LIMIT, one_line
from bot.domain.work import Place, ShowCard
from bot.errors import Refused

MOST: Final = 100


def decide(draft: Draft, command: ActionCommand) -> None:
    """Do what somebody asks about action items, or ask them."""
    match command:
        case AddAction():
            _add(draft, command)
        case ChangeAction():
            _change(draft, command)
        case EndAction():
            _end(draft, command)
        case ReopenAction():
            _reopen(draft, command)
        case ActionDue(n=n):
            _ask(draft, n)
        case _:
            assert_never(command)


def due_first(incidents: Iterable[Incident], owner: UserId | None = None) -> tuple[tuple[Incident, ActionItem], ...]:
    """Return what is still to do of these incidents, of one owner or of all, what is due first before the rest."""
    left = [(one, what) for one in incidents for what in one.open_actions if owner in {None, what.owner}]
    return tuple(sorted(left, key=lambda pair: (pair[1].due or date.max, pair[0].id, pair[1].n)))


def item(incident: Incident, n: int) -> ActionItem:
    """Return an action item by its number, or refuse."""
    if not 0 < n <= len(incident.actions):
        message = f"{incident.label} has no action item {n}. All of them: `/incident action {incident.label}`."
        raise Refused(message)
    return incident.actions[n - 1]


def show(draft: Draft, n: int) -> None:
    """Let an item be shown as it is now: on the card, and to its owner, who is told of what another gave them."""
    one = draft.incident.actions[n - 1]
    draft.do(ShowCard(incident=draft.incident.id))
    if one.owner and one.told:
        draft.do(ShowAction(incident=draft.incident.id, n=n, given=one.given, user=one.owner))


def wait(draft: Draft, n: int) -> None:
    """Set an item's timer to the next morning on which to ask about it."""
    one = draft.incident.actions[n - 1]
    due = one.next_reminder(draft.now) if one.is_open else None
    if due:
        draft.do(AwaitAction(incident=draft.incident.id, n=n), due=due)


def move(draft: Draft, n: int, due: date | None, by: UserId) -> None:
    """Let an item be due on another day, or on none."""
    before = draft.incident.actions[n - 1]
    _told(draft, ActionDueSet(at=draft.now, by=by, n=n, text=before.text, due=due, previous=before.due))


def _add(draft: Draft, command: AddAction) -> None:
    incident = draft.incident
    text = one_line(kept(command.text, REASON_LIMIT))
    if incident.status is Status.MERGED:
        raise Refused(why_over(incident))
    if not text:
        message = "Say what is to be done: `/incident action write the runbook @person due friday`."
        raise Refused(message)
    if len(incident.actions) >= MOST:
        message = f"{incident.label} has {MOST} action items already. Keep the rest in your tracker, and link it here."
        raise Refused(message)
    _not_past(draft, command.due, command.zone)
    _one_of_them(draft, command.owner)
    event = ActionAdded(
        at=draft.now,
        by=command.by,
        n=len(incident.actions) + 1,
        text=text,
        owner=command.owner,
        due=command.due,
        zone=command.zone,
    )
    _told(draft, event)


def _change(draft: Draft, command: ChangeAction) -> None:
    before = _still_open(draft, command.n)
    _one_of_them(draft, command.user)
    if command.moves and before.due != command.due:
        _not_past(draft, command.due, before.zone)
        move(draft, before.n, command.due, command.by)
    if command.user and before.owner != command.user:
        show(draft, before.n)  # who had it reads that it is somebody else's now
        given = ActionAssigned(
            at=draft.now,
            by=command.by,
            n=before.n,
            text=before.text,
            user=command.user,
            previous=before.owner,
            zone=command.zone,
            was_zone=before.zone,
        )
        _told(draft, given)


def _end(draft: Draft, command: EndAction) -> None:
    before = _still_open(draft, command.n)
    how: Literal["done", "dropped"] = "dropped" if command.dropped else "done"
    _told(draft, ActionEnded(at=draft.now, by=command.by, n=before.n, text=before.text, how=how))


def _reopen(draft: Draft, command: ReopenAction) -> None:
    before = item(draft.incident, command.n)
    if before.is_open:
        message = f"Action item {before.n} of {draft.incident.label} is open."
        raise Refused(message)
    how: Literal["done", "dropped"] = "dropped" if before.state is ActionState.DROPPED else "done"
    _told(draft, ActionReopened(at=draft.now, by=command.by, n=before.n, text=before.text, how=how))


def _ask(draft: Draft, n: int) -> None:
    """Ask about what is due, if it is; after a long absence once, however many mornings were missed."""
    incident = draft.incident
    one = incident.actions[n - 1]
    if not one.is_open or one.due is None:
        return
    wait(draft, n)
    if draft.now.astimezone(zone_named(one.zone)).date() < one.due:
        return
    event = ActionReminded(at=draft.now, n=n, text=one.text, count=one.reminded + 1, user=one.asked)
    draft.happened(event)
    draft.do(RemindAction(incident=incident.id, n=n, count=event.count, user=event.user))


def _one_of_them(draft: Draft, owner: UserId | None) -> None:
    """Refuse to tell somebody of a private incident who is none of its people."""
    if owner and not may_be_told(draft.incident, owner):
        message = (
            f"{draft.incident.label} is private, and they are none of its people: `/incident invite @person` first."
        )
        raise Refused(message)


def _told(draft: Draft, event: ActionEvent) -> None:
    """Record it, say it in the channel, show it where it is shown, and ask about it when it is time."""
    draft.say(draft.happened(event), event, Place.CHANNEL)
    show(draft, event.n)
    wait(draft, event.n)


def _still_open(draft: Draft, n: int) -> ActionItem:
    one = item(draft.incident, n)
    if not one.is_open:
        message = (
            f"Action item {n} of {draft.incident.label} is {one.state.value} already. "
            f"Is it not? `/incident action reopen {n}`."
        )
        raise Refused(message)
    return one


def _not_past(draft: Draft, due: date | None, zone: str) -> None:
    if due and due < draft.now.astimezone(zone_named(zone)).date():
        message = f"{due:%Y-%m-%d} is over: give a day that is still to come."
        raise Refused(message)
