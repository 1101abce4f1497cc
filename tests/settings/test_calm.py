"""What the file says of too many alerts at once: what is read of it, and what is wrong with it, by its place."""

from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.digests_model import NO_DIGEST, Digest
from bot.domain.storms_model import StormPolicy
from bot.settings import load_file
from tests.settings.files import faults_of, written


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("storm: {groups: 25, within: 5m}", StormPolicy(groups=25, within=timedelta(minutes=5))),
        ("storm: {within: 30s}", StormPolicy(within=timedelta(seconds=30))),
        ("storm: {groups: 0}", StormPolicy(groups=0)),
        ("storm:", StormPolicy()),
    ],
)
def test_what_is_a_storm_is_read(tmp_path: Path, text: str, expected: StormPolicy) -> None:
    assert load_file(written(text, tmp_path)).policy.storm == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("storm: {groups: 101}", "storm.groups: must be a number: 1 to 100 groups, or 0 for no storm, ever"),
        ("storm: {groups: true}", "storm.groups: must be a number: 1 to 100 groups, or 0 for no storm, ever"),
        ("storm: {within: 2h}", "storm.within: is too long for a storm; write at most 1h"),
        ("storm: {group: 3}", 'storm.group: unknown key, did you mean "groups"?'),
    ],
)
def test_what_is_wrong_with_a_storm_is_said(tmp_path: Path, text: str, fault: str) -> None:
    (said,) = faults_of(written(text, tmp_path))
    assert fault in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1h", Digest(every=timedelta(hours=1))),
        ("09:00", Digest(at=time(9))),
        ("17:30 Europe/Berlin", Digest(at=time(17, 30), zone=ZoneInfo("Europe/Berlin"))),
        ("off", NO_DIGEST),
    ],
)
def test_when_a_digest_is_told_is_read(tmp_path: Path, text: str, expected: Digest) -> None:
    (route,) = load_file(written(f'routes: [{{digest: "{text}"}}]', tmp_path)).policy.routes
    assert route.digest == expected


@pytest.mark.parametrize("text", ['"hourly"', "9", '"10s"', '"8d"', '"25:00"', '"09:00 Mars"', "true"])
def test_what_is_no_time_of_a_digest_is_said(tmp_path: Path, text: str) -> None:
    (said,) = faults_of(written(f"routes: [{{digest: {text}}}]", tmp_path))
    assert 'routes[0].digest: must be how often ("1h", at least 1m and at most 7d), a time of the day' in said


def test_pictures_are_shown_unless_they_are_off(tmp_path: Path) -> None:
    assert load_file(written("channels:\n", tmp_path)).policy.pictures
    assert not load_file(written("pictures: false", tmp_path)).policy.pictures
    assert "must be true or false" in faults_of(written("pictures: never", tmp_path))[0]
