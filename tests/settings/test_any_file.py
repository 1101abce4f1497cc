"""Whatever the file holds, loading gives a configuration or all that is wrong with it: never another error."""

import json
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.settings import load, load_file, summarise
from tests.settings.files import EXAMPLE

LINES = EXAMPLE.read_text().splitlines(keepends=True)
SPICES = (
    *"[]{}:,&*!|>%@`\"'#?-~\t\n\r \x00\x07\x85\u2028\ufeff",
    *("<<: ", "&a ", "*a", "!!int ", "!x ", "? ", "---\n", "...\n", "%YAML 1.1\n---\n", "%TAG ! tag:x,2000:\n---\n"),
    *("null", "true", "yes", "0x1F", "0o8", "1e999", ".nan", "2026-01-01", "12:30:00", "1_000", "\\U99999999", "\\x"),
    *("sev1: ", "services: ", "match: ", "channel: ", "token: ", "xoxb-1", "|9\n", "(?P<", "[[", "9" * 5000),
)
PARTS = st.sampled_from(SPICES) | st.text(max_size=8)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """Return the example with lines dropped, doubled and moved, and text pushed into it or cut out."""
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 3))):
        at, to = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        lines.insert(to, lines.pop(at) if draw(st.booleans()) else lines[at])
    text = "".join(lines)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(PARTS) + text[at + draw(st.integers(0, 6)) :]
    return text


NAMES = [
    *("services", "routes", "rules", "severities", "sources", "channels", "match", "channel", "checkout", "owners"),
    *("roles", "permissions", "page", "sev1", "escalation"),
]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(["10m", "U0ANA"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.sampled_from(NAMES), inner, max_size=4)
    ),
    max_leaves=12,
)


def _loads_or_tells(raw: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "muster.yaml"
        path.write_bytes(raw)
        told = _faults(path)
    assert all(fault.startswith(str(path)) and "\n" not in fault for fault in told)


def _faults(path: Path) -> tuple[str, ...]:
    try:
        assert summarise(load_file(path))
        assert load(path, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}).slack.socket_mode
    except ConfigError as error:
        return error.faults or ("an error without a fault",)
    return ()


@given(mutated())
def test_a_damaged_file_is_loaded_or_its_faults_are_told(text: str) -> None:
    _loads_or_tells(text.encode("utf-8", "surrogatepass"))


@given(st.dictionaries(st.sampled_from([*NAMES, "default_severity", "vacant_after", "x"]), values, max_size=5))
def test_any_values_are_loaded_or_their_faults_are_told(data: dict[str, object]) -> None:
    _loads_or_tells(json.dumps(data).encode())


@given(
    st.binary(max_size=200) | st.lists(PARTS, max_size=20).map(lambda parts: "".join(parts).encode(errors="replace"))
)
def test_any_bytes_are_loaded_or_their_faults_are_told(raw: bytes) -> None:
    _loads_or_tells(raw)
