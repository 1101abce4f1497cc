"""Runbooks read from a folder: title, services, steps; and what is left out: too large, outside, none, no YAML."""

from pathlib import Path

import pytest

from bot.domain.ids import ServiceName
from bot.errors import ConfigError
from bot.settings.runbooks import BYTES, FILES, STEP_LIMIT, STEPS, RunbooksBlock, Shelf, runbook_in, runbooks_of

WHOLE = """---
title: Checkout errors
services: [checkout, payments]
alert: CheckoutBurn
url: https://wiki.example/checkout-errors
---
# Another title

Look at the *dashboard* first.

- [ ] Look at the **errors** by region
- [x] Roll back: `kubectl rollout undo deployment/checkout`

```sh
- [ ] this is code
```

1. not a step, because there are boxes
"""


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        path = tmp_path / "runbooks" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_front_matter_says_what_it_is_for_and_boxes_are_its_steps() -> None:
    one = runbook_in("checkout", WHOLE)
    assert (one.title, one.services, one.alerts) == ("Checkout errors", ("checkout", "payments"), ("CheckoutBurn",))
    assert one.url == "https://wiki.example/checkout-errors"
    assert one.steps == ("Look at the **errors** by region", "Roll back: `kubectl rollout undo deployment/checkout`")


def test_without_front_matter_the_heading_is_the_title_and_numbered_items_are_the_steps() -> None:
    one = runbook_in("disk-full", "# Disk is full\n\n1. Look\n2) Clean up\n\nThat is all.\n")
    assert (one.title, one.steps, one.services) == ("Disk is full", ("Look", "Clean up"), ())
    assert runbook_in("disk-full", "1. Look").title == "disk-full"


def test_long_ones_are_cut_and_say_how_much_is_left_out() -> None:
    one = runbook_in("long", "\n".join(f"{at}. {'x' * 500}" for at in range(1, STEPS + 4)))
    assert (len(one.steps), one.left_out, len(one.steps[0])) == (STEPS, 3, STEP_LIMIT)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("# Nothing\n\nwords", "has no steps"),
        ("---\na: [\n---\n1. Look", "no YAML"),
        ("---\n- a\n---\nno step", "no steps"),
    ],
)
def test_what_cannot_be_used_says_why(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        runbook_in("x", text)


def test_odd_front_matter_is_passed_over() -> None:
    one = runbook_in("x", "---\ntitle: 7\nservices: [1, '', web]\nurl: javascript:alert(1)\n---\n1. Look")
    assert (one.title, one.services, one.url) == ("7", (ServiceName("web"),), None)


def test_a_folder_is_read_by_name_and_what_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    beside = folder(tmp_path, b="1. Look", a="1. Look", none="words", big="1. Look\n" + "x" * BYTES)
    secret = tmp_path / "secret.md"
    secret.write_text("1. password", encoding="utf-8")
    (tmp_path / "runbooks" / "link.md").symlink_to(secret)
    (tmp_path / "runbooks" / "bad.md").write_bytes(b"1. \xff\xfe")
    (tmp_path / "runbooks" / "deep").mkdir()
    (tmp_path / "runbooks" / "deep" / "c.md").write_text("1. Look", encoding="utf-8")
    (tmp_path / "runbooks" / "deep" / "a.md").write_text("1. Another", encoding="utf-8")
    shelf = runbooks_of(RunbooksBlock(path="runbooks"), beside)
    assert [(one.name, one.steps) for one in shelf.books] == [("a", ("Look",)), ("b", ("Look",)), ("c", ("Look",))]
    assert shelf.left_out == (
        "bad.md: it is not written in UTF-8; save it so",
        "big.md: it is larger than 200,000 bytes; shorten it, or make two of it",
        "deep/a.md: another file is called a.md too; name one of them otherwise",
        "link.md: it leads out of the folder; put the file itself there",
        "none.md: it has no steps; begin the items of a list with “- [ ]”, or number them",
    )


def test_more_files_than_are_read_are_counted(tmp_path: Path) -> None:
    beside = folder(tmp_path, **{f"book-{n:04}": "1. Look" for n in range(FILES + 2)})
    shelf = runbooks_of(RunbooksBlock(path="runbooks"), beside)
    assert len(shelf.books) == FILES
    assert shelf.left_out == (f"2 more files: Muster reads {FILES} at most, the first by their names",)


def test_a_link_that_leads_nowhere_is_left_out(tmp_path: Path) -> None:
    beside = folder(tmp_path, a="1. Look")
    (tmp_path / "runbooks" / "gone.md").symlink_to(tmp_path / "runbooks" / "nowhere.md")
    assert runbooks_of(RunbooksBlock(path="runbooks"), beside).left_out == (
        "gone.md: there is no file behind its name; take it away",
    )


def test_without_a_folder_there_are_none_and_a_wrong_one_is_a_fault(tmp_path: Path) -> None:
    assert runbooks_of(None, tmp_path) == Shelf()
    with pytest.raises(ConfigError, match="there is no folder"):
        runbooks_of(RunbooksBlock(path="nowhere"), tmp_path)
