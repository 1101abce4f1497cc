"""Writes configuration files and reads back what is wrong with them."""

from pathlib import Path

from bot.errors import ConfigError
from bot.settings import load_file

EXAMPLE = Path(__file__).parents[2] / "muster.example.yaml"


def written(text: str, folder: Path) -> Path:
    """Return the path of a file with this text."""
    path = folder / "muster.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path) -> list[str]:
    """Return the faults of a file, with its bare name; none when it is valid."""
    try:
        load_file(path)
    except ConfigError as error:
        return [fault.replace(str(path), path.name) for fault in error.faults]
    return []
