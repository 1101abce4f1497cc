"""Reads an incident's postmortem draft off the database, for who asks outside Slack. Nothing is written."""

from collections.abc import Sequence

from bot.domain.ids import IncidentId
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.postmortem import compile_postmortem
from bot.engine.beside import must_be_shown, opened
from bot.errors import Refused
from bot.store import alerts, incidents, notes, timeline
from bot.views.postmortem import postmortem_markdown

KNOWN_SHOWN = 10


async def postmortem_draft(url: str, number: IncidentId, policy: Policy, *, private: bool = False) -> str:
    """Return the draft as Markdown, the same that is put into the incident's channel.

    Raises:
        Refused: there is no such incident, or no database; the text says which incidents there are.
        Overloaded: the database does not answer, or holds no Muster's tables.
    """
    async with opened(url) as database, database.reading() as connection:
        incident = await incidents.load(connection, number)
        if incident is None:
            raise Refused(_unknown(number, await incidents.newest(connection, KNOWN_SHOWN)))
        must_be_shown(incident, private=private)
        rows = await timeline.rows_of(connection, number)
        attached = (await alerts.of_incidents(connection, [number]))[number]
        names = await notes.names(connection)
    return postmortem_markdown(compile_postmortem(incident, rows, attached, policy), names)


def _unknown(number: IncidentId, newest: Sequence[Incident]) -> str:
    there = "These are the newest:" if newest else "No incident was ever declared here."
    return "\n".join(
        [
            f"There is no INC-{number}. {there}",
            *(f"  {one.label} {'(private)' if one.private else one.title}" for one in newest),
        ]
    )
