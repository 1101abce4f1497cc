"""Plays people over the control API: what they say, click and fill in, and what they see.

For end-to-end tests and the demo's own story.

async with People(url) as people:
ana = people.person("ana")
await ana.command("/incident declare", channel="general")
form = await ana.modal()
await ana.submits({"Title": "Checkout is down", "Severity": "SEV1"})
await people.wait_for("Checkout is down", channel="incidents")
await people.person("bo").clicks("Acknowledge", channel="incidents")
"""

from collections.abc import Mapping

from bot.sandbox.person import Person
from bot.sandbox.state.ids import Obj
from bot.sandbox.wire import Wire

__all__ = ["People", "Person"]


class People(Wire):
    """Everybody in one workspace, and what a test may look at and set behind their backs."""

    def person(self, name: str) -> Person:
        """Return somebody, by name or id."""
        return Person(self, name)

    async def journal(self, since: int = 0) -> list[Obj]:
        """Return the journal's entries after number `since`."""
        entries: list[Obj] = (await self.get("journal", since=since))["entries"]
        return entries

    async def posts(self, marker: str) -> int:
        """Return how many posts carried that marker in their metadata."""
        return int((await self.get("posts", marker=marker))["count"])

    async def faults(self, *rules: Mapping[str, object], seed: int | None = None) -> None:
        """Put faults in force."""
        await self.post("faults", {"rules": list(rules), "seed": seed})
