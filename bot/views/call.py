"""What somebody reads in a direct message who is called: when the pager has not, or because somebody asks for them."""

from datetime import datetime
from typing import Final

from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.text import one_line
from bot.views.blocks import Message, code, context, date, header, line, mention, message, section
from bot.views.markup import Moment, utc
from bot.views.standing import in_short
from bot.views.words import named

_WHY: Final = 500


def called(incident: Incident, why: str, by: UserId | None) -> Message:
    """Call somebody in because somebody else asks for them; nobody is Muster itself, which says why."""
    asks = line(mention(by), " asks you to come") if by else line("You are called")
    return message(
        f"You are called to {named(incident)}. {one_line(why, _WHY)}".strip(),
        header(f"You are called to {incident.label}"),
        section(in_short(incident)),
        section(line(asks, *((": ", one_line(why, _WHY)) if why else ()))),
        context("Please say in the channel that you are there, or who can come in your place"),
    )


def call(incident: Incident, since: datetime) -> Message:
    """Call somebody to an incident whose page the pager was asked for at `since`."""
    return message(
        f"You are on call, and the pager has not accepted the page for {named(incident)} since {utc(since)}.",
        header("You are on call, and the pager is silent"),
        section(in_short(incident)),
        section(
            line(
                f"The pager has not accepted the page for {incident.label} since ",
                date(since, Moment.TIME),
                ", so your phone did not ring. Please come to the channel, and call whom you need.",
            )
        ),
        context(line("Take command there with ", code("/incident ic")), "The page goes on being tried"),
    )
