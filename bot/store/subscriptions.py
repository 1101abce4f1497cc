"""Who wants to hear of updates, as rows: the last word of each person on each topic."""

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.subscriptions import ALL, Subscribe, Topic, of_incident, of_service, wanted_by
from bot.store import upsert
from bot.store.tables import subscriptions


async def said(connection: AsyncConnection, command: Subscribe) -> None:
    """Write down what somebody wants; who wants nothing at all is forgotten."""
    if command.topic == ALL and not command.wanted:
        await connection.execute(delete(subscriptions).where(subscriptions.c.user == command.by))
        return
    row = {"user": command.by, "topic": command.topic, "wanted": int(command.wanted)}
    into = upsert.insert_into(connection.dialect.name, subscriptions).values(row)
    await connection.execute(
        into.on_conflict_do_update(index_elements=["user", "topic"], set_={"wanted": int(command.wanted)})
    )


async def subscribers(connection: AsyncConnection, incident: Incident) -> tuple[UserId, ...]:
    """Return who wants to hear of an incident; while it is announced to nobody, those who asked for this very one."""
    itself = of_incident(incident.id)
    general = [] if incident.unannounced else [ALL, *map(of_service, incident.services)]
    topics = [itself, *general]
    rows = await connection.execute(select(subscriptions).where(subscriptions.c.topic.in_(topics)))
    return wanted_by(((UserId(row.user), Topic(row.topic), bool(row.wanted)) for row in rows), itself)
