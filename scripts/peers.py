"""The real programs that some tests talk to: says which are missing, and installs them where that is possible.

Needs nothing but Python, so that it runs before anything is installed. On Debian and Ubuntu, as root, `install` asks
apt; Node's packages it installs for anybody. Elsewhere it says what to do, and the tests that need the program are
skipped with the same words.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PEERS = {  # the name a test uses -> (the program on PATH, Debian's packages)
    "prometheus": ("prometheus", ("prometheus",)),
    "alertmanager": ("prometheus-alertmanager", ("prometheus-alertmanager",)),
    "chromium": ("chromium", ("chromium", "fonts-dejavu-core")),
    # Some distributions of Node bring npm with them and refuse Debian's: npm is asked for when Node is there.
    "node": ("node", ("nodejs",)),
    "npm": ("npm", ("npm",)),
}
# Slack's own Node packages, at exact versions.
NODE = Path(__file__).parent.parent / "tests" / "sandbox" / "node"
NODE_OLDEST = 20
NPM_CI = ("npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund")
# dpkg's packages start their daemons unless this file says no (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt).
POLICY = Path("/usr/sbin/policy-rc.d")
FORBIDDEN = 101


def absent(peer: str) -> bool:
    """Say whether this peer's program is not on PATH."""
    return shutil.which(PEERS[peer][0]) is None


def missing() -> list[str]:
    """Return the peers that tests cannot talk to. Node counts as there with its packages."""
    return [peer for peer in PEERS if absent(peer) or (peer == "node" and (_too_old() or packages_are_old()))]


def packages_are_old(folder: Path = NODE) -> bool:
    """Say whether Node's packages are missing, or older than their lock."""
    installed = folder / "node_modules" / ".package-lock.json"
    return not installed.exists() or installed.stat().st_mtime < (folder / "package-lock.json").stat().st_mtime


def _too_old() -> bool:
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", said)
    return found is None or int(found[1]) < NODE_OLDEST


def reason(peer: str) -> str:
    """Say why a test that needs this peer is skipped, and how to change that."""
    program, debian = PEERS[peer]
    if absent(peer):
        return f"{program} is not installed; on Debian or Ubuntu: sudo apt-get install {' '.join(debian)}"
    if _too_old():
        return f"node is too old: version {NODE_OLDEST} or newer is needed"
    return f"its packages are not installed: (cd {NODE.relative_to(NODE.parents[2])} && {' '.join(NPM_CI)})"


def install(packages: tuple[str, ...]) -> bool:
    """Install Debian packages with apt, without starting any daemon; return whether it went well."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    guard = not POLICY.exists()
    if guard:
        POLICY.write_text(f"#!/bin/sh\nexit {FORBIDDEN}\n")
        POLICY.chmod(0o755)
    try:
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        return subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL).returncode == 0
    finally:
        if guard:
            POLICY.unlink()


def install_programs() -> None:
    """Install what is missing on PATH, one peer after the other, where we may: with apt, as root."""
    wanted = [peer for peer in PEERS if absent(peer)]
    if not wanted or shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return
    print(f"Installing test peers with apt: {' '.join(wanted)}", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    for peer in wanted:
        if absent(peer) and not install(PEERS[peer][1]):
            print(f"apt could not install {peer}", flush=True)


def install_node_packages() -> None:
    """Install Node's packages when they are missing or older than their lock."""
    if not absent("node") and not absent("npm") and packages_are_old():
        print("Installing Slack's Node packages for the tests", flush=True)
        subprocess.run(NPM_CI, cwd=NODE, check=False)


def main(arguments: list[str]) -> int:
    """Run `install` or, without a word, only report; always 0: what stays missing makes tests skip, not fail."""
    if arguments == ["install"]:
        install_programs()
        install_node_packages()
    for peer in missing():
        print(f"Tests that need {peer} will be skipped: {reason(peer)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
