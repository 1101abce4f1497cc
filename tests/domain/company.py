"""A bench for groups: series of one group reported one after another, and what is to be done about it."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.alerts_model import Alert, AlertStatus, ReportedAlert
from bot.domain.commands import Command, Declare, ReportAlert, ReviewGroup
from bot.domain.decide import decide
from bot.domain.decisions import Decision, State
from bot.domain.draft import Draft
from bot.domain.group_commands import AttachAlerts, AutomateGroup
from bot.domain.group_work import ReviewGroup as Review
from bot.domain.group_work import ShowGroup, TellGroup
from bot.domain.groups_model import Group
from bot.domain.ids import IncidentId
from bot.domain.kin import kin_of
from bot.domain.model import Incident
from bot.domain.muting import Quiet, Silence
from bot.domain.policy import Policy
from bot.domain.routed import Routed
from bot.domain.silence_commands import RecheckMutes, ReviewMutes
from bot.domain.silencing import otherwise
from bot.domain.silent import Silent
from bot.domain.work import Effect
from tests.domain.story import POLICY, START, reported

SECOND = timedelta(seconds=1)
SHOW, TELL, REVIEW = "slack.group", "slack.group_news", "group.review"


class Waits(Policy):
    """The usual policy, but a group's message comes 30 seconds after its first alert."""

    def routed(self, report: ReportedAlert, *, explain: bool = False) -> Routed:
        return replace(super().routed(report, explain=explain), group_wait=30 * SECOND)


class Company:
    """Series of one group and what became of it; one incident at most. `joins` is the open one of its service."""

    def __init__(self, policy: Policy = POLICY) -> None:
        self.policy, self.now = policy, START
        self.alerts: dict[str, Alert] = {}
        self.newest: Group | None = None
        self.incident: Incident | None = None
        self.joins: Incident | None = None
        self.last = Decision()
        self.quiet = Quiet()
        self.silence: Silence | None = None
        self.silent = Silent()

    @property
    def group(self) -> Group:
        assert self.newest
        return self.newest

    def tell(self, name: str, *, at: float, over: bool = False, began: float | None = None, **changes: object) -> None:
        """Report a series at so many seconds after the start; it began then unless said otherwise."""
        moment = START + timedelta(seconds=at)
        known = self.alerts.get(name)
        starts_at = (
            known.report.starts_at if known and over else START + timedelta(seconds=at if began is None else began)
        )
        given = {"summary": f"{name} fails", "labels": {"service": "checkout", "pod": name}} | changes
        report = reported(
            fingerprint=name,
            starts_at=starts_at,
            status=AlertStatus.RESOLVED if over else AlertStatus.FIRING,
            ends_at=moment if over else None,
            **given,
        )
        self.do(ReportAlert(report=report), at=at, alert=known)
        if self.last.alert:
            self.alerts[name] = self.last.alert

    def do(self, command: Command, *, at: float, alert: Alert | None = None) -> None:
        self.now = START + timedelta(seconds=at)
        firing = tuple(one for one in self.alerts.values() if one.status is AlertStatus.FIRING)
        declares, ruled = isinstance(command, Declare), isinstance(command, AutomateGroup)
        looks = declares or ruled or isinstance(command, AttachAlerts | ReviewMutes)
        state = State(
            alert=alert,
            group=self.newest,
            groups=(self.newest,) if self.newest else (),
            alerts=firing if looks else (),
            quiet=self.quiet,
            silence=self.silence,
            kin=tuple(self.alerts.values()),
            counted=isinstance(command, ReportAlert) and self._is_counted(command.report),
            silent=self._silent() if isinstance(command, ReviewGroup) else None,
            next_silence=7,
            incident=None if declares else self.joins if ruled else self.incident,
            earlier=self.incident if declares else None,
            number=IncidentId(42),
            suffix="7k3x",
            on_call={},
        )
        self.last = decide(state, command, self.now, self.policy)
        self.newest = self.last.group or self.newest
        self.incident = self.last.incident or self.incident
        if self.last.silence:
            self.silence = self.last.silence
            self.quiet = replace(self.quiet, silences=(self.last.silence,))
        for one in self.last.alerts:
            self.alerts[one.report.fingerprint] = one

    def _is_counted(self, report: ReportedAlert) -> bool:
        """Tell whether a series, or its kin, is in the newest group; nothing was in an older one only."""
        kin = kin_of(report, self.policy.alert_severities.label)
        there = [one for one in self.alerts.values() if self.newest and one.group == self.newest.id]
        return any(one.report.fingerprint == report.fingerprint or (kin and one.kin == kin) for one in there)

    def _silent(self) -> Silent:
        """Return who may count as over, as the database is asked for them."""
        ends = [(one.lapses_at, one) for one in self.alerts.values() if one.lapses_at]
        found = tuple(one for at, one in ends if at <= self.now)
        later = min((at for at, _ in ends if at > self.now), default=None)
        return replace(self.silent, alerts=found, next_at=later)

    def recheck(self, about: str, *, at: float, decided: float | None = None) -> None:
        """Look at a moment whether all is as quiet as it should be; what was found may be decided later."""
        looked = START + timedelta(seconds=at)
        draft = Draft(state=State(quiet=self.quiet), now=looked, policy=self.policy)
        found = otherwise(draft, [one for one in self.alerts.values() if one.status is AlertStatus.FIRING])
        self.do(RecheckMutes(about=about, at=looked, groups=tuple(found)), at=at if decided is None else decided)

    def review(self, *, at: float) -> None:
        self.do(ReviewGroup(group=self.group.id), at=at)

    def work(self) -> list[tuple[str, float]]:
        """Return what is to be done with the group, and after how many seconds from the start."""
        return [(one.work.kind, (one.due - START).total_seconds()) for one in self.last.effects if _of_group(one)]


def _of_group(effect: Effect) -> bool:
    return isinstance(effect.work, ShowGroup | TellGroup | Review)
