"""A modal as a person sees it: a title, words, labelled fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.sandbox.errors import NotPossible
from bot.sandbox.inputs import elements_of
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import labels_of, words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The modal that a person sees."""

    view: Obj
    errors: Mapping[str, str]

    @property
    def title(self) -> str:
        """Return what stands at its top."""
        return str(self.view["title"]["text"])

    @property
    def labels(self) -> list[str]:
        """Return the labels of its fields, from top to bottom."""
        return [block["label"]["text"] for block in self.view["blocks"] if block["type"] == "input"]

    @property
    def text(self) -> str:
        """Return all words in it."""
        return words_of({"blocks": self.view["blocks"]})

    def locate(self, fields: Mapping[str, object]) -> dict[str, dict[str, object]]:
        """Return values by block_id and action_id for fields named by label, block_id or action_id.

        Raises:
            NotPossible: for a field that the form does not have.
        """
        located: dict[str, dict[str, object]] = {}
        for name, value in fields.items():
            block_id, action_id = self.place(name)
            if isinstance(value, Mapping) and action_id in value:
                value = value[action_id]  # noqa: PLW2901 - {block_id: {action_id: value}} is taken as well
            located.setdefault(block_id, {})[action_id] = value
        return located

    def place(self, name: str) -> tuple[str, str]:
        """Return the block_id and the action_id of a field, named by its label or one of the two.

        Raises:
            NotPossible: for a field that the form does not have.
        """
        for block, element in elements_of(self.view["blocks"]):
            label = (block.get("label") or {}).get("text")
            if name in {label, block.get("block_id"), element["action_id"]}:
                return str(block["block_id"]), str(element["action_id"])
        raise NotPossible(f"The form {self.title!r} has no field {name!r}; it has {', '.join(self.labels)}.")


def labelled(blocks: Sequence[Obj], name: str) -> tuple[Obj, Obj] | None:
    """Return the last element with that text or action_id, with its block."""
    found = [(block, element) for block, element in elements_of(blocks) if name in labels_of(element)]
    return found[-1] if found else None
