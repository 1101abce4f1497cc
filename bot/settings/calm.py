"""What `muster.yaml` says of too many alerts at once, and of those that are worth no message each."""

from datetime import timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, PlainValidator

from bot.domain.digests_model import Digest, digest_of
from bot.domain.storms_model import StormPolicy
from bot.settings.block import Block
from bot.settings.fields import Duration

_LONGEST: Final = timedelta(hours=1)
_MOST: Final = 100
_SHORTEST_DIGEST: Final = timedelta(minutes=1)
_LONGEST_DIGEST: Final = timedelta(days=7)


def _groups(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError(f"must be a number: 1 to {_MOST} groups, or 0 for no storm, ever")
    return value


def _short(value: timedelta) -> timedelta:
    if value > _LONGEST:
        raise ValueError("is too long for a storm; write at most 1h")
    return value


def _digest(value: object) -> Digest:
    try:
        found = digest_of(value.strip()) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or (found and not found.at and not _SHORTEST_DIGEST <= found.every <= _LONGEST_DIGEST):
        often = 'how often ("1h", at least 1m and at most 7d)'
        raise ValueError(f'must be {often}, a time of the day ("09:00 Europe/Berlin"), or "off"')
    return found


DigestTime = Annotated[Digest, PlainValidator(_digest)]


class StormBlock(Block):
    """More than so many new groups within this time in one channel are a storm; with 0 nothing ever is."""

    groups: Annotated[int, PlainValidator(_groups)] | None = None
    within: Annotated[Duration, AfterValidator(_short)] | None = None


def storm_policy(block: StormBlock | None) -> StormPolicy:
    """Return it in the domain's words; what is not said is as Muster thinks best."""
    default = StormPolicy()
    if block is None:
        return default
    groups = default.groups if block.groups is None else block.groups
    return StormPolicy(groups=groups, within=block.within or default.within)
