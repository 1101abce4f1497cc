"""What tests and drills set over the control API (see routes.py): faults, limits, delivery, sockets."""

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.control.doing import Switch, answer
from bot.sandbox.control.hands import Hands
from bot.sandbox.delivery.channel_http import HttpChannel
from bot.sandbox.delivery.channel_sockets import SocketChannel
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.link import Goodbye
from bot.sandbox.errors import NotPossible
from bot.sandbox.faults import Faults, rule_of
from bot.sandbox.limits import Limits
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.workspace import Workspace


class Switches:
    """The switches. `all` names those that are POSTed; each answers how things then stand."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        clock: Clock,
        hands: Hands,
        courier: Courier,
        faults: Faults,
        limits: Limits,
        sockets: SocketChannel,
    ) -> None:
        self._workspace = workspace
        self._clock = clock
        self._hands = hands
        self._courier = courier
        self._faults = faults
        self._limits = limits
        self._sockets = sockets

    @property
    def all(self) -> dict[str, Switch]:
        """Return the switches by their address below /sandbox/."""
        return {
            "faults": self._add_faults,
            "limits": self._set_limits,
            "delivery": self._set_delivery,
            "subscriptions": self._subscribe,
            "sockets": self._move_sockets,
            "verify": self._verify,
            "dedupe": self._dedupe,
        }

    async def faults(self, _request: web.Request) -> web.Response:
        """Show the faults in force."""
        return web.json_response(self._rules())

    async def delivery(self, _request: web.Request) -> web.Response:
        """Show how delivery stands."""
        return web.json_response(self._standing())

    async def end_faults(self, request: web.Request) -> web.Response:
        """End all faults."""

        async def clear(_document: Obj) -> Obj:
            self._faults.clear()
            self._workspace.changed()  # pages that are open show which faults are in force
            return {}

        return await answer(request, clear)

    def _rules(self) -> Obj:
        return {"rules": [rule.shape() for rule in self._faults.rules]}

    async def _add_faults(self, document: Obj) -> Obj:
        seed = document.get("seed")
        rules = [rule_of(rule, self._clock.now()) for rule in document.get("rules") or []]
        if document.get("clear"):
            self._faults.clear()
        self._faults.add(*rules, seed=None if seed is None else int(seed))
        self._workspace.changed()
        return self._rules()

    async def _set_limits(self, document: Obj) -> Obj:
        if "enabled" in document:
            self._limits.enabled = bool(document["enabled"])
        if "commercial" in document:
            self._limits.commercial = bool(document["commercial"])
        return {"enabled": self._limits.enabled, "commercial": self._limits.commercial}

    def _standing(self) -> Obj:
        return {
            "enabled": not self._courier.health.disabled,
            "hourly_limit": self._courier.quota.limit,
            "spared_below": self._courier.health.spared_below,
            "delayed_events": self._courier.delayed_events,
            "sockets": self._sockets.count,
        }

    async def _set_delivery(self, document: Obj) -> Obj:
        if "enabled" in document:
            self._courier.health.enable()
            self._courier.health.disabled = not document["enabled"]
        if "hourly_limit" in document:
            self._courier.quota.limit = int(document["hourly_limit"])
        if "spared_below" in document:
            self._courier.health.spared_below = int(document["spared_below"])
        if "delayed_events" in document:
            self._courier.delayed_events = bool(document["delayed_events"])
        return self._standing()

    async def _subscribe(self, document: Obj) -> Obj:
        if "events" in document:
            events = document["events"]
            self._courier.subscriptions = None if events is None else [str(one) for one in events]
        if "domains" in document:
            self._hands.link_domains = {str(one) for one in document["domains"]}
        return {"events": self._courier.subscriptions, "domains": sorted(self._hands.link_domains)}

    async def _move_sockets(self, document: Obj) -> Obj:
        count = None if document.get("count") is None else int(document["count"])
        if "enabled" in document:
            self._sockets.enabled = bool(document["enabled"])
        if "mute" in document:
            self._sockets.mute = bool(document["mute"])
        if document.get("deaf"):
            self._sockets.deafen(count=count)
        if document.get("cut"):
            self._sockets.cut(count=count)
        if "reason" in document:
            await self._sockets.disconnect(Goodbye(document["reason"]), count=count)
        return {"open": self._sockets.count, "enabled": self._sockets.enabled, "mute": self._sockets.mute}

    async def _verify(self, _document: Obj) -> Obj:
        if not isinstance(self._courier.channel, HttpChannel):
            raise NotPossible("Socket Mode has no request URL.")
        return {"verified": await self._courier.channel.verify(self._workspace.make.token(52))}

    async def _dedupe(self, document: Obj) -> Obj:
        self._workspace.dedupe_client_msg_id = bool(document.get("client_msg_id"))
        return {"client_msg_id": self._workspace.dedupe_client_msg_id}
