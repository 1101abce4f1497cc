"""Deploys: what went out on an incident's services, shortly before it was declared and since. Each is told once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.affected import shared
from bot.domain.happening import Happening
from bot.domain.ids import IncidentId, ServiceName


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploy:
    """One deploy, as whoever made it told of it; `by` is who or what made it, in words."""

    id: int = 0
    service: ServiceName
    version: str
    environment: str = ""
    url: str | None = None
    by: str = ""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployNoticed(Happening):
    """A deploy belongs to the incident's story."""

    kind: Literal["deploy_noticed"] = "deploy_noticed"
    deploy: Deploy


@dataclass(frozen=True, slots=True, kw_only=True)
class LookForDeploys:
    """Hand in `NoticeDeploys`: there are deploys that an incident may not know of."""

    kind: Literal["timer.deploys"] = "timer.deploys"
    incident: IncidentId


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDeploys:
    """Take the deploys of an incident's services into its story (the result of `LookForDeploys`)."""

    incident: IncidentId


def is_of(deploy: Deploy, services: Iterable[ServiceName]) -> bool:
    """Tell whether a deploy is of one of these services; how its name is written does not matter."""
    return bool(shared((deploy.service,), services))
