"""What every block of `muster.yaml` has in common: unknown keys are refused, and what is read does not change."""

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """A block of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def nothing_is_empty(value: object) -> object:
    """Read a block that is there with nothing in it as an empty one."""
    return {} if value is None else value
