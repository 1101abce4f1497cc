"""What Muster is made of when it has started is not looked through again and again."""

import gc

from bot.pauses import leave_out_what_stays


def test_what_lives_when_muster_has_started_is_left_out_of_later_looks() -> None:
    here = [object()]
    try:
        leave_out_what_stays()
        assert gc.get_freeze_count() > 10_000
        assert not any(one is here for one in gc.get_objects())
    finally:
        gc.unfreeze()
