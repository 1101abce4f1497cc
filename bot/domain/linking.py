"""Links to other incidents, which both sides show, and to addresses: once each; linked again it changes its relation.

Both are decided under the locks of both (engine/pairs.py). A private
incident is linked with private ones only, and of it their channels read its number alone.
"""

from typing import Final, assert_never

from bot.domain.decisions import State
from bot.domain.draft import Draft
from bot.domain.ids import ChannelId, UserId
from bot.domain.links import Link, Linked, LinkEvent, Relation, Unlinked
from bot.domain.model import Incident
from bot.domain.redaction import kept
from bot.domain.task_commands import LinkCommand, LinkThing, UnlinkThing
from bot.domain.work import Place, ShowCard
from bot.errors import Refused

MOST: Final = 50
LONGEST: Final = 1900


def decide(draft: Draft, command: LinkCommand) -> None:
    """Link something, or take a link away."""
    match command:
        case LinkThing():
            _link(draft, command)
        case UnlinkThing():
            _unlink(draft, command)
        case _:
            assert_never(command)


def link_of(incident: Incident, command: LinkThing | UnlinkThing) -> Link | None:
    """Return the link that leads there, if there is one."""
    return next((one for one in incident.links if one.leads_to(command.to, command.url)), None)


def _link(draft: Draft, command: LinkThing) -> None:
    incident, target = draft.incident, draft.state.into
    known = link_of(incident, command)
    if command.to == incident.id:
        message = f"{incident.label} cannot be linked to itself."
        raise Refused(message)
    if command.to and target is None:
        message = f"There is no INC-{command.to}."
        raise Refused(message)
    if target and target.private != incident.private:
        message = "One of them is private and the other is not: what is private must not be told elsewhere."
        raise Refused(message)
    if not command.to and not _may_be_followed(command.url):
        message = "That is no address that can be linked: it begins with https:// or http://, and holds no secret."
        raise Refused(message)
    if known and known.relation is command.relation:
        message = "They are linked already. All links: `/incident link`."
        raise Refused(message)
    if not known and len(incident.links) >= MOST:
        message = f"{incident.label} has {MOST} links already."
        raise Refused(message)
    _happened(draft, _linked(draft, command.relation, target, command.url, command.by, known))
    if target:
        other = Draft(State(incident=target), draft.now, draft.policy)
        back = next((one for one in target.links if one.leads_to(incident.id, "")), None)
        _happened(other, _linked(other, command.relation.other_way, incident, "", command.by, back))
        _bring(draft, other)


def _unlink(draft: Draft, command: UnlinkThing) -> None:
    incident, target = draft.incident, draft.state.into
    known = link_of(incident, command)
    if known is None:
        message = f"{incident.label} is not linked there. All links: `/incident link {incident.label}`."
        raise Refused(message)
    _happened(draft, _unlinked(draft, known, command.by))
    back = next((one for one in target.links if one.leads_to(incident.id, "")), None) if target else None
    if target and back:
        other = Draft(State(incident=target), draft.now, draft.policy)
        _happened(other, _unlinked(other, back, command.by))
        _bring(draft, other)


def _linked(
    draft: Draft, relation: Relation, target: Incident | None, url: str, by: UserId, known: Link | None
) -> Linked:
    title, channel = _told_of(target)
    return Linked(
        at=draft.now,
        by=by,
        relation=relation,
        incident=target.id if target else None,
        title=title,
        channel=channel,
        url="" if target else url,
        was=known.relation if known else None,
    )


def _unlinked(draft: Draft, known: Link, by: UserId) -> Unlinked:
    return Unlinked(
        at=draft.now,
        by=by,
        relation=known.relation,
        incident=known.incident,
        title=known.title,
        channel=known.channel,
        url=known.url,
    )


def _told_of(target: Incident | None) -> tuple[str, ChannelId | None]:
    """Return what the people of one incident may read of another."""
    if target is None or target.private:
        return "", None
    return target.title, target.channel


def _happened(draft: Draft, event: LinkEvent) -> None:
    draft.say(draft.happened(event), event, Place.CHANNEL)
    draft.do(ShowCard(incident=draft.incident.id))


def _bring(draft: Draft, other: Draft) -> None:
    """Let what was decided of the other incident be a part of this decision."""
    draft.effects += other.effects
    other.effects.clear()
    draft.other = other.decision()


def _may_be_followed(url: str) -> bool:
    return url.startswith(("https://", "http://")) and len(url) <= LONGEST and kept(url) == url
