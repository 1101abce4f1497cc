"""What is kept quiet: the line in a group's message, and the answers about silences."""

from collections.abc import Sequence
from typing import Final, assert_never

from bot.domain.groups_model import Group
from bot.domain.ids import UserId
from bot.domain.matchers import text_of
from bot.domain.mutes import Mute, MuteKind
from bot.domain.muting import Silence
from bot.domain.text import cut
from bot.views.blocks import (
    Block,
    Message,
    Safe,
    bold,
    code,
    context,
    date,
    joined,
    line,
    mention,
    message,
    section,
    sections,
)
from bot.views.words import and_more

_SHOWN: Final = 10
_MATCHERS_LIMIT: Final = 300
_REASON_LIMIT: Final = 150


def quiet_line(group: Group) -> Block | None:
    """Return why nobody hears of a group, or of some of it."""
    at = date(group.hushed.at) if group.hushed and not group.is_closed else None
    return context(why_quiet(group), at)


def why_quiet(group: Group) -> Safe | None:
    """Return why nobody hears of a group, or of some of it; None when all of it is heard."""
    if group.is_closed:
        return None
    if group.hushed:
        return line("Silenced until it is resolved by ", mention(group.hushed.by))
    if group.mute is None or group.muted == 0:
        return None
    why = why_mute(group.mute)
    return why if group.is_mute else line(f"{group.muted} of {group.firing} are quiet: ", why)


def why_mute(mute: Mute) -> Safe:
    """Return what keeps an alert quiet, until when, by whom and why."""
    until = line(" until ", date(mute.until)) if mute.until else line()
    match mute.kind:
        case MuteKind.SILENCE:
            reason = cut(mute.reason, _REASON_LIMIT)
            return line("Silenced", until, " by ", mention(UserId(mute.by)), ": ", reason, " (", code(mute.name), ")")
        case MuteKind.MAINTENANCE:
            return line("Maintenance", until, ": ", mute.name)
        case MuteKind.INHIBITION:
            return line("Quiet while this fires: ", cut(mute.reason, _REASON_LIMIT))
        case _:
            assert_never(mute.kind)


def silenced(silence: Silence) -> Message:
    """Say what is quiet now, until when, and how to end that."""
    what = cut(text_of(silence.matchers), _MATCHERS_LIMIT)
    return message(
        f"{silence.label} keeps quiet: {what}",
        section(line(bold(silence.label), " keeps quiet until ", date(silence.ends_at), ": ", code(what))),
        context(line("To end it: ", code(f"/incident unsilence {silence.label}"))),
    )


def unsilenced(silence: Silence) -> Message:
    """Say that a silence is over."""
    what = cut(text_of(silence.matchers), _MATCHERS_LIMIT)
    return message(f"{silence.label} is over.", section(line(bold(silence.label), " is over: ", code(what))))


def silence_list(found: Sequence[Silence]) -> Message:
    """Show the silences that are not over, those that end first before the others."""
    if not found:
        nothing = "Nothing is silenced."
        return message(nothing, section(nothing))
    rows = [_row(silence) for silence in found[:_SHOWN]]
    more = and_more(len(found) - _SHOWN)
    return message(f"{len(found)} silenced", *sections([*rows, more]))


def _row(silence: Silence) -> Safe:
    what = code(cut(text_of(silence.matchers), _MATCHERS_LIMIT))
    until = line("until ", date(silence.ends_at), " by ", mention(silence.by))
    return joined(" · ", (line(bold(silence.label), " ", what), until, cut(silence.reason, _REASON_LIMIT)))
