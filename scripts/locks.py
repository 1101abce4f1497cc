"""Write and check the locks: `requirements.lock` for running Muster, `requirements-dev.lock` for working on it as well.

A lock names exact versions and the hashes of every published file of them, for every platform and Python that Muster
supports; it names no server and no path, so that it installs from wherever the reader's pip looks.
"""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path("pyproject.toml")
RUN = Path("requirements.lock")
DEV = Path("requirements-dev.lock")
OLDEST_PYTHON = "3.11"

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;]+)(?: ; (?P<marker>.*?))? \\$", re.MULTILINE)
PLACE = re.compile(r"https?:|file:|@ |^\s*(?:-|/|\.)(?!-hash)", re.MULTILINE)
ITEM = re.compile(r"^(?=[A-Za-z0-9])", re.MULTILINE)


def compile_lock(lock: Path, *groups: str, upgrade: bool, constraint: Path | None = None) -> None:
    """Resolve the project with these dependency groups into `lock`; versions already there stay unless `upgrade`."""
    command = ["uv", "pip", "compile", "--quiet", "--no-config", "--universal", "--python-version", OLDEST_PYTHON]
    command += ["--generate-hashes", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--no-header"]
    command += ["--output-file", str(lock), str(PROJECT), "--extra", "postgres"]
    command += [word for group in groups for word in ("--group", group)]
    command += ["--upgrade"] if upgrade else []
    command += ["--constraint", str(constraint)] if constraint else []
    bare = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    subprocess.run(command, env=bare, check=True, stdout=subprocess.DEVNULL)


def write(*, upgrade: bool) -> None:
    """Write both locks; the second holds the first, version by version."""
    compile_lock(RUN, "build", upgrade=upgrade)
    compile_lock(DEV, "build", "dev", upgrade=upgrade, constraint=RUN)


def pins(text: str) -> dict[str, set[str]]:
    """Return name -> "version ; marker" as a lock pins them (a name may stand twice, for different Pythons)."""
    found: dict[str, set[str]] = {}
    for pin in PIN.finditer(text):
        found.setdefault(pin["name"].lower(), set()).add(f"{pin['version']} ; {pin['marker'] or ''}")
    return found


def named(requirements: list[object]) -> set[str]:
    """Return the normalised names of requirement lines (a table, such as include-group, names none)."""
    words = (re.split(r"[\s\[<>=!~;]", line, maxsplit=1)[0] for line in requirements if isinstance(line, str))
    return {re.sub(r"[-_.]+", "-", word).lower() for word in words}


def faults() -> list[str]:
    """Return what is wrong with the locks, a line each; reads files only."""
    project = tomllib.loads(PROJECT.read_text())
    groups = project["dependency-groups"]
    wanted = named(project["project"]["dependencies"] + project["project"]["optional-dependencies"]["postgres"])
    texts = {lock: lock.read_text() for lock in (RUN, DEV)}
    locked = {lock: pins(text) for lock, text in texts.items()}
    wrong = [
        f"{lock}: names a place: {text[found.start() :].strip().splitlines()[0]}"
        for lock, text in texts.items()
        if (found := PLACE.search(text))
    ]
    wrong += [
        f"{lock}: without a hash: {item.splitlines()[0]}"
        for lock, text in texts.items()
        for item in ITEM.split(text)[1:]
        if "--hash=sha256:" not in item
    ]
    expected = {RUN: wanted | named(groups["build"]), DEV: wanted.union(*(named(group) for group in groups.values()))}
    wrong += [f"{lock}: lacks {name}" for lock, names in expected.items() for name in sorted(names - set(locked[lock]))]
    wrong += [f"{DEV}: {name} differs from {RUN}" for name in locked[RUN] if locked[RUN][name] != locked[DEV].get(name)]
    return wrong


def main(arguments: list[str]) -> int:
    """Run `write`, `upgrade` (newest versions) or `check`; return 1 when a lock is not as promised."""
    if arguments in (["write"], ["upgrade"]):
        write(upgrade=arguments == ["upgrade"])
    wrong = faults()
    print("\n".join(wrong) or f"{len(pins(RUN.read_text()))} and {len(pins(DEV.read_text()))} packages locked")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
