"""Looks for bytes that lead a reader where none has been: atheris follows the coverage of the product's code.

`python -m tests.torture.following NAME --runs 10000 --seed 1`; it ends with 0 when nothing was found.
"""

import argparse
import tempfile
from pathlib import Path
from typing import Final

import atheris

with atheris.instrument_imports(include=["bot"]):
    from tests.torture.parsers import TARGETS, guarded
from tests.torture.corpus import LONGEST, corpus
from tests.torture.quiet import quiet

# A reader that takes so long over 4 KiB hangs.
HANGS_AFTER_SECONDS: Final = 10


def main() -> None:
    """Look; this does not return, because atheris ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture.following", description=__doc__)
    parser.add_argument("name", choices=TARGETS)
    parser.add_argument("--runs", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    wanted = parser.parse_args()
    quiet()
    with tempfile.TemporaryDirectory() as folder:
        for number, example in enumerate(corpus(wanted.name)):
            (Path(folder) / str(number)).write_bytes(example)
        limits = [f"-runs={wanted.runs}", f"-seed={wanted.seed}", f"-max_len={LONGEST}"]
        limits += [f"-timeout={HANGS_AFTER_SECONDS}", f"-artifact_prefix={folder}/", folder]
        atheris.Setup(["following", *limits], guarded(wanted.name, TARGETS[wanted.name]))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
