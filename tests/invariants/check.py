"""The checker: every invariant over one picture; all that does not hold is told at once."""

from typing import Final

# They register themselves; a file that is not named here checks nothing, which test_planted.py would notice.
from tests.invariants import (
    slack_shows,
    the_archive,
    the_calm,
    the_clock,
    the_comms,
    the_course,
    the_engine,
    the_follow_up,
    the_groups,
    the_private,
    the_quiet,
    the_record,
    who_is_called,
)
from tests.invariants.picture import EVERY, Picture, Violation, violations

FILES: Final = (
    the_record,
    slack_shows,
    who_is_called,
    the_groups,
    the_archive,
    the_calm,
    the_private,
    the_quiet,
    the_clock,
    the_comms,
    the_course,
    the_follow_up,
    the_engine,
)


def found_wrong(seen: Picture, *, at_rest: bool) -> list[Violation]:
    """Return all that does not hold; while things are on their way (`at_rest` False) less must."""
    return violations(seen, EVERY, at_rest=at_rest)


def must_hold(seen: Picture, *, at_rest: bool) -> None:
    """Fail with all that does not hold, a line each."""
    wrong = found_wrong(seen, at_rest=at_rest)
    assert not wrong, "\n" + "\n".join(map(str, wrong))
