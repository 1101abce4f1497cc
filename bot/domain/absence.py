"""How long Muster was not at work, and what can be said of that time."""

from datetime import datetime, timedelta
from typing import Final

# It is written down every minute that Muster is there: shorter gaps are no more than that.
UNNOTICED: Final = timedelta(minutes=2)


def words_for(last: datetime | None, now: datetime) -> str:
    """Return what the administrators are told when Muster was there `last` and is again; nothing when it never left."""
    if last is None or now - last < UNNOTICED:
        return ""
    until = f"{now:%H:%M}" if last.date() == now.date() else f"{now:%Y-%m-%d %H:%M}"
    return (
        f"Muster was not at work from {last:%Y-%m-%d %H:%M} to {until} UTC. Alerts that began and ended in that time "
        "are not known. What still fires comes again from its sender, or is found where reconciling is set up."
    )
