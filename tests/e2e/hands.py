"""What people do with their hands, in as few words as a long story needs: they type, press, choose and fill in."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import NotPossible
from bot.sandbox.inputs import elements_of
from bot.sandbox.state.ids import Obj
from bot.sandbox.texts import words_of
from bot.views.actions import Action
from tests.e2e.house import House
from tests.peers.until import until

MUSTER = "@muster"
# People do here in a second what takes them minutes elsewhere, and a channel takes a post a second.
PATIENCE: Final = 60


class Hands:
    """Those of everybody in a house."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def type(self, who: str, *lines: str, at: str = "general") -> None:
        """Type commands, one after the other, each answered before the next."""
        for line in lines:
            answer = await self.house.people.person(who).command(line, channel=at)
            assert not answer.get("error"), (line, answer)

    async def press(
        self, who: str, action: Action, *, at: str, about: str = "", value: object = None, option: int = 0
    ) -> None:
        """Press the newest button of a kind, once there is one; of a menu choose `value`, else that `option` of it.

        `about` is the button's own value, where one that is not for this any more may be there still. What is taken
        away under somebody's finger is not pressed: they look again.
        """
        person, answer = self.house.people.person(who), None
        while answer is None:
            message, element = await self.find(who, action, at=at, about=about)
            chosen = element["options"][option]["value"] if value is None and element.get("options") else value
            try:
                answer = await person.chooses(chosen, action_id=element["action_id"], channel=at, ts=message["ts"])
            except NotPossible:
                if await self._newest(who, action, at=at, about=about) == (message, element):
                    raise
        assert not answer.get("error"), (action, answer)

    async def find(self, who: str, action: Action, *, at: str, about: str = "") -> tuple[Obj, Obj]:
        """Return the newest button of a kind with its message, once there is one."""
        found = list[tuple[Obj, Obj]]()

        async def is_there() -> bool:
            newest = await self._newest(who, action, at=at, about=about)
            found[:] = [newest] if newest else []
            return bool(found)

        await until(is_there, what=f"{who} sees {action} in {at}", timeout=PATIENCE)
        return found[0]

    async def _newest(self, who: str, action: Action, *, at: str, about: str) -> tuple[Obj, Obj] | None:
        for message in reversed(await self.house.people.person(who).sees(at)):
            for _, element in elements_of(message.get("blocks") or ()):
                is_it = str(element["action_id"]).partition(":")[0] == action
                if is_it and about in {"", element.get("value")}:
                    return message, element
        return None

    async def fill(self, who: str, fields: Mapping[str, object]) -> None:
        """Fill in the form that opens, and send it off."""
        await self.house.people.person(who).modal()
        assert await self.house.people.person(who).submits(fields) == {}

    async def read(self, who: str, text: str, *, at: str) -> None:
        """Wait until somebody reads it."""

        async def is_read() -> bool:
            return any(text in words_of(one) for one in await self.house.people.person(who).sees(at))

        await until(is_read, what=f"{who} reads “{text}” in {at}", timeout=PATIENCE)

    async def room(self, name: str) -> str:
        """Return the channel of an incident, once its card is in it."""
        found = str((await self.house.people.wait_for_channel(name))["id"])
        await self.read("ana", "Incident Commander", at=found)
        return found
