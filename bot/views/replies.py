"""What only the person who typed or pressed sees: a short answer, or why not and what to do instead."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.domain.ids import ChannelId, UserId
from bot.domain.model import Incident, Milestone, Status
from bot.domain.roles_model import AnyRole, label_of
from bot.domain.text import cut, one_line, sentence_of
from bot.views.blocks import (
    Message,
    Safe,
    channel_link,
    code,
    context,
    date,
    escape,
    joined,
    line,
    mention,
    message,
    section,
    utc,
)
from bot.views.joining import beside
from bot.views.words import MILESTONES, STATUSES

_TYPED_LIMIT: Final = 300
_PEOPLE: Final = 5
_GUESSED: Final = " Slack did not tell me your time zone, so I took it as UTC. If that is wrong, say it again in UTC."


def declared(incident: Incident, here: Sequence[Incident] = ()) -> Message:
    """Say that the incident is being opened, where it will be, and what was open `here` on its service already."""
    if incident.channel:
        where = line("Its channel is ", channel_link(incident.channel, incident.channel_name), ".")
    else:
        where = line("Its channel will be ", f"#{incident.channel_name}", " in a moment.")
    how = f"{incident.severity.label}, in triage" if incident.status is Status.TRIAGE else incident.severity.label
    how += ", private" if incident.private else ""
    what = sentence_of(f"Declaring {incident.label} as {how}: {incident.title}")
    return message(
        f"{what} Its channel will be #{incident.channel_name}.", section(line(what, " ", where)), beside(incident, here)
    )


def declared_before() -> Message:
    """Say that this was declared by an earlier press."""
    return _said("That was declared already. What is open: /incident list")


def converted(incident: Incident) -> Message:
    """Say that the channel is an incident's now, and who sees it."""
    seen = " It is private: its members alone see it, and it is not announced." if incident.private else ""
    what = sentence_of(f"This channel becomes {incident.label}'s, {incident.severity.label}: {incident.title}")
    told = f"{what} Its last messages are taken into the timeline.{seen}"
    return _said(told, escape(told))


def role_given(incident: Incident, role: AnyRole, user: UserId) -> Message:
    """Say who holds a role now, or who was asked to take it over."""
    name = label_of(role)
    asked = incident.offered(role)
    if asked and asked.to == user:
        return _said(
            f"{incident.label}: the role of {name} was offered. It passes when it is accepted.",
            line(
                mention(user),
                f" was asked to be the {name} of {incident.label}. Until they accept, ",
                mention(asked.holder),
                " holds it. To take it back: ",
                code("/incident handover withdraw"),
            ),
        )
    return _said(f"{incident.label} has a new {name}.", line(mention(user), f" is the {name} of {incident.label}."))


def handover_ended(incident: Incident, role: AnyRole, *, accepted: bool) -> Message:
    """Say to who answered or withdrew a handover what came of it."""
    name = label_of(role)
    if accepted:
        return _said(f"You are the {name} of {incident.label}. What it asks of you comes in a direct message.")
    return _said(f"The role of {name} of {incident.label} stays where it is.")


def called(incident: Incident) -> Message:
    """Say who was called last, and how."""
    newest = incident.calls[-1].n if incident.calls else 0
    return _said(f"They are being called to {incident.label} (call {newest}). The channel says who and how.")


def invited(incident: Incident) -> Message:
    """Say that people were asked."""
    return _said(f"They are being brought into the channel of {incident.label}.")


def marked(incident: Incident) -> Message:
    """Say that a message is in the timeline."""
    return _said(
        f"This message is marked in the timeline of {incident.label}.",
        line(f"This message is marked in the timeline of {incident.label}. To see it: ", code("/incident timeline")),
    )


def snoozed(incident: Incident) -> Message:
    """Say until when the next update is put off."""
    due = incident.update_due
    said = f"The next update on {incident.label} is put off."
    return _said(said, line(said, *((" It is due ", date(due), ".") if due else ())))


def status_set(incident: Incident) -> Message:
    """Say where the incident stands now."""
    return _said(f"{incident.label} is {STATUSES[incident.status].lower()}.")


def severity_set(incident: Incident) -> Message:
    """Say how bad it is now."""
    return _said(f"{incident.label} is {incident.severity.label}.")


def update_sent(incident: Incident) -> Message:
    """Say that the update is out, and when the next one is due."""
    said = f"Your update on {incident.label} is on its way to everybody."
    due = incident.update_due
    return _said(said, line(said, *((" The next one is due ", date(due), ".") if due else ())))


def resolved(incident: Incident) -> Message:
    """Say that it is over, and what follows."""
    return _said(f"{incident.label} is resolved. The postmortem draft follows in its channel.")


def reopened(incident: Incident) -> Message:
    """Say that it is open again, and what follows."""
    return _said(f"{incident.label} is open again. Everybody is told, and updates are due again.")


def accepted(incident: Incident) -> Message:
    """Say that it is an incident now, and what follows."""
    return _said(f"{incident.label} is accepted. Everybody is told, and updates are due.")


def declined(incident: Incident) -> Message:
    """Say that it is none."""
    return _said(f"{incident.label} is declined.")


def merged(incident: Incident) -> Message:
    """Say where it goes on."""
    there = incident.set_aside.reason if incident.set_aside else ""
    return _said(f"{incident.label} is merged into {one_line(there)}. Go on there.")


def closed(incident: Incident) -> Message:
    """Say that it is closed."""
    return _said(f"{incident.label} is closed.")


def noted(incident: Incident, moment: datetime | None, *, guessed: bool = False) -> Message:
    """Say that a note is in the timeline, and at which moment, so that a mistaken one is seen."""
    said = f"Noted in the timeline of {incident.label}"
    if moment is None:
        return _said(f"{said}.")
    return _said(f"{said} for {utc(moment)}.", line(f"{said} for ", date(moment), ".", _GUESSED if guessed else ""))


def milestone_set(incident: Incident, milestone: Milestone, moment: datetime, *, guessed: bool = False) -> Message:
    """Say when a milestone was reached, as it is known now."""
    said = f"{incident.label}: {MILESTONES[milestone]}"
    return _said(f"{said} {utc(moment)}.", line(f"{said} ", date(moment), ".", _GUESSED if guessed else ""))


def action_added(incident: Incident, *, due: str = "", guessed: bool = False) -> Message:
    """Say that an action item is written down, under which number, and until when, so that a mistaken day is seen."""
    one = incident.actions[-1]
    whose = line(" for ", mention(one.owner)) if one.owner else line(", nobody's yet")
    until = f", due {due}" if due else ""
    said = f"Action item {one.n} of {incident.label} is written down{until}."
    give = line(" Give it to somebody: ", code(f"/incident action {one.n} @person")) if one.owner is None else ""
    counted = _GUESSED if due and guessed else ""
    return _said(
        said, line(f"Action item {one.n} of {incident.label} is written down", whose, f"{until}.", give, counted)
    )


def action_changed(incident: Incident, what: str) -> Message:
    """Say what has become of an action item."""
    return _said(f"{what}. All of them: {incident.label}.", line(f"{what}. All of them: ", code("/incident action")))


def acknowledged(title: str) -> Message:
    """Say that an alert is taken up."""
    return _said(f"You have acknowledged: {title}")


def refusal(text: str, typed: str = "", who: Sequence[str] = ()) -> Message:
    """Say why not and what to do instead, and repeat what was typed so that it can be mended and sent again.

    In `text`, what stands between backticks is shown as something to type. `who` are those who can help.
    """
    kept = cut(typed.strip(), _TYPED_LIMIT)
    return message(
        text.replace("`", ""),
        section(_with_code(text)),
        context(line("Turn to ", joined(", ", [mention(UserId(user)) for user in who[:_PEOPLE]]))) if who else None,
        context(line("You typed: ", code(f"/incident {kept}"))) if kept else None,
    )


def busy(seconds: int) -> Message:
    """Say that Muster cannot take this in at the moment, and when to try again."""
    return _said(f"I cannot take this in right now, and nothing was changed. Please try again in {seconds} s.")


def failed(admin: str | None) -> Message:
    """Say that something broke on our side; `admin` (a channel's id or name) is where to ask."""
    said = "Something went wrong on my side; it may or may not have been done. Look before you repeat it."
    return message(said, section(said), context(line("Ask in ", _place(admin))) if admin else None)


def _place(channel: str) -> Safe:
    return channel_link(ChannelId(channel), channel.lstrip("#"))


def said(text: str) -> Message:
    """Say a sentence."""
    return _said(text)


def _said(text: str, markup: Safe | None = None) -> Message:
    return message(text, section(text if markup is None else markup))


def _with_code(text: str) -> Safe:
    """Return text with what stands between two backticks as code; a lone backtick is text."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    return line(*(code(part) if at % 2 else part for at, part in enumerate(parts)))
