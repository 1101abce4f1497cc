"""What we ask of Amazon SNS: the certificate that it signs with, and to confirm a subscription.

Whoever asks has looked at the address first (bot/inbound/amazon_sns.py); no redirect is followed away from it.
"""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

import aiohttp
import structlog

from bot.domain.work import ConfirmSubscription
from bot.engine.jobs import Done, Job
from bot.errors import Overloaded, TryLater, Undeliverable

log = structlog.get_logger()
# SNS waits 15 s for our answer, and the certificate is fetched before it: once, then it is known.
CERTIFICATE_WITHIN: Final = timedelta(seconds=2)
CONFIRMED_WITHIN: Final = timedelta(seconds=10)
LARGEST_CERTIFICATE: Final = 64 * 1024


async def certificate(url: str, *, within: timedelta = CERTIFICATE_WITHIN) -> bytes:
    """Fetch a certificate.

    Raises:
        Overloaded: it cannot be had now.
    """
    try:
        async with _session(within) as session, session.get(url, allow_redirects=False) as answer:
            content = await answer.content.read(LARGEST_CERTIFICATE + 1)
            whole = answer.content.at_eof() or await answer.content.read(1) == b""
    except (aiohttp.ClientError, OSError) as error:
        raise Overloaded(f"the certificate of Amazon SNS cannot be fetched ({type(error).__name__})") from error
    if answer.status != HTTPStatus.OK or len(content) > LARGEST_CERTIFICATE or not whole:
        raise Overloaded(f"the certificate of Amazon SNS cannot be fetched (HTTP {answer.status})")
    return content


async def confirm(job: Job) -> Done:
    """Perform `ConfirmSubscription`. Confirming twice is the same as once, so an unknown outcome is simply repeated."""
    work = job.work
    assert isinstance(work, ConfirmSubscription)  # noqa: S101 - the table of performers says so
    try:
        async with _session(CONFIRMED_WITHIN) as session, session.get(work.url, allow_redirects=False) as answer:
            status = answer.status
    except (aiohttp.ClientError, OSError) as error:
        raise TryLater(f"Amazon SNS does not answer ({type(error).__name__})") from error
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryLater(f"Amazon SNS answers HTTP {status}")
    if status != HTTPStatus.OK:
        reason = f"The subscription of {work.topic} was not confirmed (HTTP {status}): ask SNS to send it anew."
        raise Undeliverable(reason)
    log.info("sns_subscription_confirmed", topic=work.topic)
    return Done()


def _session(within: timedelta) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=within.total_seconds()))
