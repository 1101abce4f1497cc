"""What the file says of the timeline: which messages are kept, and what is wrong with it, by its place."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.kept import Kept
from bot.settings import load_file
from tests.settings.files import faults_of, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("timeline: {messages: marked}", Kept.MARKED),
        ("timeline: {messages: leads}", Kept.LEADS),
        ("timeline: {messages: all}", Kept.ALL),
        ("timeline: {}", Kept.ALL),
        ("timeline:", Kept.ALL),
    ],
)
def test_which_messages_are_kept_is_read(tmp_path: Path, text: str, expected: Kept) -> None:
    assert load_file(written(text, tmp_path)).policy.messages_kept is expected


@pytest.mark.parametrize(("text", "expected"), [("{deploys: 6h}", timedelta(hours=6)), ("{}", timedelta(hours=1))])
def test_how_long_before_it_a_deploy_belongs_to_an_incident_is_read(
    tmp_path: Path, text: str, expected: timedelta
) -> None:
    assert load_file(written(f"timeline: {text}", tmp_path)).policy.deploys_before == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            "timeline: {deploys: 7d}",
            "timeline.deploys: is too long before an incident to be its cause",
        ),
        ("timeline: {messages: none}", "timeline.messages: must be all, leads (of whoever holds a role) or marked"),
        ("timeline: {messages: [all]}", "timeline.messages: must be all, leads"),
        ("timeline: {message: all}", 'timeline.message: unknown key, did you mean "messages"?'),
    ],
)
def test_what_is_wrong_with_it_is_said(tmp_path: Path, text: str, fault: str) -> None:
    (said,) = faults_of(written(text, tmp_path))
    assert fault in said
