"""A SlackApp with fakes behind it, and a Slack that signs what it sends.

Requests go through our verifier and Bolt's real dispatch.
"""

import hmac
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

from bot.domain.alerts_model import Alert, AlertSeverity, AlertStatus, ReportedAlert
from bot.domain.calls import Callee, CalleeKind
from bot.domain.existing import Existing
from bot.domain.ids import AlertId, ChannelId, IncidentId, MessageTs, ServiceName, SourceName, UserId
from bot.domain.model import Incident, Severity, Status
from bot.domain.permissions import Account
from bot.domain.policy import DEFAULT_SEVERITIES, Channels, Policy, Service
from bot.inbound.slack.app import SlackApp
from bot.inbound.slack.port import FormView, Identity, Ports
from bot.inbound.slack.response import Response
from bot.views.blocks import Message
from tests.fakes.clock import START, FakeClock
from tests.inbound.slack.counter import FakeDesk, a_silence

SECRET: Final = "8f742231b10e8888abcd99yyyzzz85a5"
WORKSPACE: Final = "T0ACME"
US: Final = Identity(team=WORKSPACE, bot="B0MUSTER", user=UserId("U0MUSTER"), url="https://acme.slack.com/")
ANA, BO = UserId("U0ANA"), UserId("U0BO")
INCIDENT_CHANNEL, OTHER_CHANNEL, GENERAL = ChannelId("C0INC42"), ChannelId("C0INC43"), ChannelId("C0GENERAL")
CLEO_CALLED: Final = Callee(kind=CalleeKind.PERSON, name="U0CLEO")
POLICY: Final = Policy(
    services={
        ServiceName("checkout"): Service(name=ServiceName("checkout")),
        ServiceName("auth"): Service(name=ServiceName("auth")),
    },
    channels=Channels(admin="muster-admin"),
    severities={
        **DEFAULT_SEVERITIES,
        Severity.SEV2: replace(DEFAULT_SEVERITIES[Severity.SEV2], escalation=((CLEO_CALLED,),)),
    },
)


def an_incident(number: int = 42, **changes: Any) -> Incident:
    values: dict[str, Any] = {
        "id": IncidentId(number),
        "title": "Checkout is down",
        "severity": Severity.SEV2,
        "status": Status.INVESTIGATING,
        "declared_by": ANA,
        "declared_at": START,
        "channel_name": f"inc-{number}-checkout",
        "channel": ChannelId(f"C0INC{number}"),
        "update_due": START + timedelta(minutes=30),
        "events": 1,
    }
    return Incident(**{**values, **changes})


def an_alert(name: str = "a1") -> Alert:
    report = ReportedAlert(
        source=SourceName("prometheus"),
        fingerprint=name,
        status=AlertStatus.FIRING,
        starts_at=START,
        title="CheckoutErrors",
        summary="Checkout fails",
        severity=AlertSeverity.CRITICAL,
    )
    return Alert(id=AlertId(name), report=report, status=AlertStatus.FIRING, first_seen_at=START, channel="alerts")


@dataclass
class Front:
    """Slack on one side, the desk on the other, and the app between them."""

    clock: FakeClock = field(default_factory=FakeClock)
    secrets: tuple[str, ...] = (SECRET,)
    identity: Identity | None = US
    policy: Policy = POLICY
    opened: list[tuple[str, Any]] = field(default_factory=list)
    whispered: list[tuple[str, Message]] = field(default_factory=list)
    replaced: list[tuple[str, Message]] = field(default_factory=list)
    slack_fails: Exception | None = None
    accounts: dict[UserId, Account] = field(default_factory=dict)
    groups: dict[str, Collection[UserId]] = field(default_factory=dict)
    forgotten: list[UserId] = field(default_factory=list)
    rooms: dict[ChannelId, Existing] = field(default_factory=dict)
    zone: str = "America/Sao_Paulo"
    paused: dict[UserId, datetime] = field(default_factory=dict)
    form_fails: Exception | None = None
    offered: list[tuple[ChannelId, UserId, Message]] = field(default_factory=list)
    messages: dict[MessageTs, Mapping[str, object]] = field(default_factory=dict)
    updated: list[tuple[str, Any, str]] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.desk = FakeDesk(self.clock, self.policy)
        for number in (42, 43):
            self.desk.incidents[IncidentId(number)] = an_incident(number)
        self.desk.alerts[AlertId("a1")] = an_alert()
        self.desk.kept[1] = a_silence(self.clock.now())
        self.build()

    def build(self) -> None:
        """Put the app between the two as they are now."""
        ports = Ports(
            desk=self.desk,
            policy=self.policy,
            clock=self.clock,
            open_view=self._open_view,
            update_view=self._update_view,
            respond=self._respond,
            whisper=self._whisper,
            message_of=self._message_of,
            zone_of=self._zone_of,
            paused_until=self._paused_until,
            room_of=self._room_of,
            account_of=self._account_of,
            members_of=self._members_of,
            forget=self.forgotten.append,
        )
        self.app = SlackApp(ports=ports, who_am_i=lambda: self.identity, secrets=self.secrets)

    async def _open_view(self, trigger: str, view: FormView) -> None:
        if error := self.form_fails or self.slack_fails:
            raise error
        self.opened.append((trigger, view))

    async def _update_view(self, view_id: str, view: FormView, revision: str) -> None:
        if error := self.form_fails or self.slack_fails:
            raise error
        self.updated.append((view_id, view, revision))

    async def _whisper(self, channel: ChannelId, user: UserId, message: Message) -> None:
        if self.slack_fails:
            raise self.slack_fails
        self.offered.append((channel, user, message))

    async def _message_of(self, _channel: ChannelId, ts: MessageTs) -> Mapping[str, object]:
        return self.messages[ts]

    async def _account_of(self, user: UserId) -> Account:
        if self.slack_fails:
            raise self.slack_fails
        return self.accounts.get(user, Account())

    async def _members_of(self, group: str) -> Collection[UserId]:
        if self.slack_fails:
            raise self.slack_fails
        return self.groups.get(group, ())

    async def _room_of(self, channel: ChannelId) -> Existing:
        if self.slack_fails:
            raise self.slack_fails
        return self.rooms[channel]

    async def _zone_of(self, _user: UserId) -> str:
        if self.slack_fails:
            raise self.slack_fails
        return self.zone

    async def _paused_until(self, user: UserId) -> datetime | None:
        if self.slack_fails:
            raise self.slack_fails
        return self.paused.get(user)

    async def _respond(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        if self.slack_fails:
            raise self.slack_fails
        (self.replaced if replace else self.whispered).append((response_url, message))

    async def post(self, body: bytes, content_type: str, **changes: str) -> Response:
        """Send a signed request as Slack does."""
        return await self.app.handle_http(self.signed(body, content_type, **changes), body)

    def signed(self, body: bytes, content_type: str, *, secret: str = SECRET, timestamp: str = "") -> dict[str, str]:
        timestamp = timestamp or str(int(self.clock.now().timestamp()))
        digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, sha256).hexdigest()
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": f"v0={digest}",
        }

    async def form(self, fields: Mapping[str, str]) -> Response:
        return await self.post(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    async def command(self, text: str, *, channel: ChannelId = INCIDENT_CHANNEL, **changes: str) -> Response:
        """Type `/incident <text>` as ana."""
        number = next(self._numbers)
        return await self.form(
            {
                "token": "legacy",
                "team_id": WORKSPACE,
                "team_domain": "acme",
                "channel_id": channel,
                "channel_name": "somewhere",
                "user_id": ANA,
                "user_name": "ana",
                "command": "/incident",
                "text": text,
                "api_app_id": "A0MUSTER",
                "response_url": f"https://hooks.slack.com/commands/{number}",
                "trigger_id": f"{number}.command",
                **changes,
            }
        )

    async def interaction(self, payload: Mapping[str, object]) -> Response:
        return await self.form({"payload": json.dumps(payload)})

    async def click(self, action: str, value: str = "", **changes: object) -> Response:
        """Press a button as ana."""
        number = next(self._numbers)
        return await self.interaction(
            {
                "type": "block_actions",
                "user": {"id": ANA, "username": "ana", "team_id": WORKSPACE},
                "team": {"id": WORKSPACE, "domain": "acme"},
                "container": {"type": "message", "message_ts": "1.2", "channel_id": "C0ALERTS"},
                "trigger_id": f"{number}.click",
                "response_url": f"https://hooks.slack.com/actions/{number}",
                "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value}],
                **changes,
            }
        )

    async def submit(self, view: Mapping[str, Any], values: Mapping[str, str], *, view_id: str = "V1") -> Response:
        """Send off a form that was opened, filled in: the state of a select is its option, of a text box its value."""
        return await self.interaction(
            {
                "type": "view_submission",
                "user": {"id": ANA, "username": "ana", "team_id": WORKSPACE},
                "team": {"id": WORKSPACE, "domain": "acme"},
                "trigger_id": f"{next(self._numbers)}.submit",
                "view": {**view, "id": view_id, "hash": "1.abc", "state": {"values": _state(view, values)}},
                "response_urls": [],
            }
        )

    async def event(self, event: Mapping[str, object], *, event_id: str = "", **changes: object) -> Response:
        body = {
            "type": "event_callback",
            "team_id": WORKSPACE,
            "api_app_id": "A0MUSTER",
            "event_id": event_id or f"Ev{next(self._numbers)}",
            "event_time": int(self.clock.now().timestamp()),
            "event": event,
            "authorizations": [{"team_id": WORKSPACE, "user_id": US.user, "is_bot": True}],
            **changes,
        }
        return await self.post(json.dumps(body).encode(), "application/json")


def _state(view: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, dict[str, dict[str, object]]]:
    state: dict[str, dict[str, dict[str, object]]] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        name, kind = block["block_id"], block["element"]["type"]
        value = values.get(name)
        filled: dict[str, object] = (
            {"type": kind, "value": value}
            if kind == "plain_text_input"
            else {"type": kind, "selected_user": value}
            if kind == "users_select"
            else {"type": kind, "selected_date_time": int(value) if value else None}
            if kind == "datetimepicker"
            else {"type": kind, "selected_options": [{"value": one} for one in value.split()] if value else []}
            if kind in {"checkboxes", "multi_static_select"}
            else {"type": kind, "selected_date": value}
            if kind == "datepicker"
            else {"type": kind, "selected_option": {"value": value} if value else None}
        )
        state[name] = {name: filled}
    return state


def said(response: Response) -> str:
    """Return what the answer tells the person, all of its text."""
    return json.dumps(json.loads(response.body), ensure_ascii=False) if response.body else ""
