"""Faults in what becomes of an incident beside its course, as those of plants.py, and the table of them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from sqlalchemy import func, update

from bot.domain import (
    acknowledging,
    archiving,
    communicating,
    following_up,
    keeping,
    linking,
    noticing,
    subscribers,
    undoing,
)
from bot.domain.action_items import ActionItem, AwaitAction, ShowAction
from bot.domain.deploys import DeployNoticed
from bot.domain.keeping_events import RowCorrected
from bot.domain.message_events import MemberMoved
from bot.domain.model import Incident
from bot.domain.spots import Spot
from bot.domain.subscriptions import TellSubscriber
from bot.domain.work import Place, ShowCard
from bot.engine import deploy_desk, handle
from bot.engine.handle import Engine
from bot.outbound.slack import channel, posts
from bot.store import effects, timeline
from bot.store.tables import timeline as rows
from tests.torture import plants, trials
from tests.torture import trials_of_follow_up as runs
from tests.torture.plant import Plant, always
from tests.torture.plants import A


def _anew(kind: type) -> A:
    """Put each piece of work of a kind beside those before it, where it should take their place."""
    return plants.puts(kind, lambda _, spot, n: Spot(f"{spot.key}:{n}", spot.lane, spot.track))


def _writes_over_the_note(append: A) -> A:
    async def over(connection: A, incident: A, before: A, events: A) -> None:
        for event in events:
            if isinstance(event, RowCorrected):
                old = (rows.c.incident == incident) & (rows.c.seq == event.row)
                text = func.replace(rows.c.body, "It smoks", event.text)
                await connection.execute(update(rows).where(old).values(body=text))
        await append(connection, incident, before, events)

    return over


def _takes_each_again(_deploys: A) -> A:
    def again(draft: A) -> None:
        for deploy in draft.state.deploys:
            draft.happened(DeployNoticed(at=draft.now, deploy=deploy))
        draft.do(ShowCard(incident=draft.incident.id))

    return again


def _says_each_time(pause: A) -> A:
    def said(draft: A, command: A) -> None:
        draft.state = replace(draft.state, incident=replace(draft.incident, paused={}))
        pause(draft, command)

    return said


def _moves_each_time(_moved: A) -> A:
    def moved(draft: A, move: A) -> None:
        event = MemberMoved(at=move.moved_at, by=move.brought_by, ts=move.ts, user=move.user, joined=move.joined)
        draft.happened(event)

    return moved


async def _is_never_gone(_means: A, _channel: A) -> bool:
    return False


def _says_nothing_to_those_who_tell_it(moment: A) -> A:
    return lambda event, incident, place: None if place is Place.COMMS else moment(event, incident, place)


def _says_what_it_decided(apply: A) -> A:
    """Log what somebody asked for, of which a private incident's title is a part."""

    async def told(self: A, connection: A, command: A) -> A:
        handle.log.info("decided", command=repr(command))
        return await apply(self, connection, command)

    return told


PLANTS_OF_FOLLOW_UP: Final = (
    Plant("a link that one side shows alone", "I11", runs.two_belong_together, linking, "_bring", always(None)),
    Plant(
        "what somebody commands is told as not acknowledged",
        "I6",
        runs.somebody_commands_it_in_time,
        Incident,
        "is_acknowledged",
        lambda _: property(lambda _: False),
    ),
    Plant(
        "a target that nobody waits for", "I6", runs.somebody_commands_it_in_time, acknowledging, "plan", always(None)
    ),
    Plant(
        "a timer for each change of an action item",
        "I6",
        runs.something_is_left_to_do,
        effects,
        "place",
        _anew(AwaitAction),
    ),
    Plant("a morning that nobody waits for", "I6", runs.something_is_left_to_do, following_up, "wait", always(None)),
    Plant(
        "what is done is asked about",
        "I6",
        runs.something_is_left_to_do,
        ActionItem,
        "is_open",
        lambda _: property(lambda _: True),
    ),
    Plant(
        "who is given something is told at each change",
        "I4",
        runs.something_is_left_to_do,
        effects,
        "place",
        _anew(ShowAction),
    ),
    Plant("who is given something is not told", "I4", runs.something_is_left_to_do, following_up, "show", always(None)),
    Plant("subscribers who are not told", "I4", runs.somebody_wants_to_hear_of_it, subscribers, "tell", always(None)),
    Plant(
        "subscribers who are told twice",
        "I4",
        runs.somebody_wants_to_hear_of_it,
        effects,
        "place",
        _anew(TellSubscriber),
    ),
    Plant(
        "subscribers who are told each word by itself",
        "I4",
        runs.somebody_wants_to_hear_of_it,
        subscribers,
        "TOGETHER_FOR",
        lambda _: timedelta(),
    ),
    Plant(
        "nobody in the channel for communications",
        "I3",
        runs.it_is_talked_of_with_those_outside,
        communicating,
        "_people",
        always(()),
    ),
    Plant(
        "an update that those who tell it do not read",
        "I4",
        runs.it_is_talked_of_with_those_outside,
        posts,
        "moment",
        _says_nothing_to_those_who_tell_it,
    ),
    Plant("a channel archived at once", "I25", runs.a_channel_is_quiet, archiving, "notice", always(timedelta())),
    Plant("a quiet channel that nobody looks at", "I25", runs.a_channel_is_quiet, archiving, "plan", always(None)),
    Plant(
        "an incident left in a channel that was archived meanwhile",
        "I3",
        runs.it_is_reopened_while_its_channel_is_archived,
        channel,
        "is_gone",
        lambda _: _is_never_gone,
    ),
    Plant(
        "an undo of what was before the end",
        "I11",
        runs.somebody_would_undo_what_was_before_the_end,
        undoing,
        "_FINAL",
        lambda _: (),
    ),
    Plant(
        "a correction written over the note", "I10", runs.a_note_is_corrected, timeline, "append", _writes_over_the_note
    ),
    Plant("a deploy noticed twice", "I2", runs.something_goes_out, keeping, "_deploys", _takes_each_again),
    Plant("a deploy that no incident hears of", "I1", runs.something_goes_out, deploy_desk, "is_of", always(False)),
    Plant("a pause said twice", "I2", runs.somebody_hears_nothing, noticing, "_pause", _says_each_time),
    Plant("somebody who comes in twice", "I2", runs.somebody_comes_in, keeping, "moved", _moves_each_time),
    Plant(
        "a summary for who has left",
        "I13",
        runs.somebody_leaves_a_private_one,
        posts,
        "may_be_told",
        always(True),
    ),
    Plant("a private title in the log", "I13", trials.one_is_private, Engine, "apply", _says_what_it_decided),
)
