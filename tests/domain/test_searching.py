"""An incident is found again by what was said of it."""

from bot.domain.commands import Resolve, SendUpdate
from bot.domain.ids import IncidentId
from bot.domain.searching import says
from tests.domain.story import ANA, Story

N = IncidentId(42)


def test_all_words_must_stand_in_title_last_update_or_resolution_in_any_case() -> None:
    story = Story().declared()
    assert says(story.incident, ["checkout", "down"])
    assert not says(story.incident, ["checkout", "überlast"])
    story.do(SendUpdate(incident=N, text="ÜBERLAST in eu-west-1", by=ANA))
    assert says(story.incident, ["checkout", "überlast"])
    story.do(Resolve(incident=N, resolution="Rolled back", by=ANA))
    assert says(story.incident, ["rolled", "checkout"])
    assert not says(story.incident, ["a load test"])
