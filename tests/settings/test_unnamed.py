"""What `muster check` says of names that may name nothing: services in matchers and runbooks, runbooks left alone."""

from pathlib import Path

from bot.settings import load_file, summarise
from tests.settings.files import written

ROUTES = """
services: {checkout: {owners: [U0ANA], runbook: "https://wiki.example/by-address"}}
routes:
  - {matchers: ['service="chekout"'], channel: a}
  - {matchers: ['service=~"any.*"', 'env="prod"'], channel: b}
declare: [{name: quick, matchers: ['service="serch"']}]
maintenance: [{name: Patches, match: 'service="checkout"', windows: [{days: [sat], times: ["23:00-02:00"]}]}]
inhibit: [{source: 'service="network"', target: 'severity="info"'}]
silences: [{name: Move, match: 'service="rack"', until: "2030-12-06 02:00", reason: x}]
"""

HOW = "name services or alerts at their top; /incident runbook finds them by their words alone"


def said(text: str, folder: Path) -> list[str]:
    lines = summarise(load_file(written(text, folder))).splitlines()
    return [line for line in lines if "is for a service" in line or "nothing leads" in line]


def test_a_service_that_is_named_and_is_not_there_is_said_with_what_was_meant(tmp_path: Path) -> None:
    assert said(ROUTES, tmp_path) == [
        'routes[0] is for a service that is not there: "chekout", did you mean "checkout"?',
        'Rule quick is for a service that is not there: "serch" (known here: checkout)',
        'inhibit[0].source is for a service that is not there: "network" (known here: checkout)',
        'Silence Move is for a service that is not there: "rack" (known here: checkout)',
    ]
    without = "routes: [{matchers: ['service=\"chekout\"'], channel: a}]\n"
    assert said(without, tmp_path) == [], "no service is known at all"


def test_runbooks_are_said_of_services_that_are_not_there_and_those_to_which_nothing_leads(tmp_path: Path) -> None:
    books = tmp_path / "runbooks"
    books.mkdir()
    for name, front in {
        "by-address": "",
        "by-alert": "alerts: [DiskFull]",
        "by-service": "services: [checkout]",
        "by-url": "url: https://wiki.example/x",
        "alone": "title: Nobody comes here",
        "mistyped": "services: [chekout]",
    }.items():
        (books / f"{name}.md").write_text(f"---\n{front}\n---\n- [ ] Look\n", encoding="utf-8")
    text = ROUTES.partition("routes:")[0] + "runbooks: {path: runbooks}\n"
    assert said(text, tmp_path) == [
        'Runbook mistyped is for a service that is not there: "chekout", did you mean "checkout"?',
        f"Runbooks to which nothing leads: alone, mistyped ({HOW})",
    ]
    assert said("runbooks: {path: runbooks}\n", tmp_path)[0].endswith("; there is none under services")


def test_a_file_that_is_no_runbook_is_said_with_what_to_change(tmp_path: Path) -> None:
    books = tmp_path / "runbooks"
    books.mkdir()
    (books / "words.md").write_text("# Only words\n", encoding="utf-8")
    lines = summarise(load_file(written("runbooks: {path: runbooks}\n", tmp_path))).splitlines()
    assert [line for line in lines if "left out" in line] == [
        "Runbook left out: words.md: it has no steps; begin the items of a list with “- [ ]”, or number them"
    ]
