"""Faults in what is decided of alerts, as those of plants.py, and the table of them: what names each, and its place."""

from dataclasses import replace
from typing import Final

from bot.domain import alerts, by_rule, digests, grouping, proposing, silencing, storms
from bot.domain.muting import Maintenance
from bot.domain.proposals import ResolveProposed, ShowProposal
from bot.domain.work import Effect, RefreshOnCall
from bot.engine import watchdogs
from tests.torture import trials_of_alerts as trials
from tests.torture.plant import Plant, always
from tests.torture.plants import A


def _declares_and_forgets(declare: A) -> A:
    """Declare from a group that does not know it afterwards, and looks again."""

    def forgetful(draft: A, command: A) -> None:
        declare(draft, command)
        if command.alert:
            draft.group = replace(draft.group, incident=None)

    return forgetful


def _asks_again(_propose: A) -> A:
    def propose(draft: A) -> None:
        incident, last = draft.incident, draft.incident.last_alert_ended_at
        if not incident.status.is_open or last is None:
            return
        n = incident.proposal.n + 1 if incident.proposal else 1
        draft.happened(ResolveProposed(at=draft.now, n=n, since=last))
        draft.do(ShowProposal(incident=incident.id, n=n))

    return propose


def _tells_each_turn(begins: A) -> A:
    def each_time(draft: A, before: A, after: A) -> A:
        return begins(draft, replace(before, turns=replace(before.turns, flapping=None)), after)

    return each_time


def _looks_away(_look: A) -> A:
    return lambda _dog, due: Effect(work=RefreshOnCall(), due=due)


PLANTS_OF_ALERTS: Final = (
    Plant("a storm that nobody sees", "I25", trials.a_storm_comes, storms, "_are_many", always(False)),
    Plant("a storm all of which is told", "I25", trials.a_storm_comes, storms, "IN_THREAD", lambda _: 1000),
    Plant(
        "a rule that declares again and again",
        "I25",
        trials.more_fires_after_the_end,
        by_rule,
        "declare",
        _declares_and_forgets,
    ),
    Plant(
        "what fired while it was over, forgotten",
        "I25",
        trials.it_is_opened_again_and_more_fires,
        alerts,
        "attach_all",
        always(None),
    ),
    Plant(
        "an end that is proposed again and again",
        "I25",
        trials.a_rule_holds_and_all_is_over,
        proposing,
        "propose",
        _asks_again,
    ),
    Plant(
        "flapping that is told at each turn", "I25", trials.alerts_flap, grouping, "begins_to_flap", _tells_each_turn
    ),
    Plant(
        "a digest that is forgotten",
        "I25",
        trials.what_can_wait_is_told_in_a_digest,
        digests,
        "follow",
        always(None),
    ),
    Plant(
        "a silence that nobody waits out",
        "I25",
        trials.a_source_never_resolves,
        grouping,
        "_lapsing",
        lambda _: lambda group, _alert: group,
    ),
    Plant("a heartbeat looked for no more", "I25", trials.a_heartbeat_is_expected, watchdogs, "_look", _looks_away),
    Plant(
        "a silence that keeps nobody quiet",
        "I26",
        trials.alerts_are_silenced_and_patched,
        silencing,
        "mute_of",
        always(None),
    ),
    Plant(
        "maintenance whose end nobody waits for",
        "I26",
        trials.alerts_are_silenced_and_patched,
        Maintenance,
        "next_change",
        always(None),
    ),
    Plant(
        "a silence that never ends",
        "I26",
        trials.alerts_are_silenced_and_patched,
        silencing,
        "_recheck",
        always(None),
    ),
)
