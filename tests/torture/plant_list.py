"""The table of planted faults: what each is, the invariant that must name it, the run that shows it, and its place."""

from datetime import timedelta
from typing import Final

from bot import errors
from bot.domain import paging, record, reminders
from bot.domain.draft import Draft
from bot.domain.model import Incident
from bot.domain.spots import Spot
from bot.domain.work import Page, Say, Timer
from bot.engine import dispatch
from bot.engine.dispatch import Dispatcher
from bot.engine.handle import Engine
from bot.outbound.slack.means import Means
from bot.store import effects, inbox, incidents, timeline
from bot.views import markup
from tests.engine.world import MoodyDatabase, World
from tests.fakes.clock import CountingChance
from tests.fakes.pager import FakePager
from tests.fakes.slack import FakeSlack
from tests.torture import plants, trials
from tests.torture.plant import Plant, always, always_later
from tests.torture.plants import A
from tests.torture.plants_of_alerts import PLANTS_OF_ALERTS
from tests.torture.plants_of_follow_up import PLANTS_OF_FOLLOW_UP


def _unmarked(post: A) -> A:
    return lambda self, channel, message, _marker, **where: post(self, channel, message, "", **where)


def _surely_not_applied(postpone: A) -> A:
    return lambda connection, claimed, until, why, **_: postpone(connection, claimed, until, why, uncertain=False)


_OWN_LANE = plants.puts(Say, lambda _, spot, n: Spot(spot.key, f"{spot.lane}:{n}", spot.track))
_PAGER_LANES = plants.puts(Page, lambda work, spot, _: Spot(spot.key, f"{spot.lane}:{work.action}", spot.track))
_TIMERS = plants.puts(Timer, lambda _, spot, n: Spot(f"{spot.key}:{n}", f"{spot.lane}:{n}", spot.track))

PLANTS: Final = (
    Plant(
        "a client that repeats after a lost reply",
        "I4",
        trials.replies_are_lost,
        FakeSlack,
        "_change",
        plants.repeats_after_a_lost_reply,
    ),
    Plant(
        "an unknown outcome taken for a failure",
        "I4",
        trials.replies_are_lost,
        effects,
        "postpone",
        _surely_not_applied,
    ),
    Plant(
        "no settle delay before the look",
        "I4",
        trials.replies_come_late,
        Means,
        "settled",
        lambda _: lambda self, job: job.maybe_sent_since,
    ),
    Plant("no marker in the message", "I4", trials.replies_are_lost, FakeSlack, "post", _unmarked),
    Plant(
        "a look into the wrong channel", "I4", trials.replies_are_lost, FakeSlack, "find_post", plants.looks_elsewhere
    ),
    Plant(
        "no look for a file that was shared", "I4", trials.replies_are_lost, FakeSlack, "find_file", always_later(None)
    ),
    Plant(
        "no look for a bookmark that was added",
        "I3",
        trials.replies_are_lost,
        FakeSlack,
        "bookmarks",
        always_later(()),
    ),
    Plant(
        "work removed before the call",
        "I4",
        trials.the_process_dies,
        Dispatcher,
        "_one",
        plants.removes_before_it_calls,
    ),
    Plant(
        "a failure taken for success",
        "I4",
        trials.slack_stumbles,
        Dispatcher,
        "_later",
        plants.takes_failure_for_success,
    ),
    Plant(
        "an answer before the commit", "I1", trials.the_process_dies, Engine, "handle", plants.answers_before_it_writes
    ),
    Plant(
        "the receipt in another transaction",
        "I1",
        trials.the_process_dies,
        Engine,
        "_once",
        plants.takes_the_receipt_apart,
    ),
    Plant("a receipt that is not taken", "I2", trials.deliveries_come_again, inbox, "take", always_later(True)),
    Plant(
        "channel and state in two transactions",
        "I3",
        trials.the_process_dies,
        Dispatcher,
        "_done",
        plants.writes_state_and_work_apart,
    ),
    Plant(
        "somebody else's channel adopted",
        "I3",
        trials.a_stranger_has_the_name,
        FakeSlack,
        "find_channel",
        plants.adopts_anybodys_channel,
    ),
    Plant(
        "a decision lost that came during a call",
        "I3",
        trials.a_decision_comes_during_a_call,
        effects,
        "finish",
        plants.forgets_what_was_decided_meanwhile,
    ),
    Plant("a lane for each message of a channel", "I5", trials.slack_stumbles, effects, "place", _OWN_LANE),
    Plant("a lane for each request to the pager", "I9", trials.the_pager_is_away, effects, "place", _PAGER_LANES),
    Plant(
        "a page believed before it was accepted",
        "I8",
        trials.the_pager_is_away,
        FakePager,
        "page",
        plants.believes_that_it_was_heard,
    ),
    Plant("a silent pager that nobody hears of", "I7", trials.the_pager_stays_away, paging, "_overdue", always(None)),
    Plant("no fence", "I6", trials.a_worker_freezes_behind_its_call, effects, "still_leased", always_later(True)),
    Plant(
        "workers that are called the same",
        "I18",
        trials.two_are_at_work,
        CountingChance,
        "token",
        lambda _: lambda self, length: "0" * length,
    ),
    Plant("a lease for a day", "I18", trials.two_are_at_work, dispatch, "LEASE", lambda _: timedelta(days=1)),
    Plant("ids given again", "I18", trials.slack_stumbles, MoodyDatabase, "create_tables", plants.gives_ids_again),
    Plant("a lane that is not woken", "I19", trials.it_gets_worse, effects, "put_lane", plants.lets_lanes_sleep),
    Plant("work set aside in silence", "I20", trials.work_is_poisoned, record, "came_of", plants.fails_in_silence),
    Plant(
        "timers that drop what they missed",
        "I6",
        trials.the_process_stalls,
        World,
        "another",
        plants.drops_what_it_missed,
    ),
    Plant("a new timer each time", "I6", trials.the_process_stalls, effects, "place", _TIMERS),
    Plant(
        "local time over a change of clocks",
        "I6",
        trials.the_clocks_are_put_forward,
        reminders,
        "next_on_the_grid",
        plants.counts_days_in_berlin,
    ),
    Plant(
        "reminders that are not coalesced",
        "I6",
        trials.slack_is_away_for_hours,
        reminders,
        "_update",
        plants.reminds_of_everything_missed,
    ),
    Plant(
        "a wait that Slack asked for ignored",
        "I16",
        trials.slack_asks_to_be_left_alone,
        errors.TryLater,
        "__init__",
        plants.comes_again_at_once,
    ),
    Plant(
        "moves after the end",
        "I11",
        trials.it_goes_on_after_the_end,
        Draft,
        "open_incident",
        lambda _: lambda self: self.incident,
    ),
    Plant(
        "a private incident announced",
        "I13",
        trials.one_is_private,
        Incident,
        "is_announced",
        lambda _: property(lambda self: not self.unannounced),
    ),
    Plant(
        "a public channel for a private incident",
        "I13",
        trials.one_is_private,
        FakeSlack,
        "open_channel",
        plants.opens_to_all,
    ),
    Plant("text that is not escaped", "I15", trials.text_comes_from_outside, markup, "escape", lambda _: markup.Safe),
    Plant(
        "a secret in the reason of a failure",
        "I14",
        trials.slack_stumbles,
        Dispatcher,
        "_later",
        plants.tells_the_token,
    ),
    Plant(
        "rows that are not chained",
        "I10",
        trials.events_are_lost,
        timeline,
        "chain",
        lambda chain: lambda _, *place: chain("", *place),
    ),
    Plant("a kind of row left out", "I10", trials.deliveries_come_again, timeline, "append", plants.leaves_rows_out),
    Plant(
        "a number burnt by a refusal",
        "I1",
        trials.a_declaration_is_refused,
        incidents,
        "next_number",
        plants.counts_by_itself,
    ),
    Plant(
        "a reading whose result is dropped", "I1", trials.events_are_lost, record, "_history", plants.reads_and_forgets
    ),
    *PLANTS_OF_ALERTS,
    *PLANTS_OF_FOLLOW_UP,
)
