"""A call's arguments, whichever way they came: query, form, multipart or JSON.

Forms carry strings, JSON carries types; both mean the same.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import Obj


@dataclass(frozen=True, slots=True)
class Args:
    """The merged arguments."""

    values: Mapping[str, object]

    def has(self, name: str) -> bool:
        """Say whether the argument came at all."""
        return name in self.values and self.values[name] is not None

    def text(self, name: str, default: str = "") -> str:
        """Return it as text."""
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return it as yes or no: 1, 0, true, false."""
        return self.text(name).lower() in {"1", "true"} if self.has(name) else default

    def number(self, name: str, default: int) -> int:
        """Return it as a whole number; what is none counts as absent."""
        text = self.text(name)
        return int(text) if text.lstrip("-").isdigit() else default

    def names(self, name: str) -> list[str]:
        """Return a list: separated by commas, or a JSON array; what only begins like one is no array."""
        value = self.values.get(name)
        if isinstance(value, str) and value.lstrip().startswith("["):
            try:
                value = json.loads(value)
            except ValueError:
                value = [value]
        parts = value if isinstance(value, list) else self.text(name).split(",")
        return [str(part).strip() for part in parts if str(part).strip()]

    def document(self, name: str, *, broken: str) -> object:
        """Return a JSON document, sent as such or as text.

        Raises:
            SlackError: the code `broken`, when it is not JSON.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise SlackError(broken) from error

    def objects(self, name: str, *, broken: str) -> list[Obj] | None:
        """Return a JSON array of objects (blocks, attachments), or None when it did not come."""
        value = self.document(name, broken=broken)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise SlackError(broken)
        return value

    def with_limit(self, most: int) -> "Args":
        """Return the same arguments with a `limit` of at most so many objects."""
        return Args({**self.values, "limit": min(self.number("limit", most) or most, most)})
