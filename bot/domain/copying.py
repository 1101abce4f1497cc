"""`replace` as dataclasses has it, at less than half its price: a group has forty fields, and alerts change it often.

The standard one asks for each field by its name and hands all of them to the constructor, which sets them once more by
name. Here what reads and sets the fields of a class is looked up once. A class whose constructor does more than to set
its fields goes the standard way, so both make the same of everything (a test holds them against each other).
"""

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

T = TypeVar("T")


class _Fields(NamedTuple):
    """What reads all fields of a class at once, what sets each, and which is where."""

    read: Callable[[object], tuple[object, ...]]
    setters: tuple[Callable[[object, object], None], ...]
    places: Mapping[str, int]


@cache
def _fields_of(kind: type[Any]) -> _Fields | None:
    """Return how a class is copied field by field; None when its constructor does more, or its fields are no slots."""
    fields = dataclasses.fields(kind)
    slots = [getattr(kind, field.name, None) for field in fields]
    plain = [slot.__set__ for slot in slots if isinstance(slot, MemberDescriptorType)]
    if len(plain) < max(2, len(fields)) or hasattr(kind, "__post_init__") or not all(field.init for field in fields):
        return None
    names = [field.name for field in fields]
    return _Fields(attrgetter(*names), tuple(plain), {name: place for place, name in enumerate(names)})


if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414 - mypy knows what the standard one may be given
else:

    def replace(value: T, /, **changes: object) -> T:
        """Return the value with some of its fields changed."""
        kind = value.__class__
        fields = _fields_of(kind)
        if fields is None:
            return dataclasses.replace(value, **changes)
        values = list(fields.read(value))
        for name, given in changes.items():
            if name not in fields.places:
                raise TypeError(f"{kind.__name__} has no field {name}")
            values[fields.places[name]] = given
        new = object.__new__(kind)
        for put, given in zip(fields.setters, values, strict=True):
            put(new, given)
        return new
