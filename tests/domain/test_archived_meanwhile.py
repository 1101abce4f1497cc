"""A channel that is archived though somebody reopened its incident, or wanted it kept, in that moment."""

from dataclasses import replace

from bot.domain.archive_commands import KeepChannel
from bot.domain.archives import ChannelReplaced
from bot.domain.checklists import ShowRunbook
from bot.domain.commands import Resolve
from bot.domain.course_commands import Reopen
from bot.domain.ids import ChannelId
from bot.domain.runbooks import Runbook
from bot.domain.task_commands import OpenRunbook
from bot.domain.work import OpenChannel, Place, Say, ShowCard
from tests.domain.quiet import ARCHIVED, N, Quiet
from tests.domain.story import ANA, BO, CLEO


def test_archived_while_it_is_reopened_it_goes_on_in_a_new_channel_with_its_people_and_whoever_reopened_it() -> None:
    quiet = Quiet()
    quiet.policy = replace(quiet.policy, runbooks=(Runbook(name="open", title="open", steps=("Look",)),))
    quiet.on(0, Reopen(incident=N, reason="Errors are back", by=BO))
    quiet.on(0, OpenRunbook(incident=N, name="open", by=ANA))
    quiet.on(0, Resolve(incident=N, resolution="Rolled back", by=ANA))
    quiet.warned().look(14, n=1)
    quiet.on(14, Reopen(incident=N, reason="Errors are back", by=CLEO))
    assert quiet.kinds()[:2] == ["slack.card", "slack.say"]
    quiet.on(14, ARCHIVED)
    (event,) = quiet.last.events
    assert event == ChannelReplaced(at=quiet.now, archived=ChannelId("C1"))
    assert quiet.work()[:4] == [
        OpenChannel(incident=N),
        ShowCard(incident=N),
        Say(incident=N, place=Place.CHANNEL, seq=quiet.incident.events, event=event),
        ShowRunbook(incident=N, n=1),
    ]
    assert (quiet.incident.channel, quiet.incident.is_archived) == (None, False)
    assert quiet.incident.channel_name == "inc-42-checkout-is-down-7k3x-r2"
    assert CLEO in quiet.incident.brought_in
    quiet.on(14, ARCHIVED)
    assert quiet.last.events == ()


def test_archived_though_somebody_had_it_kept_in_that_moment_it_is_known_to_be() -> None:
    quiet = Quiet().warned()
    quiet.look(14, n=1)
    quiet.on(14, KeepChannel(incident=N, by=BO))
    quiet.on(14, ARCHIVED)
    assert (quiet.happened(), quiet.incident.is_archived) == (["archiving_ended"], True)
    quiet.on(15, Reopen(incident=N, reason="Errors are back", by=BO))
    assert quiet.incident.channel is None
