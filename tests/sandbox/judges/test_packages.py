"""Node's packages are installed from a lock that names exact versions and no server; peers.py says when that is due."""

import json
import os
import re
from pathlib import Path

import pytest

from scripts import peers

LOCK = (peers.NODE / "package-lock.json").read_text(encoding="utf-8")


def test_the_lock_has_a_hash_for_every_package_and_names_no_server() -> None:
    packages = json.loads(LOCK)["packages"]
    fetched = {name: package for name, package in packages.items() if name}
    assert len(fetched) > 50
    assert [name for name, package in fetched.items() if not package.get("integrity")] == []
    assert [name for name, package in fetched.items() if "resolved" in package] == []


def test_what_is_asked_for_is_asked_for_exactly() -> None:
    asked = json.loads((peers.NODE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: version for name, version in asked.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}
    locked = json.loads(LOCK)["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in asked} == asked


def test_packages_are_installed_when_they_are_missing_or_older_than_their_lock(tmp_path: Path) -> None:
    lock, installed = tmp_path / "package-lock.json", tmp_path / "node_modules" / ".package-lock.json"
    lock.write_text("{}")
    assert peers.packages_are_old(tmp_path)
    installed.parent.mkdir()
    installed.write_text("{}")
    os.utime(lock, (1_000, 1_000))
    assert not peers.packages_are_old(tmp_path)
    os.utime(installed, (900, 900))
    assert peers.packages_are_old(tmp_path)


@pytest.mark.peer("node")
def test_a_machine_that_can_run_the_judges_misses_nothing_of_node() -> None:
    assert {"node", "npm"}.isdisjoint(peers.missing())


def test_who_lacks_node_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "node" in peers.missing()
    assert peers.reason("node") == "node is not installed; on Debian or Ubuntu: sudo apt-get install nodejs"
