"""Deploys as JSON: what a CI system tells of one, and how it is shown what was kept."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from bot.domain.deploys import Deploy
from bot.domain.ids import ServiceName
from bot.domain.redaction import kept
from bot.errors import BadInput
from bot.inbound.payloads import as_line, as_moment, as_url
from bot.inbound.problems import Problem, fields_of

LIMIT: Final = 100
_SHOWN: Final = 10
_WORDS: Final = ("service", "version", "environment", "by")
_FIELDS: Final = (*_WORDS, "url", "at")
# What is still to come cannot have gone out; clocks differ.
_AHEAD: Final = timedelta(minutes=5)


def deploy_of(body: bytes, now: datetime) -> tuple[Deploy, bool]:
    """Read which version of which service went out, where, by whom and when; and whether it was said when.

    Raises:
        Problem: it cannot be read; each field that is wrong is told with what to write instead.
    """
    told, wrong = fields_of(body, _FIELDS)
    try:
        at = as_moment(told.get("at"), "at")
    except BadInput as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None
    said = {name: kept(as_line(told.get(name), LIMIT), LIMIT).strip() for name in _WORDS}
    wrong += [(name, what) for name, what in _NEEDED.items() if not said[name]]
    if told.get("url") and as_url(told.get("url")) is None:
        wrong.append(("url", "no web address; write where the deploy can be looked at, or leave it out"))
    if at and at > now + _AHEAD:
        wrong.append(("at", "that is still to come; write when it went out, or leave it out for now"))
    if wrong:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "The deploy cannot be kept as it is written.", wrong[:_SHOWN])
    url = as_url(told.get("url"))
    deploy = Deploy(
        service=ServiceName(said["service"]),
        version=said["version"],
        environment=said["environment"],
        url=kept(url) if url else None,
        by=said["by"],
        at=min(at or now, now),
    )
    return deploy, at is not None


def shown(deploy: Deploy) -> dict[str, object]:
    """Return a deploy as a client sees it."""
    return {
        "id": deploy.id,
        "service": deploy.service,
        "version": deploy.version,
        "environment": deploy.environment,
        "url": deploy.url,
        "by": deploy.by,
        "at": deploy.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


_NEEDED: Final = {
    "service": 'write which service, such as "checkout", as its incidents name it',
    "version": 'write which version went out, such as "4.2.0"',
}
