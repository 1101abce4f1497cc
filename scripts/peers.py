"""The real programs that some tests talk to: says which are missing, and installs them where that is possible.

Needs nothing but Python, so that it runs before anything is installed. On Debian and Ubuntu, as root, `install` asks
apt; elsewhere it says what to do, and the tests that need the program are skipped with the same words.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PEERS = {  # the name a test uses -> (the program on PATH, Debian's packages)
    "prometheus": ("prometheus", ("prometheus",)),
    "alertmanager": ("prometheus-alertmanager", ("prometheus-alertmanager",)),
    "chromium": ("chromium", ("chromium", "fonts-dejavu-core")),
}
# dpkg's packages start their daemons unless this file says no (https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt).
POLICY = Path("/usr/sbin/policy-rc.d")
FORBIDDEN = 101


def missing() -> list[str]:
    """Return the peers whose program is not on PATH."""
    return [peer for peer, (program, _) in PEERS.items() if shutil.which(program) is None]


def packages(peers: list[str]) -> list[str]:
    """Return the Debian packages that bring these peers."""
    return [package for peer in peers for package in PEERS[peer][1]]


def reason(peer: str) -> str:
    """Say why a test that needs this peer is skipped, and how to change that."""
    program, debian = PEERS[peer]
    return f"{program} is not installed; on Debian or Ubuntu: sudo apt-get install {' '.join(debian)}"


def install(peers: list[str]) -> bool:
    """Install the peers with apt, without starting any daemon; return whether it went well."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    guard = not POLICY.exists()
    if guard:
        POLICY.write_text(f"#!/bin/sh\nexit {FORBIDDEN}\n")
        POLICY.chmod(0o755)
    try:
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages(peers)]
        return subprocess.run(command, env=quiet, check=False, stdout=subprocess.DEVNULL).returncode == 0
    finally:
        if guard:
            POLICY.unlink()


def may_install() -> bool:
    """Tell whether this is a machine on which we may install packages: apt, and root."""
    return shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0


def main(arguments: list[str]) -> int:
    """Run `install` or, without a word, only report; always 0: what stays missing makes tests skip, not fail."""
    absent = missing()
    if absent and arguments == ["install"] and may_install():
        print(f"Installing test peers with apt: {' '.join(packages(absent))}", flush=True)
        if not install(absent):
            print("apt could not install all of them", flush=True)
        absent = missing()
    for peer in absent:
        print(f"Tests that need {peer} will be skipped: {reason(peer)}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
