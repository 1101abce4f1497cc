"""The oracle of "exactly once": how often each marker was posted.

A marker is `metadata.event_payload.k`. What was posted and later deleted or lost still counts as posted.
"""

from collections import Counter
from dataclasses import dataclass

from bot.sandbox.state.ids import Obj
from bot.sandbox.state.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One marker: how many `posts` it had, how many of them are `standing`, how many were `distinct`.

    `distinct` is what would have been posted if Slack dropped posts whose client_msg_id it has seen; it equals `posts`
    while the workspace does so itself (dedupe_client_msg_id) or the app sends none.
    """

    posts: int
    standing: int
    distinct: int

    def shape(self) -> Obj:
        """Return the count as JSON."""
        return {"posts": self.posts, "standing": self.standing, "distinct": self.distinct}


class Oracle:
    """Counts posts of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def counts(self) -> dict[str, Count]:
        """Return the count of every marker that was ever posted."""
        standing = Counter(
            str(marker)
            for channel in self._workspace.channels.values()
            for message in channel.messages.values()
            if message.metadata and (marker := (message.metadata.get("event_payload") or {}).get("k"))
        )
        return {
            marker: Count(
                posts=posts,
                standing=standing[marker],
                distinct=len(self._workspace.ids_by_marker.get(marker, ())),
            )
            for marker, posts in self._workspace.posts_by_marker.items()
        }

    def repeated(self) -> list[str]:
        """Return the markers that were posted more than once."""
        return sorted(marker for marker, posts in self._workspace.posts_by_marker.items() if posts > 1)
