"""How domain values become text in a column and values again.

Unknown fields of a newer version are ignored, missing ones take their defaults.
"""

from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter

from bot.domain.events import Event
from bot.domain.model import Alert, Incident, UserId
from bot.domain.work import Work

T = TypeVar("T")

incident_body: TypeAdapter[Incident] = TypeAdapter(Incident)
alert_body: TypeAdapter[Alert] = TypeAdapter(Alert)
event_body: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
work_body: TypeAdapter[Work] = TypeAdapter(Annotated[Work, Field(discriminator="kind")])
users_body: TypeAdapter[tuple[UserId, ...]] = TypeAdapter(tuple[UserId, ...])


def dump(adapter: TypeAdapter[T], value: T) -> str:
    """Return a value as JSON text."""
    return adapter.dump_json(value).decode()
