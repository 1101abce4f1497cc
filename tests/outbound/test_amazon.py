"""What Amazon SNS is asked over HTTP: a certificate, and to confirm a subscription; a server of our own answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.decisions import State
from bot.domain.places import place
from bot.domain.work import ConfirmSubscription
from bot.engine.jobs import Done, Job
from bot.errors import Overloaded, TryLater, Undeliverable
from bot.outbound import amazon

TOPIC = "arn:aws:sns:eu-west-1:210987654321:shop-alarms"


@dataclass(slots=True)
class Amazon:
    """Answers what it is told to, and writes down what it was asked."""

    status: int = 200
    content: bytes = b"-----BEGIN CERTIFICATE-----"
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        return web.Response(status=self.status, body=self.content, headers={"Location": "/elsewhere"})


@pytest.fixture
async def there() -> AsyncIterator[Amazon]:
    amazon_itself = Amazon()
    app = web.Application()
    app.router.add_get("/{path:.*}", amazon_itself.answer)
    async with TestServer(app) as server:
        amazon_itself.url = str(server.make_url("/"))
        yield amazon_itself


def job(url: str) -> Job:
    work = ConfirmSubscription(topic=TOPIC, url=url)
    return Job(work=work, key=place(work).key, attempt=1, state=State())


async def test_a_certificate_is_fetched(there: Amazon) -> None:
    assert await amazon.certificate(there.url + "SimpleNotificationService-1.pem") == there.content
    assert there.asked == ["/SimpleNotificationService-1.pem"]


async def test_a_certificate_of_the_largest_size_is_whole_and_a_larger_one_is_none(there: Amazon) -> None:
    there.content = b"x" * amazon.LARGEST_CERTIFICATE
    assert len(await amazon.certificate(there.url)) == amazon.LARGEST_CERTIFICATE
    there.content += b"x"
    with pytest.raises(Overloaded):
        await amazon.certificate(there.url)


@pytest.mark.parametrize("status", [301, 302, 307, 403, 404, 500])
async def test_no_redirect_is_followed_and_no_error_taken_for_a_certificate(there: Amazon, status: int) -> None:
    there.status = status
    with pytest.raises(Overloaded):
        await amazon.certificate(there.url + "it")
    assert there.asked == ["/it"]


async def test_a_subscription_is_confirmed_by_asking_for_its_address(there: Amazon) -> None:
    assert await amazon.confirm(job(there.url + "?Action=ConfirmSubscription&Token=t")) == Done()
    assert there.asked == ["/?Action=ConfirmSubscription&Token=t"]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_what_amazon_cannot_do_now_is_asked_again(there: Amazon, status: int) -> None:
    there.status = status
    with pytest.raises(TryLater):
        await amazon.confirm(job(there.url))


@pytest.mark.parametrize("status", [302, 400, 403, 404])
async def test_what_amazon_refuses_is_told_with_the_topic_and_without_the_token(there: Amazon, status: int) -> None:
    there.status = status
    with pytest.raises(Undeliverable, match=TOPIC) as raised:
        await amazon.confirm(job(there.url + "?Token=hush"))
    assert "hush" not in str(raised.value)
    assert len(there.asked) == 1


async def test_when_nobody_answers_it_is_asked_again() -> None:
    with pytest.raises(TryLater):
        await amazon.confirm(job("http://127.0.0.1:9/"))
    with pytest.raises(Overloaded):
        await amazon.certificate("http://127.0.0.1:9/", within=timedelta(seconds=1))
