"""Probes: an alert, a command, a declaration, an update, each timed from outside; in quiet and in a storm the same."""

from dataclasses import dataclass
from typing import Final

from bench.company import CLOCK, PATIENCE, Company
from bench.figures import Figure, Limit, percentile
from bot.sandbox.journal import Entry
from tests.peers.until import until

# A declaration's own calls; without a runbook there is no bookmark.
IN_THE_CHANNEL: Final = ("conversations.invite", "conversations.setTopic", "bookmarks.add")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a declaration took, milliseconds, from the moment when Slack sent the command.

    `ready`: channel, card, people, topic, bookmark and announcement are there. `rounds` is how many calls to Slack
    waited for one another until then, counted by their times.
    """

    acknowledged: float
    paged: float
    ready: float
    rounds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an update took, milliseconds, until it was `said` in the channel, and `shown` on the card."""

    said: float
    shown: float


async def alert(company: Company, number: int, *, service: str, within: float = PATIENCE) -> float:
    """Send an alert and return how long it took until Slack was called with it, milliseconds."""
    marker = f"Probe {number} of {service}"
    began = CLOCK.monotonic()
    await company.fires(1_000_000 + number, service=service, summary=marker)

    def posted() -> bool:
        return _post(company, marker) is not None

    await until(posted, what=f"the post of {marker}", timeout=within)
    found = _post(company, marker)
    assert found is not None
    return 1000 * (found.began - began)


async def page(company: Company, number: int, *, within: float = PATIENCE) -> float:
    """Send an alert from which a rule declares; return how long it took until the pager was called, milliseconds."""
    marker = f"Ledger {number} differs"
    began = CLOCK.monotonic()
    await company.fires(2_000_000 + number, service=f"ledger-{number}", summary=marker)
    await until(lambda: company.pager.asked(marker), what=f"the page of {marker}", timeout=within)
    asked = company.pager.asked(marker)
    assert asked is not None
    return 1000 * (asked - began)


async def declaration(company: Company, number: int, *, within: float = PATIENCE) -> Declared:
    """Declare an incident and return what it took."""
    title = f"Bench case {number} is down"
    acknowledged = await company.types(f"/incident declare sev1 {title} service:checkout")
    command = command_of(company, title)
    await until(lambda: calls_of(company, title), what=f"{title} being ready", timeout=within)
    await until(lambda: company.pager.asked(title), what=f"the page of {title}", timeout=within)
    calls = calls_of(company, title)
    paged = company.pager.asked(title)
    assert paged is not None
    return Declared(
        acknowledged=acknowledged,
        paged=1000 * (paged - command.began),
        ready=1000 * (max(_end(one) for one in calls) - command.began),
        rounds=rounds(calls),
    )


async def room(company: Company, number: int) -> str:
    """Declare an incident that wakes nobody, and return its channel once it is ready."""
    title = f"Bench case {number} is down"
    await company.types(f"/incident declare sev4 {title} service:checkout")
    await until(lambda: calls_of(company, title), what=f"{title} being ready")
    channel: str = calls_of(company, title)[0].result["channel"]["id"]
    return channel


async def update(company: Company, channel: str, number: int, *, within: float = PATIENCE) -> Told:
    """Send an update in an incident's channel; return how long it took to be told there, and on the card."""
    text = f"Update {number} of the bench"
    await company.types(f"/incident update {text}", channel)
    command = command_of(company, text)

    def seen() -> list[Entry]:
        found = (
            company.call(name, lambda one: _says(one, channel, text)) for name in ("chat.postMessage", "chat.update")
        )
        return [one for one in found if one]

    await until(lambda: len(seen()) == len(("post", "card")), what=text, timeout=within)
    said, shown = (1000 * (_end(one) - command.began) for one in seen())
    return Told(said=said, shown=shown)


def rounds(calls: list[Entry]) -> int:
    """Return the length of the longest chain of calls of which each began when the one before had ended.

    The announcement and the card are refreshed when more is known; only what makes the incident ready is counted.
    """
    longest: list[tuple[float, int]] = []
    for call in sorted(calls, key=lambda one: one.began):
        before = max((depth for end, depth in longest if end <= call.began), default=0)
        longest.append((_end(call), before + 1))
    return max(depth for _, depth in longest)


def _end(call: Entry) -> float:
    return call.began + (call.ms or 0.0) / 1000


def _post(company: Company, marker: str) -> Entry | None:
    return company.call("chat.postMessage", lambda one: marker in str(one.args.get("text")) and one.ms is not None)


def command_of(company: Company, title: str) -> Entry:
    """Return the delivery of the command that declared an incident."""
    told = reversed(company.sandbox.journal.deliveries("slash_command"))
    return next(one for one in told if title in str(one.args["text"]))


def calls_of(company: Company, title: str) -> list[Entry]:
    """Return all calls that make an incident ready, the channel's first, or none as long as one is missing."""
    slug = title.lower().replace(" ", "-")
    created = company.call("conversations.create", lambda one: slug in str(one.args.get("name")) and _went_well(one))
    if created is None:
        return []
    room = created.result["channel"]["id"]
    found: list[Entry | None] = [created]
    found += [company.call(name, lambda one: _in(one, room)) for name in IN_THE_CHANNEL]
    found.append(company.call("chat.postMessage", lambda one: _in(one, room)))
    found.append(company.call("chat.postMessage", lambda one: title in str(one.args["text"]) and _went_well(one)))
    return [one for one in found if one] if all(found) else []


def _in(call: Entry, room: str) -> bool:
    return room in {call.args.get("channel"), call.args.get("channel_id")} and _went_well(call)


def _says(call: Entry, channel: str, text: str) -> bool:
    return _in(call, channel) and text in f"{call.args.get('text')}{call.args.get('blocks')}"


def _went_well(call: Entry) -> bool:
    return call.ms is not None and bool(call.result.get("ok"))


def spread(
    what: str,
    took: list[float],
    *,
    p50: Limit | None = None,
    p99: Limit | None = None,
    beside: str = "",
    note: str = "",
) -> list[Figure]:
    """Return the p50 and the p99 of some times; `note` says how many there were."""
    note = f"{len(took)} times" + (f"; {note}" if note else "")
    names = {50: p50, 99: p99}
    return [
        Figure(
            what=f"{what}, p{per_cent}",
            samples=(percentile(took, per_cent),),
            unit="ms",
            limit=limit,
            beside=f"{beside}, p{per_cent}" if beside else "",
            note=note,
        )
        for per_cent, limit in names.items()
    ]
