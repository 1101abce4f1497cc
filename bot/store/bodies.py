"""How domain values become text in a column and values again.

Unknown fields of a newer version are ignored, missing ones take their defaults. What cannot be read at all (a kind, a
status that only a newer version knows) is an error that says so: nobody guesses, and nobody dies of it.
"""

from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter

from bot.domain.alerts_model import Alert
from bot.domain.events import Event
from bot.domain.groups_model import Group
from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.storms_model import Storm
from bot.domain.work import Work
from bot.errors import FromNewer

T = TypeVar("T")

incident_body: TypeAdapter[Incident] = TypeAdapter(Incident)
alert_body: TypeAdapter[Alert] = TypeAdapter(Alert)
group_body: TypeAdapter[Group] = TypeAdapter(Group)
storm_body: TypeAdapter[Storm] = TypeAdapter(Storm)
event_body: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
work_body: TypeAdapter[Work] = TypeAdapter(Annotated[Work, Field(discriminator="kind")])
users_body: TypeAdapter[tuple[UserId, ...]] = TypeAdapter(tuple[UserId, ...])


def read(adapter: TypeAdapter[T], body: str) -> T:
    """Return the value of a JSON text.

    Raises:
        FromNewer: it is none that this version knows.
    """
    try:
        return adapter.validate_json(body)
    except ValueError as error:
        message = "A newer version of Muster wrote this."
        raise FromNewer(message) from error


def dump(adapter: TypeAdapter[T], value: T) -> str:
    """Return a value as JSON text."""
    return adapter.dump_json(value).decode()
