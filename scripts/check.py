"""Run every static check side by side, print one line for each, and the output of those that fail.

The list below is the whole of `make check`; nothing is checked elsewhere.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(sys.executable).parent  # the virtual environment whose Python runs this file


@dataclass(frozen=True, slots=True)
class Check:
    """A tool and what it is asked; `mend` is the command that puts right what it finds, when there is one."""

    name: str
    command: Sequence[str]
    mend: str = ""


CHECKS = (  # the slowest first
    Check("types", ["mypy", "--no-error-summary"]),
    Check("house rules", ["pytest", "-q", "-n0", "--no-header", "tests/test_house.py"]),
    Check("imports", ["lint-imports", "--no-logo"]),
    Check("dead code", ["vulture"]),
    Check("dependencies", ["deptry", "--no-ansi", "."]),
    Check("lint", ["ruff", "check", "--quiet", "--output-format", "concise"], mend="make format"),
    Check("format", ["ruff", "format", "--check", "--quiet", "--output-format", "concise"], mend="make format"),
    Check("compose file", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]),
    Check("Dockerfile", ["hadolint", "Dockerfile"]),
    Check("locks", [sys.executable, "scripts/locks.py", "check"], mend="make lock"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a check ended; `output` is what the tool said, both streams in their order."""

    check: Check
    passed: bool
    seconds: float
    output: str


def run(check: Check) -> Verdict:
    """Run one check to its end."""
    program, *arguments = check.command
    beside = TOOLS / program
    command = [str(beside) if beside.exists() else program, *arguments]
    environment = {**os.environ, "PYTHONPATH": ".", "NO_COLOR": "1", "PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"}
    began = time.perf_counter()
    done = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return Verdict(check, done.returncode == 0, time.perf_counter() - began, done.stdout)


def tell(verdict: Verdict) -> None:
    """Print how a check ended, and all that it said when it failed."""
    word = "ok  " if verdict.passed else "FAIL"
    print(f"{word} {verdict.check.name:<14}{verdict.seconds:5.1f} s", flush=True)
    if not verdict.passed:
        print(verdict.output.rstrip(), flush=True)
        if verdict.check.mend:
            print(f"     {verdict.check.mend} may put this right", flush=True)


def main() -> int:
    """Run all checks, two at a time on two cores; return 1 when any failed."""
    failed: list[str] = []
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        for verdict in pool.map(run, CHECKS):
            tell(verdict)
            if not verdict.passed:
                failed.append(verdict.check.name)
    print(f"{len(failed)} of {len(CHECKS)} checks failed: {', '.join(failed)}" if failed else "All checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
