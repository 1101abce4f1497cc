"""An incident that is declared from a message: that is what its timeline tells first."""

from datetime import timedelta

from bot.domain.commands import Declare
from bot.domain.note_events import NoteTaken
from bot.domain.quoted import Quoted
from tests.domain.story import ANA, BO, START, Story

SAID = START - timedelta(minutes=7)


def test_the_message_is_in_the_timeline_at_its_own_time_with_its_link() -> None:
    for author, told in ((BO, BO), (None, ANA)):
        story = Story()
        quoted = Quoted(by=author, said_at=SAID, text="Cards fail", link="https://acme.slack.com/p1")
        story.do(Declare(title="Cards fail", by=ANA, quoted=quoted))
        note = story.last.events[1]
        assert note == NoteTaken(at=START, by=told, text="Cards fail\nhttps://acme.slack.com/p1", happened_at=SAID)
