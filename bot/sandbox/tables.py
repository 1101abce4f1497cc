"""The rules of tables: rows, cells, and the length of all that is written in a message's tables.

Source: https://docs.slack.dev/reference/block-kit/blocks/table-block and Slack's own guidance for apps (data_table).
"""

from typing import Final

from bot.sandbox.faultlist import Faults, check_items, check_one_of, kind_of
from bot.sandbox.rich_text import check_rich_text
from bot.sandbox.state.ids import Obj

_ROWS: Final = 100
_DATA_ROWS: Final = 200
_CELLS: Final = 20
CHARACTERS: Final = 10_000


def check_table(block: Obj, here: str, faults: Faults) -> None:
    """Check a table."""
    for at, row in check_items(block.get("rows"), _ROWS, f"{here}/rows", faults):
        for column, cell in check_items(row, _CELLS, f"{here}/rows/{at}", faults):
            _check_cell(cell, f"{here}/rows/{at}/{column}", faults)
    if (settings := block.get("column_settings")) is None:
        return
    for at, setting in check_items(settings, _CELLS, f"{here}/column_settings", faults):
        if isinstance(setting, dict):
            place = f"{here}/column_settings/{at}/align"
            check_one_of(setting.get("align"), ("left", "center", "right"), place, faults)


def check_data_table(block: Obj, here: str, faults: Faults) -> None:
    """Check the size of a data table; its cells are not looked at."""
    if block.get("rows") is None:
        return
    for at, row in check_items(block.get("rows"), _DATA_ROWS, f"{here}/rows", faults):
        check_items(row, _CELLS, f"{here}/rows/{at}", faults)


def _check_cell(cell: object, here: str, faults: Faults) -> None:
    kind = kind_of(cell)
    if not isinstance(cell, dict) or kind not in {"raw_text", "raw_number", "rich_text"}:
        faults.add(f"unsupported type: {kind}", f"{here}/type")
    elif kind == "rich_text":
        check_rich_text(cell, here, faults)
    elif kind == "raw_text" and not isinstance(cell.get("text"), str):
        faults.add("must provide a string", f"{here}/text")
    elif kind == "raw_number" and not isinstance(cell.get("value"), int | float):
        faults.add("must provide a number", f"{here}/value")


def characters_in(block: Obj) -> int:
    """Return how much is written in a table's cells."""
    return _written(block.get("rows"))


def _written(document: object) -> int:
    if isinstance(document, list):
        return sum(_written(one) for one in document)
    if isinstance(document, dict):
        own = len(document["text"]) if isinstance(document.get("text"), str) else 0
        return own + _written(document.get("elements"))
    return 0
