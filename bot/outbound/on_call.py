"""Learns who is on call, a service each, so that nobody has to ask when it counts. A person is a Slack user id."""

from collections.abc import Awaitable, Callable, Mapping

import structlog

from bot.domain.ids import ServiceName, UserId
from bot.domain.policy import Policy
from bot.domain.result_commands import RecordOnCall
from bot.engine.jobs import Done, Job, Perform
from bot.outbound.pagerduty import Pager

log = structlog.get_logger()
FindUser = Callable[[str], Awaitable[UserId | None]]


class _People:
    """Who is behind an e-mail address. What is known is kept: Slack answers such questions about 50 times a minute."""

    def __init__(self, find_user_by_email: FindUser) -> None:
        self._find = find_user_by_email
        self._known: dict[str, UserId] = {}
        self._reported: set[str] = set()

    async def behind(self, address: str) -> UserId | None:
        """Return the person, or None when Slack knows nobody by this address (said once in the log)."""
        if address not in self._known:
            user = await self._find(address)
            if user is None:
                self._report(address)
                return None
            self._known[address] = user
        return self._known[address]

    def _report(self, address: str) -> None:
        if address not in self._reported:
            self._reported.add(address)
            log.warning("on_call_unknown_in_slack", email=address)


def on_call_performer(pager: Pager, find_user_by_email: FindUser, policy: Policy) -> Perform:
    """Return the performer of `RefreshOnCall`: who PagerDuty names, else who the configuration does.

    `find_user_by_email` returns None for an address that Slack does not know, and may raise what a performer may.
    """
    people = _People(find_user_by_email)
    empty: set[ServiceName] = set()

    async def refresh(_job: Job) -> Done:
        heard = await pager.who_is_on_call()
        roster: dict[ServiceName, tuple[UserId, ...]] = {}
        for name, service in policy.services.items():
            asked = [await people.behind(address) for address in heard.get(name, ())]
            found = tuple(dict.fromkeys(user for user in asked if user is not None))
            _tell_of_gaps(name, heard, empty, found=bool(found))
            if found or service.on_call:
                roster[name] = found or service.on_call
        return Done(command=RecordOnCall(roster=roster))

    return refresh


def _tell_of_gaps(
    name: ServiceName, heard: Mapping[ServiceName, tuple[str, ...]], empty: set[ServiceName], *, found: bool
) -> None:
    """Say once, when it begins, that PagerDuty has nobody on call whom Slack knows."""
    if name in heard and not found and name not in empty:
        log.warning("nobody_on_call", service=name)
        empty.add(name)
    elif found:
        empty.discard(name)
