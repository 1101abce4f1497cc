"""What it means to wait somewhere; who waits where is said in places.py."""

from dataclasses import dataclass

from bot.domain.tracks import Track


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an effect waits: its key (the post's name in Slack as well), its lane, its track, its gate if any."""

    key: str
    lane: str
    track: Track
    gate: str = ""


def lone(key: str, track: Track = Track.CHAT, gate: str = "") -> Spot:
    """Return the spot of what has a lane to itself."""
    return Spot(key, key, track, gate)
