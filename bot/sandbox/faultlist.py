"""A growing list of what is wrong with blocks, each with a pointer to where it is, and the simplest checks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

# A sentence like Slack's, with the pointer at its end.
Fault = str


@dataclass(slots=True)
class Faults:
    """What is wrong so far."""

    all: list[Fault] = field(default_factory=list)

    def add(self, what: str, pointer: str) -> None:
        """Note one fault."""
        self.all.append(f"{what} [json-pointer:{pointer}]")


def kind_of(document: object) -> str:
    """Return what type a block, element or text says it is; nothing when it does not say so."""
    kind = document.get("type") if isinstance(document, dict) else None
    return kind if isinstance(kind, str) else ""


def check_length(value: object, limit: int, pointer: str, faults: Faults, *, required: bool = False) -> None:
    """Check a string's length; nothing at all is fine unless `required`."""
    if value is None and not required:
        return
    if not isinstance(value, str):
        faults.add("must provide a string", pointer)
    elif required and not value:
        faults.add("must be more than 0 characters", pointer)
    elif len(value) > limit:
        faults.add(f"must be less than {limit + 1} characters", pointer)


def check_items(value: object, limit: int, pointer: str, faults: Faults) -> list[tuple[int, object]]:
    """Check that there are between one item and `limit`; return them numbered."""
    if not isinstance(value, list) or not value:
        faults.add("must contain at least 1 item", pointer)
        return []
    if len(value) > limit:
        faults.add(f"no more than {limit} items allowed", pointer)
    return list(enumerate(value))


def check_one_of(value: object, allowed: Sequence[str], pointer: str, faults: Faults) -> None:
    """Check that a value, if there is one, is among those that Slack knows."""
    if value is not None and value not in allowed:
        faults.add(f"must be a valid enum value: {', '.join(allowed)}", pointer)


def check_between(value: object, least: int, most: int, pointer: str, faults: Faults) -> None:
    """Check that a whole number, if there is one, is within bounds."""
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        faults.add(f"must be between {least} and {most}", pointer)
