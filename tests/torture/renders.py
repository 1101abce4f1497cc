"""What people see, rendered from text that was made to break it: of each seed one message, form or topic.

The pieces are Slack's syntax, what turns reading round, what cannot be stored, and long texts. In what comes out nobody
is called who is not meant, no link says where it does not lead, nothing unseen stands, and Slack's limits hold.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final

from bot.domain.affected import MOST
from bot.domain.alerts_model import Acknowledgement, Alert, AlertSeverity, AlertStatus
from bot.domain.comms import Comms
from bot.domain.course_events import IncidentDeclined, IncidentMerged, IncidentReopened
from bot.domain.events import IncidentDeclared, IncidentResolved, Told, UpdateSent
from bot.domain.explaining import Explained, Waiting
from bot.domain.finding import LONGEST, Finding, Found, Wanted
from bot.domain.flapping import Flapping, Turns
from bot.domain.grouping import alone
from bot.domain.groups_model import Became, Change, Group, News, Past
from bot.domain.home import Home
from bot.domain.ids import AlertId, ChannelId, IncidentId, ServiceName
from bot.domain.model import Incident, PageTaken, Proposal, Severity, Status, Update
from bot.domain.mutes import Mute, MuteKind
from bot.domain.note_events import NoteTaken
from bot.domain.policy import Policy, Service
from bot.domain.privacy import outside
from bot.domain.roles_model import CustomRole, Handover, Role
from bot.domain.work import Place, Reminder
from bot.views import call, comms, duties, forms, help, lists, moments, notices, reminders, replies, timeline, topic  # noqa: A004 - the view of that name
from bot.views.announcement import announcement
from bot.views.blocks import Message
from bot.views.card import incident_card
from bot.views.declare_form import Filled, declare_form
from bot.views.firing import firing_list
from bot.views.group import group_message, group_news
from bot.views.home import home_view
from bot.views.joining import or_declare_anyway
from bot.views.proposal import proposal
from bot.views.subscribers import to_subscriber
from bot.views.summary import incident_summary
from bot.views.why import why
from tests.torture.pieces import maybe, text, web_url
from tests.torture.render_events import PEOPLE, any_event, declared
from tests.torture.renders_calm import many
from tests.torture.renders_tasks import TASKS, busy
from tests.torture.shown import Shown
from tests.torture.steady import Dice
from tests.views import samples

FLAPPING: Final = Flapping(since=samples.AT, turns=5, last=samples.AT, within=timedelta(minutes=30))
ROOM: Final = ChannelId("C0INC42")


def rendered(seed: int) -> tuple[str, Shown]:
    """Return the name of a view and what it makes of the texts of this seed."""
    dice = Dice(seed)
    name = dice.one_of(list(VIEWS))
    return name, VIEWS[name](dice)


def _policy(dice: Dice) -> Policy:
    service = Service(name=samples.CHECKOUT, runbook_url=web_url(dice) if dice.below(2) else None)
    return Policy(services={samples.CHECKOUT: service})


def _alert(dice: Dice) -> Alert:
    report = replace(
        samples.REPORT,
        title=text(dice),
        summary=text(dice),
        description=text(dice),
        severity=dice.one_of(list(AlertSeverity)),
        labels={text(dice)[:200] or "a": text(dice)[:1_000] for _ in range(dice.below(6))},
        source_url=maybe(dice, web_url(dice)),
        dashboard_url=maybe(dice, web_url(dice)),
        values=text(dice),
        image_url=maybe(dice, web_url(dice)),
        silence_url=maybe(dice, web_url(dice)),
        runbook_url=maybe(dice, web_url(dice)),
    )
    return replace(
        samples.ALERT,
        report=report,
        status=dice.one_of(list(AlertStatus)),
        was=dice.one_of((None, *AlertSeverity)),
        service=ServiceName(dice.one_of(("checkout", text(dice)[:80] or "x"))),
        runbook_url=maybe(dice, web_url(dice)),
        acknowledged=Acknowledgement(by=dice.one_of(PEOPLE), at=samples.NOW) if dice.below(2) else None,
    )


def _change(dice: Dice) -> Change:
    was, now = dice.one_of(list(AlertSeverity)), dice.one_of(list(AlertSeverity))
    return Change(title=text(dice), was=was, now=now)


def _group(dice: Dice, members: Sequence[Alert]) -> Group:
    first = members[0]
    titles = (text(dice),) * 2
    news = News(
        fired=dice.below(9),
        resolved=1 + dice.below(3),
        unheard=dice.below(2),
        again=not dice.below(2),
        titles=titles,
        changes=tuple(_change(dice) for _ in range(dice.below(3))),
    )
    return replace(
        alone(first, _policy(dice)),
        labels={"alertname": first.report.title, text(dice)[:200] or "a": text(dice)},
        total=len(members),
        severities=Counter(one.report.severity for one in members if one.status is AlertStatus.FIRING),
        news=news,
        unheard=dice.below(3),
        unheard_for=timedelta(hours=4),
        turns=dice.one_of((Turns(), Turns(flapping=FLAPPING), Turns(flapped=FLAPPING))),
    )


def _group_message(dice: Dice, size: int) -> Message:
    members, incident = [_alert(dice) for _ in range(size)], dice.one_of((outside(_incident(dice)), None))
    return group_message(_group(dice, members), members, incident, _policy(dice), samples.NOW)


def _group_news(dice: Dice) -> Message:
    return group_news(_group(dice, [_alert(dice), _alert(dice)]))


def _firing(dice: Dice) -> Message:
    rows = tuple(Found(group=_group(dice, [_alert(dice)]), incident=_incident(dice)) for _ in range(dice.below(30)))
    wanted, total = Wanted(typed=text(dice)[:LONGEST]), len(rows) + dice.below(2)
    finding = Finding(wanted=wanted, shown=rows, total=total, quiet=dice.below(2))
    return firing_list(finding, "https://acme.slack.com/", samples.NOW)


def _home(dice: Dice) -> Shown:
    rows = tuple(Found(group=_group(dice, [_alert(dice)]), incident=_incident(dice)) for _ in range(dice.below(30)))
    finding = Finding(wanted=Wanted(), shown=rows, total=len(rows) + dice.below(2), quiet=dice.below(2))
    role = CustomRole(text(dice)[:60] or "x")
    asked = Handover(n=1, role=role, to=samples.ANA, by=samples.BO, holder=samples.BO, at=samples.AT)
    incidents = tuple(replace(busy(dice, _incident(dice)), handovers=(asked,)) for _ in range(dice.below(14)))
    actions = tuple((incident, incident.actions[0]) for incident in incidents)
    on_call = {ServiceName(text(dice)[:80] or "x"): PEOPLE for _ in range(dice.below(20))}
    home = Home(
        user=dice.one_of(PEOPLE), incidents=incidents, mine=finding, firing=finding, actions=actions, on_call=on_call
    )
    return home_view(home, "https://acme.slack.com/", samples.NOW)


def _past(dice: Dice, mute: Mute) -> Past:
    what, by, told = dice.one_of(list(Became)), dice.one_of(PEOPLE), text(dice)
    return Past(at=samples.AT, what=what, by=by, text=by if what is Became.GIVEN else told, mute=mute)


def _why(dice: Dice) -> Message:
    lead = _alert(dice)
    # What a sender calls its people has the sender behind it (mirroring.py): a Slack id alone is somebody who is meant.
    kind, name, by = dice.one_of(list(MuteKind)), text(dice), f"{text(dice)} in Alertmanager"
    mute = Mute(kind=kind, name=name, by=by, reason=text(dice))
    past = tuple(_past(dice, mute) for _ in range(dice.below(30)))
    waiting = tuple(Waiting(kind=text(dice)[:40], due=samples.AT, error=text(dice)) for _ in range(dice.below(4)))
    group = replace(_group(dice, [lead]), past=past, path=text(dice)[:2_000])
    known = Explained(group=group, lead=lead, incident=_incident(dice), waiting=waiting)
    return why(known, _policy(dice), "https://acme.slack.com/")


def _incident(dice: Dice) -> Incident:
    base = dice.one_of((samples.INCIDENT, samples.LED, samples.TOLD, samples.RESOLVED))
    update = Update(text=text(dice), by=samples.BO, at=samples.AT) if base.last_update else None
    return replace(
        base,
        title=text(dice),
        severity=dice.one_of(list(Severity)),
        service=ServiceName(dice.one_of(("checkout", text(dice)[:80] or "x"))),
        also=tuple(ServiceName(text(dice)[:100] or "x") for _ in range(dice.below(MOST))),
        channel=dice.one_of((ROOM, None)),
        channel_name=f"inc-42-{text(dice)[:60]}",
        last_update=update,
        page_taken=PageTaken(at=samples.NOW, in_pager=True, name=text(dice)) if dice.below(2) else None,
        resolution=text(dice) if base.status is Status.RESOLVED else None,
        rule=maybe(dice, text(dice)),
        declared_by=dice.one_of((samples.ANA, None)),
    )


def _to_subscriber(dice: Dice) -> Shown:
    sent = UpdateSent(
        at=samples.AT,
        by=dice.one_of(PEOPLE),
        text=text(dice),
        impact=text(dice),
        doing=text(dice),
        update_every=timedelta(hours=1),
    )
    at, by = samples.NOW, samples.ANA
    again = timedelta(hours=1)
    ends: tuple[Told, ...] = (
        IncidentResolved(at=at, by=by, resolution=text(dice)),
        IncidentReopened(at=at, by=dice.one_of((by, None)), n=1, reason=text(dice), update_every=again),
        IncidentDeclined(at=at, by=by, reason=text(dice)),
        IncidentMerged(at=at, by=by, into=samples.INCIDENT.id, title=text(dice)),
    )
    ended = dice.one_of(ends)
    return to_subscriber(_incident(dice), [sent] * dice.below(12) + [ended])


def _told_apart(dice: Dice) -> Incident:
    room = Comms(n=1, at=samples.AT, by=samples.ANA, channel=dice.one_of((ROOM, None)), name=text(dice)[:80])
    return replace(_incident(dice), comms=dice.one_of((room, replace(room, over=True), None)))


def _several(dice: Dice) -> list[Incident]:
    return [replace(_incident(dice), id=IncidentId(n)) for n in range(1, 8)]


def _proposed(dice: Dice) -> Incident:
    asked = Proposal(n=1 + dice.below(2), at=samples.NOW, since=samples.AT)
    ended = replace(asked, ended_at=samples.NOW, kept_by=dice.one_of((None, *PEOPLE)))
    return replace(_incident(dice), proposal=dice.one_of((None, asked, ended)))


def _moment(dice: Dice) -> Shown:
    incident, event = _incident(dice), any_event(dice)
    return moments.moment(event, incident, dice.one_of(list(Place))) or topic.topic(incident)


def _timeline(dice: Dice) -> Shown:
    events = [one for one in (any_event(dice) for _ in range(dice.below(8))) if not isinstance(one, IncidentDeclared)]
    return timeline.timeline_message(*samples.timeline(declared(dice), *events))


def _summary(dice: Dice) -> Shown:
    events = [NoteTaken(at=samples.AT, by=samples.ANA, text=text(dice), happened_at=samples.AT) for _ in range(7)]
    rows, alerts = samples.timeline(declared(dice), *events)[1], [_alert(dice) for _ in range(dice.below(7))]
    return incident_summary(_incident(dice), rows, alerts, _policy(dice), samples.NOW)


def _task(render: Callable[[Dice, Incident], Shown], dice: Dice) -> Shown:
    return render(dice, busy(dice, _incident(dice)))


VIEWS: Final[Mapping[str, Callable[[Dice], Shown]]] = {
    "alert": lambda d: _group_message(d, 1),
    "group": lambda d: _group_message(d, 1 + d.below(9)),
    "group news": _group_news,
    "many": lambda d: many(d, [text(d)[:150] for _ in range(9)], [_group(d, [_alert(d)]) for _ in range(9)]),
    "card": lambda d: incident_card(
        busy(d, _incident(d)), [_alert(d) for _ in range(d.below(7))], _policy(d), samples.NOW
    ),
    "announcement": lambda d: announcement(_incident(d), _policy(d), samples.NOW),
    "comms": lambda d: comms.comms_message(_told_apart(d), samples.NOW),
    "comms asked": lambda d: comms.comms_asked(_told_apart(d)),
    "card with comms": lambda d: incident_card(_told_apart(d), [], _policy(d), samples.NOW),
    "list": lambda d: lists.incident_list([_incident(d) for _ in range(d.below(5))], samples.NOW),
    "found": lambda d: lists.incidents_found([_incident(d) for _ in range(d.below(5))], text(d), samples.NOW),
    "summary": _summary,
    "firing": _firing,
    "why": _why,
    "home": _home,
    "moment": _moment,
    "timeline": _timeline,
    "topic": lambda d: topic.topic(_incident(d)),
    "reminder": lambda d: reminders.reminder(_incident(d), d.one_of(list(Reminder)), 1 + d.below(9)),
    "proposal": lambda d: proposal(_proposed(d), 1),
    "call": lambda d: call.call(_incident(d), samples.NOW),
    "duties": lambda d: duties.duties(_incident(d), d.one_of(list(Role)), 1 + d.below(2), _policy(d)),
    "notice": lambda d: notices.admin_notice(text(d), text(d)),
    "failure": lambda d: notices.failure(_incident(d), text(d), text(d)),
    "unknown verb": lambda d: help.unknown_verb(text(d), d.one_of(("declare", None))),
    "not to be had": lambda d: help.not_to_be_had(text(d), text(d)),
    "refusal": lambda d: replies.refusal(text(d), text(d)),
    "acknowledged": lambda d: replies.acknowledged(text(d)),
    "declared": lambda d: replies.declared(_incident(d)),
    "resolved": lambda d: replies.resolved(_incident(d)),
    "declare form": lambda d: declare_form(
        _policy(d), Filled(title=text(d), alert=AlertId("a")), _several(d)[: d.below(7)]
    ),
    "already open": lambda d: or_declare_anyway(_several(d), (ServiceName(text(d)),), text(d), text(d)),
    "update form": lambda d: forms.update_form(_incident(d), _policy(d)),
    "to subscriber": _to_subscriber,
    "resolve form": lambda d: forms.resolve_form(_incident(d)),
    **{name: partial(_task, render) for name, render in TASKS.items()},
}
