"""What `muster.yaml` says of people: the roles of this organisation, and what is wrong with them, by its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import load_file
from tests.settings.files import faults_of, written


def test_roles_are_read_with_what_they_ask(tmp_path: Path) -> None:
    text = "handover_after: 3m\nroles:\n  Database Expert: [Check the replicas]\n  Customer Liaison: []\n"
    policy = load_file(written(text, tmp_path)).policy
    assert policy.roles == {"Database Expert": ("Check the replicas",), "Customer Liaison": ()}
    assert policy.handover_after == timedelta(minutes=3)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("roles: {Scribe: []}", "a role that everybody has"),
        ("roles: {IC: []}", "a role that everybody has"),
        ("roles: {'a:b': []}", "is no role"),
        (f"roles: {{{'x' * 41}: []}}", "is no role"),
        (f"roles: {{Expert: [{'x' * 151}]}}", "roles.Expert[0]: is too long"),
        (f"roles: {{Expert: [{', '.join('x' * 11)}]}}", "roles.Expert: are too many"),
    ],
)
def test_what_is_wrong_with_a_role_is_said_at_its_place(text: str, fault: str, tmp_path: Path) -> None:
    assert fault in "\n".join(faults_of(written(text, tmp_path)))
