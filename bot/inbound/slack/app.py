"""The Slack app: one listener for each kind of thing that Slack sends, and our own tables behind them.

What is asked is kept before Slack is answered: Bolt's default answers events first, and a listener that fails
afterwards has lost them. Nothing here calls Slack but `open_view`, while the trigger lives, so Bolt is given no
token, and `authorize` answers from memory instead of asking `auth.test` for each request.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Final, assert_never

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.ids import UserId
from bot.errors import BadInput, MusterError, Overloaded, Refused, Unauthorised
from bot.inbound.slack import actions, commands, events, failures, marking, modals, people, quoting, receipts
from bot.inbound.slack.asides import Aside, Asides
from bot.inbound.slack.meeting import Meetings
from bot.inbound.slack.paused import Pauses
from bot.inbound.slack.payload import Kind, Payload, kind_of, part, text
from bot.inbound.slack.port import Identity, Ports, WhoAmI
from bot.inbound.slack.reacting import Reactions
from bot.inbound.slack.response import Response, as_json, as_text
from bot.inbound.slack.verify import TooLarge, Verifier, read
from bot.views.blocks import Message

# Slack wants its answer within three seconds.
INTRODUCTION: Final = timedelta(seconds=2)
_ANY: Final = re.compile("")
_log = structlog.get_logger("muster.slack")


class SlackApp:
    """Takes everything that Slack sends, by HTTP or Socket Mode.

    `secrets` are the signing secrets (one, or two while it is being rotated); without any, HTTP is closed.
    """

    def __init__(self, *, ports: Ports, who_am_i: WhoAmI, secrets: Sequence[str] = ()) -> None:
        self._ports = ports
        self._who_am_i = who_am_i
        self._verifier = Verifier(secrets, ports.clock) if secrets else None
        self._asides = Asides(ports.respond, ports.open_view)
        self._reactions = Reactions(ports)
        self._pauses = Pauses(ports)
        self._meetings = Meetings(ports.account_of)
        self._bolt = self._listeners(_bolt(self._me))

    async def handle_http(self, headers: Mapping[str, str], raw_body: bytes) -> Response:
        """Answer one POST: events, commands, clicks and forms all come to the same address."""
        named = {name.lower(): value for name, value in headers.items()}
        try:
            payload = self._verified(named, raw_body)
        except Unauthorised:
            return as_text(HTTPStatus.UNAUTHORIZED)
        except TooLarge as error:
            return as_text(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error))
        except BadInput as error:
            return as_text(HTTPStatus.BAD_REQUEST, str(error))
        if payload.get("ssl_check") == "1":
            return as_text(HTTPStatus.OK)
        if payload.get("type") == "url_verification":
            return as_json({"challenge": text(payload, "challenge")})
        return await self.take(payload)

    async def take(self, payload: Payload) -> Response:
        """Answer one verified payload: keep what it asks for, then say so. Never raises."""
        kind = kind_of(payload)
        if kind is None:
            _log.info("slack_payload_ignored", type=text(payload, "type")[:40])
            return as_text(HTTPStatus.OK)
        try:
            await self._introduced()
            self._check(kind, payload)
            self._meetings.meet(payload)
        except MusterError as error:
            return self._told(kind, payload, error)
        try:
            # With the mode "socket_mode" Bolt takes the dict as it is; parsing a body, it would lose a command with the
            # word "payload" in it.
            answer = await self._bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=dict(payload)))
        except Exception as error:  # noqa: BLE001 - Bolt reads a payload's parts outside of its own guard too
            return self._told(kind, payload, error)
        return Response(status=answer.status, headers=answer.first_headers(), body=answer.body.encode())

    async def drain(self) -> None:
        """Wait until what is being said to people by the way has been said."""
        await self._reactions.drain()
        await self._pauses.drain()
        await self._asides.drain()
        await self._meetings.drain()

    def _verified(self, headers: Mapping[str, str], raw_body: bytes) -> Payload:
        if self._verifier is None:
            raise Unauthorised
        self._verifier.verify(headers, raw_body)
        return read(headers, raw_body)

    async def _introduced(self) -> None:
        """Give Slack a moment to say who we are: what comes right after a start is not turned away for that."""
        until = self._ports.clock.monotonic() + INTRODUCTION.total_seconds()
        while self._who_am_i() is None and self._ports.clock.monotonic() < until:
            await self._ports.clock.sleep(INTRODUCTION / 20)

    def _me(self) -> Identity:
        identity = self._who_am_i()
        if identity is None:
            message = "Slack has not told us yet who we are"
            raise Overloaded(message)
        return identity

    def _check(self, kind: Kind, payload: Payload) -> None:
        identity = self._me()
        lets = self._ports.policy.permissions.let_strangers  # then each act is looked at by itself
        if kind is not Kind.EVENT and is_stranger(payload, identity) and not lets:
            message = "Only members of this workspace can do that. Ask somebody of the incident's own team."
            raise Refused(message)

    def _listeners(self, bolt: AsyncApp) -> AsyncApp:
        bolt.command(_ANY)(self._on_command)
        bolt.action(_ANY)(self._on_click)
        bolt.view_submission(_ANY)(self._on_submission)
        bolt.message_shortcut(_ANY)(self._on_shortcut)
        bolt.event("message")(self._on_message)
        bolt.event("app_home_opened")(self._on_home)
        for about in people.EVENTS:
            bolt.event(about)(self._on_people)
        for about in marking.EVENTS:
            bolt.event(about)(self._on_mark)
        bolt.event(_ANY)(self._on_other_event)
        bolt.error(self._on_failure)
        return bolt

    async def _on_command(self, ack: AsyncAck, body: dict[str, object]) -> None:
        reply = await commands.answer(body, self._ports, self._me())
        await ack(ephemeral(reply) if reply else "")

    async def _on_click(self, ack: AsyncAck, body: dict[str, object]) -> None:
        aside = await actions.press(body, self._ports, self._me())
        if aside:
            self._asides.say(body, aside)
        await ack()

    async def _on_submission(self, ack: AsyncAck, body: dict[str, object]) -> None:
        answer = await modals.submit(body, self._ports, self._pauses.asked)
        await ack(json.loads(answer.body))

    async def _on_shortcut(self, ack: AsyncAck, body: dict[str, object]) -> None:
        if text(body, "callback_id") == quoting.DECLARE_FROM:
            await quoting.declare_from(body, self._ports, self._me())
        else:
            self._asides.say(body, await marking.add_to_timeline(body, self._ports, self._me()))
        await ack()

    async def _on_message(self, body: dict[str, object]) -> None:
        event = part(body, "event")
        if not isinstance(event, Mapping):
            return
        if notice := events.own_notice(event, self._me()):
            await self._ports.desk.remove_notice(*notice)
        elif said := events.said(event, self._me()):
            await self._ports.desk.handle(said, receipt=receipts.of_event(body))

    async def _on_home(self, body: dict[str, object]) -> None:
        if text(body, "event", "tab") == "home" and (user := text(body, "event", "user")):
            await self._ports.desk.show_home(UserId(user))

    async def _on_other_event(self, body: dict[str, object]) -> None:
        _log.debug("slack_event_ignored", type=text(body, "event", "type"))

    async def _on_people(self, body: dict[str, object]) -> None:
        event = part(body, "event")
        if isinstance(event, Mapping):
            await people.noticed(event, self._ports, self._me(), receipts.of_event(body))

    async def _on_mark(self, body: dict[str, object]) -> None:
        await self._reactions.reacted(body, self._me())
        await marking.marked(body, self._ports, self._me())

    async def _on_failure(self, error: Exception, body: dict[str, object]) -> BoltResponse:
        """Answer for a listener that raised.

        Bolt caught it: this is one of the three borders where any exception ends.
        """
        kind = kind_of(body) or Kind.EVENT
        told = self._told(kind, body, error)
        return BoltResponse(status=told.status, body=told.body.decode(), headers=dict(told.headers))

    def _told(self, kind: Kind, payload: Payload, error: Exception) -> Response:
        failure = failures.explain(error, self._ports.policy.channels.admin)
        match kind:
            case Kind.COMMAND:
                return as_json(ephemeral(failure.message))
            case Kind.CLICK | Kind.SHORTCUT:
                self._asides.say(payload, Aside(message=failure.message, about="Not done"))
                return as_text(HTTPStatus.OK)
            case Kind.SUBMISSION:
                return modals.refusal(payload, failure.message.text)
            case Kind.EVENT:
                return as_text(failure.status, **failure.headers)
            case _:
                assert_never(kind)


def is_stranger(payload: Payload, identity: Identity) -> bool:
    """Tell whether somebody from another organisation asks: in a shared channel they see our buttons too.

    A person of the same Enterprise Grid organisation may belong to another of its workspaces.
    """
    team = text(payload, "user", "team_id") or text(payload, "team_id")
    if not team or team == identity.team:
        return False
    enterprise = text(payload, "team", "enterprise_id") or text(payload, "enterprise_id")
    return not (identity.enterprise and enterprise == identity.enterprise)


def ephemeral(message: Message) -> dict[str, object]:
    """Return a message as the acknowledgement of a command: only the person who typed it sees it."""
    return {"response_type": "ephemeral", "text": message.text, "blocks": list(message.blocks)}


def _bolt(me: Callable[[], Identity]) -> AsyncApp:
    async def authorize() -> AuthorizeResult:  # a method it could not be: Bolt would fill in `self`
        known = me()
        return AuthorizeResult(
            enterprise_id=known.enterprise,
            team_id=known.team,
            bot_id=known.bot,
            bot_user_id=known.user,
            url=known.url,
        )

    logger = logging.getLogger("muster.slack.bolt")
    logger.setLevel(logging.ERROR)  # its warnings quote whole requests
    return AsyncApp(
        logger=logger,
        name="muster",
        client=AsyncWebClient(retry_handlers=[], logger=logger),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
