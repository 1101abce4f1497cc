"""Lets an Alertmanager have our silences: made there, or ended, whichever way one stands when it is looked at.

Nothing is made blindly: its own list is asked for first, and what bears our mark there is not made again, so a reply
that was lost costs nothing. Any peer of a cluster will do; they tell each other.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import timedelta

from bot.clock import Clock
from bot.domain.group_work import MirrorSilence
from bot.domain.ids import UserId
from bot.domain.matchers import Matcher
from bot.domain.mirroring import FarSilence, FarState, mark_of, newest, there
from bot.domain.muting import Silence
from bot.engine.jobs import Done, Job, Perform
from bot.errors import BadInput, DeliveryError, TryLater, Undeliverable
from bot.outbound.alertmanager_api import AlertmanagerApi

Read = Callable[[bytes], tuple[FarSilence, ...]]


def mirror_performer(
    senders: Mapping[str, Sequence[AlertmanagerApi]], read: Read, clock: Clock, *, scale_is_own: bool
) -> Perform:
    """Return the performer of `MirrorSilence`; `senders` are those that share our silences, with all their peers."""

    async def mirror(job: Job) -> Done:
        work, silence = job.work, job.state.silence
        if not isinstance(work, MirrorSilence):
            raise TypeError(f"{work.kind} is no silence")
        peers = senders.get(work.sender, ())
        if silence is None or not peers:
            return Done()
        peer, known = await _ask(peers, read)
        if not job.still_ours():
            raise TryLater("the lease is running out", after=timedelta())
        try:
            if silence.ended_at:
                for one in _of(silence, known):
                    if one.state is not FarState.EXPIRED:
                        await peer.end_silence(one.id)
            elif not silence.sender and not silence.is_over(clock.now()) and not _of(silence, known):
                meant = there(silence, work.sender, scale_is_own=scale_is_own)
                if meant is not None:
                    await peer.make_silence(_body(silence, meant, job.names))
        except Undeliverable as error:
            raise Undeliverable(f"{silence.label} in {work.sender}: {error}") from None
        return Done()

    return mirror


async def _ask(peers: Sequence[AlertmanagerApi], read: Read) -> tuple[AlertmanagerApi, Collection[FarSilence]]:
    """Return a peer that answers, and what all that do show together. All are asked at once: a lease is short."""

    async def one(peer: AlertmanagerApi) -> tuple[FarSilence, ...] | DeliveryError:
        try:
            return await asyncio.to_thread(read, await peer.silences())
        except TryLater as error:
            return error
        except BadInput as error:
            return TryLater(str(error))

    answers = await asyncio.gather(*(one(peer) for peer in peers))
    heard = [(peer, known) for peer, known in zip(peers, answers, strict=True) if not isinstance(known, DeliveryError)]
    if not heard:
        raise TryLater(f"no list of silences: {answers[0]}")
    return heard[0][0], newest(known for _, known in heard).values()


def _of(silence: Silence, known: Collection[FarSilence]) -> list[FarSilence]:
    """Return what a silence is there."""
    if silence.sender:
        return [one for one in known if one.id == silence.far_id]
    return [one for one in known if one.mark == mark_of(silence)]


def _body(silence: Silence, meant: Sequence[Matcher], names: Mapping[UserId, str]) -> dict[str, object]:
    return {
        "matchers": [
            {
                "name": one.name,
                "value": one.value,
                "isRegex": one.operator.is_pattern,
                "isEqual": not one.operator.is_negative,
            }
            for one in meant
        ],
        "startsAt": silence.starts_at.isoformat(),
        "endsAt": silence.ends_at.isoformat(),
        "createdBy": names.get(silence.by, silence.by),
        "comment": f"{silence.reason} {mark_of(silence)}",
    }
