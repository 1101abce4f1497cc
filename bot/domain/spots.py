"""What it means to wait somewhere; who waits where is said in places.py."""

from dataclasses import dataclass, replace
from typing import Final

from bot.domain.tracks import Track

LANE_LIMIT: Final = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an effect waits: its key (the post's name in Slack as well), its lane, its track, its gate if any."""

    key: str
    lane: str
    track: Track
    gate: str = ""

    @property
    def shares_lane(self) -> bool:
        """Tell whether others wait in the same lane."""
        return self.lane != self.key

    def by_itself(self, kind: str) -> "Spot":
        """Return the spot of the same work in a lane of its own."""
        return replace(self, lane=f"{kind}:{self.key}"[:LANE_LIMIT])


def lone(key: str, track: Track = Track.CHAT, gate: str = "") -> Spot:
    """Return the spot of what has a lane to itself."""
    return Spot(key, key, track, gate)
