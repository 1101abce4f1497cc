"""The payload templates on the pages of docs/sources, as people copy them from there."""

import re
from pathlib import Path

PAGES = Path(__file__).parents[3] / "docs" / "sources"


def template_of(source: str) -> str:
    """Return the first block of JSON on the source's page."""
    page = (PAGES / f"{source}.md").read_text(encoding="utf-8")
    found = re.search(r"^ *```json\n(.*?)^ *```", page, re.MULTILINE | re.DOTALL)
    assert found, f"{source}.md has no template"
    return found[1]
