"""Reads back what people said in an incident's channel, in case that Slack's events never came.

A turn asks for a few pages and hands in what they hold; what is left is the next turn. A reading goes from the newest
message back, then through the threads that were answered lately; it goes on by the times of messages, not by Slack's
cursors, so a restart or a week's pause does no harm.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.ids import ChannelId, MessageTs
from bot.domain.keeping_commands import KeepMessage
from bot.domain.read_back import FetchMessage, ReadBack, Reading, Thread
from bot.domain.record_commands import RecordHistory, RecordMessage, RecordMove
from bot.engine.jobs import Done, Job
from bot.errors import DeliveryError
from bot.outbound.slack.means import A_DAY, Means, channel_in, incident_in
from bot.outbound.slack.port import SKEW, MessageGone, Written

# conversations.history and conversations.replies may be called 50 times a minute, by all channels together.
PAGES_AT_ONCE: Final = 5
# Messages that were read once are read again for so long: they may be edited, and answered. What is older is left to
# the final reading.
AGAIN_FOR: Final = A_DAY


async def read_back(means: Means, job: Job, work: ReadBack) -> Done:
    """Read a few pages; what cannot be read after the first is left to the next turn, so that each makes headway.

    Raises:
        TryLater, Undeliverable: not even one page could be read.
    """
    channel = channel_in(job)
    now = means.clock.now()
    # What is taken along was said before; what was said since is read with the next reading.
    newest = now + A_DAY if work.taking is None else incident_in(job).declared_at
    reading = work.reading or Reading(began=now, before=_ts(newest))
    left = work.taking
    found: dict[MessageTs, RecordMessage | RecordMove] = {}
    for turn in range(PAGES_AT_ONCE):
        if _is_over(reading) or (turn and not job.still_ours()):
            break
        try:
            page = await _turn(means, channel, work.since, reading)
            messages, reading, left = _at_most(left, reading, *page)
        except DeliveryError:
            if not turn:
                raise
            break
        heard = [means.hear(message.raw, channel) for message in messages]
        found |= {message.ts: message for message in heard if message}
    return Done(
        command=RecordHistory(
            work=replace(work, reading=reading),
            messages=tuple(found[ts] for ts in sorted(found)),
            read_at=now,
            rest=None if _is_over(reading) else replace(work, reading=reading, taking=left),
        )
    )


async def fetch_message(means: Means, job: Job, work: FetchMessage) -> Done:
    """Look up one message; one that is gone by now leaves nothing."""
    channel = channel_in(job)
    try:
        found = await means.slack.message(channel, work.ts)
    except MessageGone:
        return Done()
    heard = means.hear(found.raw, channel)
    return Done(command=KeepMessage(work=work, message=heard if isinstance(heard, RecordMessage) else None))


def _at_most(
    left: int | None, before: Reading, messages: tuple[Written, ...], reading: Reading
) -> tuple[tuple[Written, ...], Reading, int | None]:
    """Return the newest of a page of the channel, and that no more of it is to be read when that is enough."""
    if left is None or before.before is None:
        return messages, reading, left
    if len(messages) < left:
        return messages, reading, left - len(messages)
    newest = tuple(sorted(messages, key=lambda message: message.ts)[-left:])
    roots = {message.thread for message in newest}
    threads = tuple(one for one in reading.threads if one in before.threads or one.root in roots)
    return newest, replace(reading, before=None, threads=threads), 0


def _is_over(reading: Reading) -> bool:
    return reading.before is None and not reading.threads


async def _turn(
    means: Means, channel: ChannelId, since: datetime | None, reading: Reading
) -> tuple[tuple[Written, ...], Reading]:
    """Read the next page, of the channel or of a thread, and return how far the reading is then."""
    if reading.before is not None:
        oldest = _ts(since - AGAIN_FOR) if since else None
        page = await means.slack.history(channel, before=reading.before, after=oldest)
        before = min(message.ts for message in page.messages) if page.more and page.messages else None
        return page.messages, replace(reading, before=before, threads=_threads(reading, page.messages, since))
    thread, *others = reading.threads
    try:
        page = await means.slack.replies(channel, thread.root, after=thread.after)
    except MessageGone:
        return (), replace(reading, threads=tuple(others))
    if page.more and page.messages:
        others.insert(0, replace(thread, after=max(message.ts for message in page.messages)))
    return page.messages, replace(reading, threads=tuple(others))


def _threads(reading: Reading, messages: Iterable[Written], since: datetime | None) -> tuple[Thread, ...]:
    """Return the threads to be read, those of a page among them that were answered since the last reading.

    An answer that is shown in the channel too tells of a thread whose root may lie further back.
    """
    after = _ts(since - SKEW) if since else None
    known = {thread.root: thread for thread in reading.threads}
    for message in messages:
        is_news = after is None or message.newest_answer is None or message.newest_answer > after
        if message.thread is not None and is_news:
            known.setdefault(message.thread, Thread(root=message.thread, after=after or message.thread))
    return tuple(known.values())


def _ts(moment: datetime) -> MessageTs:
    return MessageTs(f"{moment.timestamp():.6f}")
