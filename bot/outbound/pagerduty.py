"""PagerDuty: pages people, and tells who is on call. The only file that knows the library that talks to it.

The library is synchronous and patient by nature (it retries 429 for ever and sleeps meanwhile): here it answers at
once, in threads of its own so that a page never waits for anybody else's, and every outcome is sorted by what to do.
An event may be repeated after any doubt, because its `dedup_key` names the incident for good
(https://developer.pagerduty.com/docs/events-api-v2-overview#deduplication).
"""

import asyncio
import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, Final, TypeVar, assert_never

import structlog
from pydantic import SecretStr, ValidationError

from bot.domain.calls import PageCallee
from bot.domain.ids import ServiceName
from bot.domain.paging import call_key, page_key
from bot.domain.people_commands import ConfirmCall
from bot.domain.policy import Policy
from bot.domain.privacy import outside
from bot.domain.result_commands import ConfirmPage
from bot.domain.text import one_line
from bot.domain.work import Page, PageAction
from bot.engine.jobs import Done, Job
from bot.errors import DeliveryError, TryLater, Undeliverable
from bot.failpoints import reached
from bot.outbound.oncalls import OnCall, OnCalls, addresses
from bot.outbound.page_event import Event, trigger

with warnings.catch_warnings():
    # Its last release says on import that it is the last.
    warnings.filterwarnings("ignore", message='The package "pdpyras" is deprecated', category=UserWarning)
    import pdpyras

log = structlog.get_logger()
T = TypeVar("T")

TIMEOUT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=1)
THREADS: Final = 8
POLICIES_A_CALL: Final = 50
PAGE_SIZE: Final = 100
# PagerDuty numbers no further: https://developer.pagerduty.com/docs/pagination
MOST_ON_CALLS: Final = 10_000
_TOO_MANY_REQUESTS: Final = 429
_TIMED_OUT: Final = 408
_SERVER_ERROR: Final = 500


class _Events(pdpyras.EventsAPISession):
    """The library's session, without its patience."""

    def postprocess(self, response: Any) -> None:  # noqa: ANN401 - the library has no types
        """Look at an answer before the library does."""
        _do_not_wait(response)


class _Rest(pdpyras.APISession):
    """The library's session, without its patience and its statistics."""

    def postprocess(self, response: Any, suffix: str | None = None) -> None:  # noqa: ANN401, ARG002 - the library's signature
        """Look at an answer before the library does."""
        _do_not_wait(response)


class Pager:
    """Asks PagerDuty. Without a key that part is off: said once in the log, and everything else works."""

    def __init__(
        self,
        policy: Policy,
        *,
        routing_key: SecretStr | None = None,
        api_key: SecretStr | None = None,
        own_keys: Mapping[str, SecretStr] | None = None,
        events_url: str = "https://events.pagerduty.com",
        api_url: str = "https://api.pagerduty.com",
        timeout: timedelta = TIMEOUT,
    ) -> None:
        """Nothing starts here.

        `own_keys` are of callees with an integration of their own; `timeout` bounds the wait for one answer: a thread
        that was given up ends by itself.
        """
        self._own_keys = own_keys or {}
        self._policy, self._routing_key, self._api_key = policy, routing_key, api_key
        self._events_url, self._api_url, self._timeout = events_url.rstrip("/"), api_url.rstrip("/"), timeout
        # The loop's own threads look up host names for everybody: a page must not queue behind those.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="pager")
        if routing_key is None:
            log.info("pager_off", missing="PAGERDUTY_ROUTING_KEY")
        if api_key is None:
            log.info("pager_on_call_off", missing="PAGERDUTY_API_KEY")

    async def page(self, job: Job) -> Done:
        """Trigger, acknowledge or resolve the page of an incident.

        Raises:
            TryLater: PagerDuty cannot be reached, is overloaded or does not answer; repeating is safe.
            Undeliverable: it refuses the event or the key, or there is no key.
        """
        work, incident = job.work, job.state.incident
        if not isinstance(work, Page):
            raise TypeError(f"{work.kind} is not for the pager")
        if incident is None:
            raise Undeliverable("the incident is not known")
        if self._routing_key is None:
            raise Undeliverable("PagerDuty is off: PAGERDUTY_ROUTING_KEY is not set")
        match work.action:
            case PageAction.TRIGGER if not incident.status.is_open or work.reopened != incident.reopened:
                log.info("page_not_needed", incident=incident.id)  # it waited for so long that all is, or was, over
                return Done()
            case PageAction.TRIGGER:
                event = trigger(outside(incident), job.state.alerts, self._policy)
            case PageAction.ACKNOWLEDGE | PageAction.RESOLVE:
                event = Event()
            case _:
                assert_never(work.action)
        await self._ask_for(job, self._routing_key, work.action, page_key(incident, work.reopened), event)
        return Done(command=ConfirmPage(incident=incident.id, action=work.action, reopened=work.reopened))

    async def call(self, job: Job) -> Done:
        """Let the phone of somebody ring who was called, by their own integration, else by everybody's; or be quiet.

        Raises:
            TryLater, Undeliverable: as for a page.
        """
        work, incident = job.work, job.state.incident
        if not isinstance(work, PageCallee):
            raise TypeError(f"{work.kind} is no call")
        if incident is None:
            raise Undeliverable("the incident is not known")
        one = incident.calls[work.n - 1]
        key = self._own_keys.get(one.callee.key, self._routing_key)
        if key is None:
            raise Undeliverable("PagerDuty is off: PAGERDUTY_ROUTING_KEY is not set")
        if work.over:
            await self._ask_for(job, key, PageAction.RESOLVE, call_key(incident, one), Event())
            return Done()
        if not incident.status.is_open or one.reopened != incident.reopened:
            return Done()  # it waited for so long that all is, or was, over
        event = trigger(outside(incident), job.state.alerts, self._policy, why=one.why)
        await self._ask_for(job, key, PageAction.TRIGGER, call_key(incident, one), event)
        return Done(command=ConfirmCall(incident=incident.id, n=work.n))

    async def _ask_for(self, job: Job, key: SecretStr, action: PageAction, dedup: str, event: Event) -> None:
        def send_if_ours() -> None:
            # Asked where it is sent: a process that froze on the way here would page for what is over meanwhile.
            if not job.still_ours():
                raise TryLater("the lease is running out", after=timedelta())
            self._send(key, action, dedup, event)

        await self._in_thread(f"the pager's {action}", send_if_ours)

    async def who_is_on_call(self) -> Mapping[ServiceName, tuple[str, ...]]:
        """Return the e-mail addresses of who is on call for each service with an escalation policy, level 1 first.

        Nothing at all without an API key. A service for which nobody is on call has no addresses.

        Raises:
            TryLater: PagerDuty cannot be reached, is overloaded or does not answer.
            Undeliverable: it refuses the question or the key.
        """
        policies = {
            name: service.escalation_policy
            for name, service in self._policy.services.items()
            if service.escalation_policy
        }
        if self._api_key is None or not policies:
            return {}
        key, wanted = self._api_key, sorted(set(policies.values()))
        found = [entry for some in _batches(wanted, POLICIES_A_CALL) for entry in await self._on_calls(key, some)]
        people = {wanted_id: addresses(found, wanted_id) for wanted_id in wanted}
        return {name: people[escalation_policy] for name, escalation_policy in policies.items()}

    def close(self) -> None:
        """Let the threads end; what has not been sent is not sent any more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _on_calls(self, key: SecretStr, policies: list[str]) -> list[OnCall]:
        found: list[OnCall] = []
        more = True
        while more and len(found) < MOST_ON_CALLS:
            answer = await self._in_thread("who is on call", partial(self._ask, key, policies, len(found)))
            found += answer.oncalls
            more = answer.more and bool(answer.oncalls)
        return found

    async def _in_thread(self, what: str, call: Callable[[], T]) -> T:
        reached("before", what)
        try:
            running = asyncio.get_running_loop().run_in_executor(self._threads, call)
            answer = await asyncio.wait_for(running, self._timeout.total_seconds())
        except TimeoutError:
            raise TryLater(f"PagerDuty did not answer within {self._timeout.total_seconds():g} s", away=True) from None
        except ValidationError:
            raise TryLater("PagerDuty answered with something else than documented") from None
        except pdpyras.PDClientError as error:
            raise _sorted(error) from None  # the library's text holds the end of the key
        reached("after", what)
        return answer

    def _send(self, key: SecretStr, action: PageAction, dedup: str, event: Event) -> None:
        with _Events(key.get_secret_value()) as session:
            self._prepare(session, self._events_url)
            session.send_event(action.value, dedup_key=dedup, **event)

    def _ask(self, key: SecretStr, policies: list[str], offset: int) -> OnCalls:
        with _Rest(key.get_secret_value()) as session:
            self._prepare(session, self._api_url)
            question = {"escalation_policy_ids[]": policies, "include[]": ["users"], "earliest": "true"}
            answer = session.jget("/oncalls", params={**question, "limit": PAGE_SIZE, "offset": offset})
            return OnCalls.model_validate(answer)

    def _prepare(self, session: pdpyras.PDSession, url: str) -> None:
        """Take away the library's patience: the dispatcher repeats, at the time that suits everybody."""
        session.url = url
        session.retry = {}
        session.max_network_attempts = 0
        whole = self._timeout.total_seconds()
        # To connect; from one byte to the next. `requests` takes the pair, though the library thinks of one number.
        session.timeout = (whole * 0.3, whole * 0.6)  # type: ignore[assignment]
        session.max_redirects = 0  # a key goes to nobody else
        session.auth = _as_it_is  # else a .netrc would replace the Authorization header


def _as_it_is(request: T) -> T:
    return request


def _do_not_wait(response: Any) -> None:  # noqa: ANN401
    """Give up on 429 before the library sleeps on it, for ever by default."""
    if response.status_code == _TOO_MANY_REQUESTS:
        raise pdpyras.PDHTTPError("too many requests", response)


def _sorted(error: pdpyras.PDClientError) -> DeliveryError:
    """Say what to do about an error. Anything but a refusal may be repeated: an event is known by its `dedup_key`."""
    response = error.response
    if response is None:
        return TryLater(f"no answer from PagerDuty ({type(error.__cause__ or error).__name__})", away=True)
    status = int(response.status_code)
    match status:
        case 429:
            return TryLater("PagerDuty asks for patience (429)", after=_wait(response.headers))
        case 401 | 403:
            return Undeliverable(f"PagerDuty does not accept the key ({status})")
        case _ if status >= _SERVER_ERROR or status == _TIMED_OUT:
            after = _wait(response.headers)
            return TryLater(f"PagerDuty has trouble of its own ({status})", after=after, away=True)
        case _ if response.ok:
            return TryLater("PagerDuty answered with something else than documented")
        case _:
            return Undeliverable(f"PagerDuty refuses the request ({status}){_reason(response)}")


def _wait(headers: Mapping[str, str]) -> timedelta | None:
    """Return how long PagerDuty wants us to wait (https://developer.pagerduty.com/docs/rest-api-rate-limits)."""
    for name in ("Retry-After", "ratelimit-reset"):
        given = headers.get(name, "").strip()
        if given.isascii() and given.isdigit():
            return min(timedelta(seconds=int(given[:9])), LONGEST_WAIT)
    return None


def _reason(response: Any) -> str:  # noqa: ANN401
    """Return what PagerDuty says is wrong; its answer is text from outside."""
    try:
        body = response.json()
    except ValueError:
        return ""
    said = body.get("error", body) if isinstance(body, dict) else {}
    errors = said.get("errors") if isinstance(said, dict) else None
    found = [text for text in errors if isinstance(text, str)] if isinstance(errors, list) else []
    return f": {one_line('; '.join(found), 300)}" if found else ""


def _batches(things: list[str], size: int) -> Iterator[list[str]]:
    rest = iter(things)
    while some := list(itertools.islice(rest, size)):
        yield some
