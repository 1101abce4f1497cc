"""What somebody on call reads in a direct message when the pager should have called them, and has not."""

from datetime import datetime

from bot.domain.model import Incident
from bot.views.blocks import Message, bold, channel_link, code, context, date, header, line, message, section
from bot.views.markup import Moment, utc
from bot.views.words import STATUSES, named


def call(incident: Incident, since: datetime) -> Message:
    """Call somebody to an incident whose page the pager was asked for at `since`."""
    where = channel_link(incident.channel, incident.channel_name)
    return message(
        f"You are on call, and the pager has not accepted the page for {named(incident)} since {utc(since)}.",
        header("You are on call, and the pager is silent"),
        section(
            line(bold(incident.severity.label), f", {STATUSES[incident.status].lower()}: {incident.title}. ", where)
        ),
        section(
            line(
                f"The pager has not accepted the page for {incident.label} since ",
                date(since, Moment.TIME),
                ", so your phone did not ring. Please come to the channel, and call whom you need.",
            )
        ),
        context(line("Take command there with ", code("/incident ic")), "The page goes on being tried"),
    )
