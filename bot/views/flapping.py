"""What a group's message says of flapping: that it goes on and off, since when, how often, and when that was over."""

from bot.domain.groups_model import Group
from bot.views.blocks import Block, Moment, Safe, bold, context, date, line, lines, section, utc
from bot.views.words import duration


def state(group: Group) -> str:
    """Return how a group stands, in a word or three."""
    now = "Resolved" if group.is_over else "Firing"
    return f"Flapping, {now.lower()} now" if group.flapping else now


def since(group: Group) -> str | None:
    """Return since when a group flaps, if it does."""
    return f"Flapping since {utc(group.flapping.since)}" if group.flapping else None


def flapping_line(group: Group) -> Block | None:
    """Return that a group flaps and what that means for whoever watches it, or that it has flapped."""
    if flaps := group.flapping:
        began, last = date(flaps.since, Moment.TIME), date(flaps.last, Moment.TIME)
        calm = f"Edited every {duration(group.pace)} at most, without notes or another page"
        return section(
            lines(
                line(bold("Flapping"), f": {flaps.turns} changes since ", began, ", the last at ", last),
                line(calm, f", until it has been steady for {duration(flaps.within)}"),
            )
        )
    past = flapped(group)
    return context(past) if past else None


def flapped(group: Group) -> Safe | None:
    """Return that a group has flapped and does no more, if so."""
    past = group.turns.flapped
    if past is None or group.flapping:
        return None
    began, ended = date(past.since, Moment.TIME), date(past.last, Moment.TIME)
    return line(f"Flapped: {past.turns} changes from ", began, " to ", ended)
