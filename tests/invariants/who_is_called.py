"""Who is called by what Muster says: its people, and nobody by text that came from outside (I15)."""

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.action_items import ActionAdded, ActionAssigned
from bot.domain.events import RoleAssigned
from bot.domain.page_events import PagerSilent
from tests.invariants.picture import Picture, Wrong, must
from tests.invariants.slack_shows import apart, former

_LIVE: Final = re.compile(r"<([!@#][^<>]*)>")
_DATE: Final = re.compile(r"!date\^")


@must("I15")
def nobody_is_called_by_text_from_outside(seen: Picture) -> Iterator[Wrong]:
    """See that Muster calls nobody but its people, never everybody; it links incidents' and alerts' channels."""
    people = _people(seen)
    channels: set[str | None] = {*(one.channel for one in seen.incidents.values()), *former(seen), *apart(seen)}
    channels |= {
        one.channel for one in seen.messages if one.ours and (one.marker or "").startswith(("group:", "storm:"))
    }
    for one in seen.messages:
        if not one.ours:
            continue
        for live in _LIVE.findall(one.markup):
            target = live.partition("|")[0]
            fine = _DATE.match(target) or (target[0] == "@" and target[1:] in people)
            if not fine and not (target[0] == "#" and target[1:] in channels):
                yield f"{one.marker or one.ts} in {one.channel}", "no live mention from outside", f"<{live}>"


def _people(seen: Picture) -> set[str]:
    """Return everybody who did something or has a part in something."""
    people: set[str] = set(seen.accepted.people) if seen.accepted else set()
    for number, incident in seen.incidents.items():
        people |= {*incident.responders, *incident.roles.values(), *filter(None, [incident.declared_by])}
        people |= {one.to for one in incident.handovers}
        for event in seen.events(number):
            people |= {event.by} if event.by else set()
            people |= {event.user, *filter(None, [event.previous])} if isinstance(event, RoleAssigned) else set()
            people |= {event.user} if isinstance(event, ActionAssigned) else set()
            people |= {event.owner} if isinstance(event, ActionAdded) and event.owner else set()
            people |= {*event.called} if isinstance(event, PagerSilent) else set()
    for group in seen.groups:
        people |= {one.by for one in (group.acknowledged, group.assigned, group.judged, group.hushed) if one}
        people |= {group.assigned.user} if group.assigned else set()
    people |= {user for one in seen.silences for user in (one.by, one.ended_by) if user}
    return people
