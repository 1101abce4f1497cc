"""What `muster.yaml` says of keeping alerts quiet: maintenance, which alerts keep others quiet, and silences."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainValidator, StrictBool, model_validator

from bot.domain.declared import BY_FILE, Declared
from bot.domain.ids import UserId
from bot.domain.matchers import Matcher, all_match
from bot.domain.muting import Inhibition, Maintenance, MutePolicy
from bot.domain.windows import Recurring, Window
from bot.settings.block import Block
from bot.settings.faults import Where
from bot.settings.fields import Duration, Matchers, Text
from bot.settings.route_fields import Zone
from bot.settings.routes import TimeWindowBlock, spans_of

T = TypeVar("T")


def _some(value: tuple[T, ...]) -> tuple[T, ...]:
    if not value:
        raise ValueError("is empty; name at least one")
    return value


def _not_all(value: tuple[Matcher, ...]) -> tuple[Matcher, ...]:
    if all_match(value, {}):
        raise ValueError("means every alert; name at least one label that an alert must have")
    return value


def _start(value: object) -> datetime:
    if isinstance(value, str):
        try:
            return datetime.strptime(value, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - by a wall's clock
        except ValueError:
            pass
    raise ValueError('must be a day and a time in quotes, such as "2026-12-06 02:00"')


class WindowBlock(TimeWindowBlock):
    """Hours of the week as in `time_windows`, or what a rule begins (`start`, `rule`, `lasts`)."""

    start: Annotated[datetime | None, PlainValidator(_start)] = None
    rule: Text | None = None
    lasts: Duration | None = None

    @model_validator(mode="after")
    def _is_one_of_two_kinds(self) -> "WindowBlock":
        self.windows()
        return self

    def windows(self) -> tuple[Window, ...]:
        """Return what it stands for.

        Raises:
            ValueError: it is neither kind, or cannot be used.
        """
        weekly = self.model_fields_set & {"days", "times"}
        ruled = (self.start, self.rule, self.lasts)
        if weekly and not any(ruled):
            return spans_of(self)
        if self.start and self.rule and self.lasts and not weekly:
            return (Recurring(start=self.start, rule=self.rule, lasts=self.lasts, zone=self.time_zone),)
        raise ValueError("needs days or times, or else start, rule and lasts")


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


class SilenceBlock(Block):
    """Alerts that nobody wants to hear of until a moment; its name is what it is known by when it changes."""

    name: Annotated[Text, Field(max_length=60)]
    match: Annotated[Matchers, AfterValidator(_not_all)]
    until: Annotated[datetime, PlainValidator(_start)]
    time_zone: Zone = ZoneInfo("UTC")
    by: Annotated[Text, Field(max_length=80)] = BY_FILE
    reason: Text

    def declared(self) -> Declared:
        """Return it in the domain's words."""
        until = self.until.replace(tzinfo=self.time_zone).astimezone(UTC)
        return Declared(name=self.name, matchers=self.match, until=until, by=UserId(self.by), reason=self.reason)


def named_apart(blocks: tuple[SilenceBlock, ...]) -> tuple[SilenceBlock, ...]:
    """Return silences of which no two have one name.

    Raises:
        ValueError: two have.
    """
    names = [block.name for block in blocks]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f'two are called "{twice[0]}"; give each a name of its own')
    return blocks


SilencesDeclared = Annotated[tuple[SilenceBlock, ...], AfterValidator(named_apart)]


def quiet_keys_at(where: Where) -> frozenset[str]:
    """Return the keys that may stand in the block at a place of these sections."""
    match where:
        case ("maintenance", _):
            return frozenset(MaintenanceBlock.model_fields)
        case ("maintenance", _, "windows", _):
            return frozenset(WindowBlock.model_fields)
        case ("inhibit", _):
            return frozenset(InhibitBlock.model_fields)
        case ("silences", _):
            return frozenset(SilenceBlock.model_fields)
        case _:
            return frozenset()


def mute_policy(maintenance: Iterable[MaintenanceBlock], inhibit: Iterable[InhibitBlock]) -> MutePolicy:
    """Return it in the domain's words."""
    return MutePolicy(
        maintenance=tuple(Maintenance(name=one.name, matchers=one.match, windows=_of(one)) for one in maintenance),
        inhibitions=tuple(
            Inhibition(source=one.source, target=one.target, equal=one.equal, missing_is_equal=one.missing_is_equal)
            for one in inhibit
        ),
    )


def _of(block: MaintenanceBlock) -> tuple[Window, ...]:
    return tuple(window for each in block.windows for window in each.windows())
