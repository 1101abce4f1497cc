"""The words in messages, blocks and elements, for finding things as people do: by what is written on them."""

from typing import Final

from bot.sandbox.state.ids import Obj

# Keys whose values are not words that people read.
_NOT_WORDS: Final = {
    "type",
    "block_id",
    "action_id",
    "value",
    "url",
    "image_url",
    "style",
    "ts",
    "user",
    "team",
    "metadata",
}


def words_of(message: Obj) -> str:
    """Return a message's text and all words of its blocks and attachments, a line each."""
    lines = [str(message.get("text") or "")]
    for part in ("blocks", "attachments"):
        _collect(message.get(part) or [], lines)
    return "\n".join(line for line in lines if line)


def _collect(document: object, lines: list[str]) -> None:
    if isinstance(document, list):
        for one in document:
            _collect(one, lines)
    elif isinstance(document, dict):
        for key, one in document.items():
            if key in _NOT_WORDS:
                continue
            if isinstance(one, str):
                lines.append(one)
            else:
                _collect(one, lines)


def labels_of(element: Obj) -> set[str]:
    """Return what an element may be called by: its text, its accessibility label, its action_id."""
    text = element.get("text")
    written = text.get("text") if isinstance(text, dict) else None
    names = {str(element.get("action_id")), str(element.get("accessibility_label") or ""), str(written or "")}
    return names - {""}
