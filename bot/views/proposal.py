"""The proposal to resolve an incident whose alerts are all over: a question, and what has become of it."""

from bot.domain.model import Incident, Proposal, Status
from bot.views.actions import Action
from bot.views.blocks import (
    Message,
    Moment,
    Safe,
    actions,
    bold,
    button,
    context,
    date,
    line,
    mention,
    message,
    section,
    utc,
)


def proposal(incident: Incident, n: int) -> Message:
    """Render proposal `n` as it stands; one before the newest was taken back."""
    newest = incident.proposal if incident.proposal and incident.proposal.n == n else None
    if not incident.status.is_open:
        status = incident.status.value
        return _said(f"{incident.label} is {status}.", line(incident.label, f" is {status}"), newest)
    if newest and newest.stands:
        return _asked(incident, newest)
    if newest and newest.kept_by:
        who = mention(newest.kept_by)
        return _said(f"{incident.label} stays open.", line(who, " keeps ", incident.label, " open"), newest)
    return _said(
        f"{incident.label}: an alert fired again, it is not over.",
        line("An alert of ", incident.label, " fired again: it is not over"),
        newest,
    )


def _asked(incident: Incident, asked: Proposal) -> Message:
    whom = incident.commander or incident.caller
    value, label = str(incident.id), incident.label
    end = button("Resolve Incident", Action.RESOLVE, value, style="primary", spoken=f"Resolve Incident {label}")
    how = "Resolve"
    if incident.status is Status.TRIAGE:
        end = button("Decline", Action.DECLINE, value, style="primary", spoken=f"Decline {label}: It Is No Incident")
        how = "Decline"
    return message(
        f"{label}: all alerts are over since {utc(asked.since)}. {how} it, or keep it open.",
        section(
            line(
                *((mention(whom), ": ") if whom else ()),
                bold(f"All alerts of {label} are over"),
                " since ",
                date(asked.since, Moment.TIME),
                ". Is the incident over?",
            )
        ),
        actions(
            end,
            button("Keep Open", Action.KEEP_OPEN, value, spoken=f"Keep {label} Open"),
        ),
        context("Nothing is resolved by itself"),
    )


def _said(text: str, what: Safe, answered: Proposal | None) -> Message:
    since = line("All its alerts were over since ", date(answered.since, Moment.TIME)) if answered else None
    return message(text, context(what, since))
