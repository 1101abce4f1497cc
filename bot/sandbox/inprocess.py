"""The sandbox without a network: calls in, deliveries out, in one process and on one clock; it need not be started.

Everything that goes through is copied as JSON would be, so nobody holds a piece of somebody else's state. Faults,
limits and the journal are the same as over HTTP.

sandbox = Sandbox(clock, chance)
slack = sandbox.in_process()
slack.deliver_to(app)
reply = await slack.call("chat.postMessage", channel="C0GENERAL", text="Checkout is down")
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.sandbox.args import Args
from bot.sandbox.delivery.outcome import DEADLINE, Failure, Outcome, within
from bot.sandbox.delivery.payloads import Delivery
from bot.sandbox.gate import Reply
from bot.sandbox.state.copies import copied
from bot.sandbox.state.seed import BOT_TOKEN
from bot.sandbox.web import WebApi

if TYPE_CHECKING:
    from bot.sandbox.tenants import Tenant

# Takes a delivery, the number of the attempt (0 for the first) and why the last one failed.
Take = Callable[[Delivery, int, Failure | None], Awaitable[Outcome]]


class InProcess:
    """The app's ways in."""

    def __init__(self, api: WebApi, tenants: "Sequence[Tenant]", clock: Clock) -> None:
        self._api = api
        self._tenants = tenants
        self._clock = clock

    async def call(self, method: str, *, token: str = BOT_TOKEN, **arguments: object) -> Reply:
        """Call a Web API method.

        Raises:
            ConnectionBroken: a fault wants it so; the outcome is unknown.
        """
        reply = await self._api.call(method, Args(copied(arguments)), token)
        return Reply(
            status=reply.status,
            body=copied(reply.body),
            headers=reply.headers,
            text=reply.text,
            content_type=reply.content_type,
        )

    async def answer(self, response_url: str, **document: object) -> Reply:
        """Answer at a response_url.

        Raises:
            ConnectionBroken: a fault wants it so; the outcome is unknown.
        """
        token = response_url.rpartition("/")[2]
        meant = [one for one in self._tenants if token in one.workspace.response_urls]
        return await (meant or self._tenants)[0].responses.take_answer(token, copied(document))

    async def upload(self, upload_url: str, content: bytes) -> Reply:
        """Send a file's bytes to the address that files.getUploadURLExternal gave.

        Raises:
            ConnectionBroken: a fault wants it so; the outcome is unknown.
        """
        token = upload_url.rpartition("/")[2]
        meant = [
            one for one in self._tenants if any(file.upload_token == token for file in one.workspace.files.values())
        ]
        return await (meant or self._tenants)[0].responses.take_file(token, content)

    def deliver_to(self, take: Take) -> None:
        """From now on deliver events, commands and interactions to an app of this process."""
        for tenant in self._tenants:
            tenant.courier.channel = AppHere(take, self._clock)


class AppHere:
    """An app in the same process, as a channel; it has three seconds like any other."""

    # As a request URL would be.
    may_be_disabled = True

    def __init__(self, take: Take, clock: Clock) -> None:
        self._take = take
        self._clock = clock

    async def send(self, delivery: Delivery, *, attempt: int = 0, reason: Failure | None = None) -> Outcome:
        """Hand one delivery over."""
        handed = Delivery(kind=delivery.kind, name=delivery.name, payload=copied(delivery.payload))
        outcome = await within(self._clock, DEADLINE, self._take(handed, attempt, reason))
        return outcome or Outcome(failure=Failure.TIMEOUT)
