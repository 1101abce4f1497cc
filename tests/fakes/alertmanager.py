"""An Alertmanager's silences in memory, on the test's clock, with its bad days; the real ones are in tests/peers."""

import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

from bot.clock import Clock
from bot.domain.mirroring import FarSilence
from bot.errors import TryLater, Uncertain, Undeliverable
from bot.inbound.payloads import as_moment
from bot.inbound.silence_lists import far_silences
from bot.outbound.alertmanager_api import AlertmanagerApi, Pass

RETENTION = timedelta(hours=120)


class FakeAlertmanager(AlertmanagerApi):
    """One that is `down`, or does what is asked and then says nothing for the next calls (`lost`)."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("http://alertmanager.test", Pass())
        self._clock, self._names = clock, count(1)
        self._there: dict[str, dict[str, Any]] = {}
        self.down, self.lost = False, 0

    async def silences(self) -> bytes:
        self._is_up()
        return json.dumps([self._told(one) for one in self._there.values()]).encode()

    async def make_silence(self, silence: Mapping[str, object]) -> None:
        self._is_up()
        now, ends_at = self._clock.now(), as_moment(silence["endsAt"], "endsAt")
        if ends_at is None or ends_at <= now:
            raise Undeliverable("HTTP 400: end time must not be in the past")
        self.put(**silence)
        self._answer()

    async def end_silence(self, far_id: str) -> None:
        self._is_up()
        self.end(far_id)
        self._answer()

    async def ask(self) -> tuple[FarSilence, ...]:
        """Return its list, as whoever follows it reads it."""
        return far_silences(await self.silences())

    def put(self, **silence: Any) -> str:
        """Make a silence there; what began before now begins now."""
        name, now = f"far-{next(self._names)}", self._clock.now()
        begins = as_moment(silence.get("startsAt"), "startsAt") or now
        self._there[name] = silence | {"id": name, "startsAt": max(begins, now).isoformat()} | self._touched()
        return name

    def end(self, name: str) -> None:
        """End one there; what is over already stays as it is."""
        if self._told(self._there[name])["status"]["state"] != "expired":
            self._there[name] |= {"endsAt": self._clock.now().isoformat()} | self._touched()

    @property
    def standing(self) -> list[str]:
        """Return the names of those that are not over."""
        return [name for name, one in self._there.items() if self._told(one)["status"]["state"] != "expired"]

    def _touched(self) -> dict[str, str]:
        return {"updatedAt": self._clock.now().isoformat()}

    def _told(self, silence: Mapping[str, Any]) -> dict[str, Any]:
        now = self._clock.now().isoformat()
        later = "pending" if silence["startsAt"] > now else "active"
        return {**silence, "status": {"state": "expired" if silence["endsAt"] <= now else later}}

    def _is_up(self) -> None:
        if self.down:
            raise TryLater("ClientConnectorError")

    def _answer(self) -> None:
        if self.lost:
            self.lost -= 1
            raise Uncertain("TimeoutError")
