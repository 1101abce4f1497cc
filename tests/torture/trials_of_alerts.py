"""Short runs as those of trials.py, in a company that has configured what can be done about alerts."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.alerts_model import AlertStatus
from bot.domain.commands import ReportAlert
from bot.domain.course_commands import Reopen
from bot.domain.group_commands import KeepOpen, ProposeResolve
from bot.domain.matchers import matchers_of
from bot.domain.policy import Policy
from bot.domain.silence_commands import SilenceAlerts
from tests.engine.world import ANA
from tests.torture.organisation import COMPANY, DOG, ROOMS, SERIES, Series, report_of
from tests.torture.trial import A_MINUTE, N, Trial

FIRING, RESOLVED = AlertStatus.FIRING, AlertStatus.RESOLVED
AN_HOUR = timedelta(hours=1)


async def _in_the_company(trial: Trial, policy: Policy = COMPANY) -> None:
    for name in ROOMS:
        trial.world.slack.add_channel(name)
    trial.world.policy = policy
    trial.world.start()
    await trial.world.begin()
    await trial.world.settle()


def _series(title: str) -> list[Series]:
    return [one for one in SERIES if one.title == title]


async def _tell(trial: Trial, title: str, status: AlertStatus, began: timedelta = timedelta()) -> None:
    """Report all series of a title; each episode began so long ago."""
    for series in _series(title):
        await _report(trial, series, status, began)


async def _report(trial: Trial, series: Series, status: AlertStatus, began: timedelta = timedelta()) -> None:
    now = trial.world.clock.now()
    await trial.world.do(ReportAlert(report=report_of(series, status, began=now - began, now=now)))


async def a_storm_comes(trial: Trial) -> None:
    await _in_the_company(trial)
    for number in range(70):
        await _report(trial, Series(title=f"Storm{number}", labels={"service": "shop"}), FIRING)
    await trial.end()


async def a_rule_holds_and_all_is_over(trial: Trial) -> None:
    """Its incident is proposed to be resolved; that is refused, and looked at once more."""
    await _in_the_company(trial)
    await _tell(trial, "PaymentsFail", FIRING)
    await trial.world.advance(5 * A_MINUTE)
    await _tell(trial, "PaymentsFail", RESOLVED, began=5 * A_MINUTE)
    await trial.world.advance(5 * A_MINUTE)
    await trial.look()
    await trial.ask(KeepOpen(incident=N, by=ANA))
    await trial.ask(ProposeResolve(incident=N))
    await trial.end()


async def more_fires_after_the_end(trial: Trial) -> None:
    """A rule declared the incident that a person resolves; another pod fails, and the group was declared already."""
    await _in_the_company(trial)
    first, second = _series("PaymentsFail")
    await _report(trial, first, FIRING)
    await trial.world.advance(5 * A_MINUTE)
    await trial.resolve()
    await trial.world.advance(A_MINUTE)
    await _report(trial, second, FIRING)
    await trial.end()


async def it_is_opened_again_and_more_fires(trial: Trial) -> None:
    """As before, and then people say that it was not over: what fired meanwhile belongs to it."""
    await more_fires_after_the_end(trial)
    await trial.ask(Reopen(incident=N, reason="Another pod fails", by=ANA))
    await trial.end()


async def alerts_flap(trial: Trial) -> None:
    await _in_the_company(trial)
    for _ in range(6):
        await _tell(trial, "PaymentsFail", FIRING)
        await trial.world.advance(2 * A_MINUTE)
        await _tell(trial, "PaymentsFail", RESOLVED, began=2 * A_MINUTE)
        await trial.world.advance(A_MINUTE)
    await trial.look()
    await trial.end()


async def alerts_are_silenced_and_patched(trial: Trial) -> None:
    """What would declare an incident is silenced, or in maintenance: what fires is heard when that is over."""
    await _in_the_company(trial)
    payments = matchers_of("service=payments")
    asked = SilenceAlerts(matchers=payments, lasts=AN_HOUR, by=ANA, reason="It is known", origin="test")
    await trial.world.do(asked)
    trial.world.clock.move(2 * AN_HOUR)  # 12:00 in Berlin: patches are applied until 12:50
    await trial.world.do(asked)
    await _tell(trial, "PaymentsFail", FIRING)
    await _tell(trial, "Patching", FIRING)
    await trial.world.advance(30 * A_MINUTE)
    await trial.look(at_rest=True)
    await trial.end()
    await trial.end()


async def what_can_wait_is_told_in_a_digest(trial: Trial) -> None:
    await _in_the_company(trial)
    await _tell(trial, "JobFailed", FIRING)
    await trial.world.advance(AN_HOUR)
    await trial.end()


async def a_source_never_resolves(trial: Trial) -> None:
    await _in_the_company(trial)
    await _tell(trial, "BackupFailed", FIRING)
    await trial.world.advance(2 * AN_HOUR)
    await trial.end()


async def a_heartbeat_is_expected(trial: Trial) -> None:
    await _in_the_company(trial, replace(COMPANY, watchdogs=(DOG,)))
    await trial.end()
    await trial.world.die()
    await trial.end()
