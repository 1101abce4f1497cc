"""What `muster.yaml` says of keeping alerts quiet: maintenance that comes again, and which alerts keep others quiet."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Annotated, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, StrictBool, model_validator

from bot.domain.muting import Inhibition, Maintenance, MutePolicy
from bot.domain.windows import Recurring, Weekly
from bot.settings.faults import Where, quoted
from bot.settings.fields import Duration, Matchers, Text

T = TypeVar("T")
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _day(value: str) -> str:
    if value not in _DAYS:
        raise ValueError(f"{quoted(value)} is no day; write one of {', '.join(_DAYS)}")
    return value


def _some(value: tuple[T, ...]) -> tuple[T, ...]:
    if not value:
        raise ValueError("is empty; name at least one")
    return value


def _clock(value: object) -> time:
    if isinstance(value, str):
        try:
            return datetime.strptime(value, "%H:%M").time()  # noqa: DTZ007 - by a wall's clock
        except ValueError:
            pass
    raise ValueError('must be a time of day in quotes, such as "22:30"')


def _start(value: object) -> datetime:
    if isinstance(value, str):
        try:
            return datetime.strptime(value, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - by a wall's clock
        except ValueError:
            pass
    raise ValueError('must be a day and a time in quotes, such as "2026-12-06 02:00"')


def _zone(value: object) -> ZoneInfo:
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            pass
    raise ValueError('must be a time zone such as "Europe/Berlin" or "UTC"')


Clock = Annotated[time, PlainValidator(_clock)]
Zone = Annotated[ZoneInfo, PlainValidator(_zone)]
Day = Annotated[str, AfterValidator(_day)]


class Block(BaseModel):
    """A block of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class WindowBlock(Block):
    """Hours on days of the week (`days`, `begins`, `ends`), or what a rule begins (`start`, `rule`, `lasts`)."""

    zone: Zone = ZoneInfo("UTC")
    days: Annotated[tuple[Day, ...], AfterValidator(_some)] = _DAYS
    begins: Clock | None = None
    ends: Clock | None = None
    start: Annotated[datetime | None, PlainValidator(_start)] = None
    rule: Text | None = None
    lasts: Duration | None = None

    @model_validator(mode="after")
    def _is_one_of_two_kinds(self) -> "WindowBlock":
        self.window()
        return self

    def window(self) -> Weekly | Recurring:
        """Return the window.

        Raises:
            ValueError: it is neither kind, or cannot be used.
        """
        weekly, ruled = (self.begins, self.ends), (self.start, self.rule, self.lasts)
        if self.begins and self.ends and not any(ruled):
            days = frozenset(_DAYS.index(day) for day in self.days)
            return Weekly(days=days, begins=self.begins, ends=self.ends, zone=self.zone)
        if self.start and self.rule and self.lasts and not any(weekly) and "days" not in self.model_fields_set:
            return Recurring(start=self.start, rule=self.rule, lasts=self.lasts, zone=self.zone)
        raise ValueError("needs begins and ends (and days), or start, rule and lasts")


class MaintenanceBlock(Block):
    """Hours in which some alerts are expected."""

    name: Text
    match: Matchers
    windows: Annotated[tuple[WindowBlock, ...], AfterValidator(_some)]


class InhibitBlock(Block):
    """While an alert that `source` means fires, those that `target` means are quiet."""

    source: Matchers
    target: Matchers
    equal: tuple[Text, ...] = ()
    missing_is_equal: StrictBool = False


def quiet_keys_at(where: Where) -> frozenset[str]:
    """Return the keys that may stand in the block at a place of these sections."""
    match where:
        case ("maintenance", _):
            return frozenset(MaintenanceBlock.model_fields)
        case ("maintenance", _, "windows", _):
            return frozenset(WindowBlock.model_fields)
        case ("inhibit", _):
            return frozenset(InhibitBlock.model_fields)
        case _:
            return frozenset()


def mute_policy(maintenance: Iterable[MaintenanceBlock], inhibit: Iterable[InhibitBlock]) -> MutePolicy:
    """Return it in the domain's words."""
    return MutePolicy(
        maintenance=tuple(
            Maintenance(name=one.name, matchers=one.match, windows=tuple(each.window() for each in one.windows))
            for one in maintenance
        ),
        inhibitions=tuple(
            Inhibition(source=one.source, target=one.target, equal=one.equal, missing_is_equal=one.missing_is_equal)
            for one in inhibit
        ),
    )
