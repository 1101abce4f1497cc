"""Finding an incident again by what was said of it."""

from collections.abc import Sequence

from bot.domain.model import Incident


def says(incident: Incident, words: Sequence[str]) -> bool:
    """Tell whether all these words (in lower case) stand in its title, its last update or what was said at its end."""
    told = (
        incident.title,
        incident.last_update.text if incident.last_update else "",
        incident.resolution or "",
        incident.set_aside.reason if incident.set_aside else "",
    )
    text = "\n".join(told).lower()
    return all(word in text for word in words)
