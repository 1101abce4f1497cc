"""The page's files: nothing makes markup out of text, nothing comes from elsewhere, everything that is named exists."""

import re
from pathlib import Path

import pytest

from tests.sandbox.page.stub import PAGE

SCRIPTS = sorted((PAGE / "static").glob("*.js"))
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|setHTML|\beval\(|new Function|srcdoc"
)
ELSEWHERE = re.compile(r"""(?:src|href|from|import|url)\s*[=(]?\s*["'(]+(?:https?:)?//""")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_of_text(path: Path) -> None:
    source = path.read_text()
    assert MARKUP.findall(source) == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    files = [PAGE / "index.html", *(PAGE / "static").iterdir()]
    assert {path.name for path in files if ELSEWHERE.search(path.read_text().replace("http://www.w3.org", ""))} == set()


def test_all_that_is_named_exists() -> None:
    named = set(re.findall(r'"/static/([\w.-]+)"', (PAGE / "index.html").read_text()))
    for script in SCRIPTS:
        named |= set(re.findall(r'from "\./([\w.-]+)"', script.read_text()))
    kept = {path.name for path in (PAGE / "static").iterdir()}
    assert named <= kept
    assert {path.name for path in SCRIPTS} <= named


def test_markup_guard_sees() -> None:
    assert MARKUP.search("node.innerHTML = message.text")
    assert ELSEWHERE.search('<script src="https://cdn.example.com/x.js">')
