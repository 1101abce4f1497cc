"""response_urls: what the app sends there is shown where somebody clicked or typed a command; and files' bytes."""

import json
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.sandbox.blocks import Surface, check_blocks
from bot.sandbox.control.hands import answer_in_channel
from bot.sandbox.errors import SlackError
from bot.sandbox.gate import Gate, Reply
from bot.sandbox.shadow import shadow
from bot.sandbox.state import passes, talk
from bot.sandbox.state.ids import FileId, Obj
from bot.sandbox.state.records import ResponseUrl
from bot.sandbox.state.talk import Change
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.web import over_http

# What the journal and faults call the two.
RESPONSE: Final = "response_url"
UPLOAD: Final = "upload"


class Responses:
    """Answers `/response/<token>`, `/upload/<token>` and `/files/<id>/<name>`."""

    def __init__(self, workspace: Workspace, gate: Gate) -> None:
        self._workspace = workspace
        self._gate = gate

    async def respond(self, request: web.Request) -> web.Response:
        """Take one answer at a response_url, over HTTP."""
        try:
            document = await request.json()
        except ValueError:
            document = None
        if not isinstance(document, dict):
            return web.Response(text="invalid_payload", status=HTTPStatus.BAD_REQUEST)
        return await over_http(request, self.take_answer(request.match_info["token"], document))

    async def take_answer(self, token: str, document: Obj) -> Reply:
        """Take one answer at the response_url with that token.

        Raises:
            ConnectionBroken: a fault wants it so.
        """

        def act(pretend: bool) -> Reply:  # noqa: FBT001 - an Act
            workspace = shadow(self._workspace) if pretend else self._workspace
            try:
                _apply(workspace, passes.use_response_url(workspace, token), document)
            except SlackError as error:
                body: Obj = {"ok": False, "error": error.code, **error.detail}
                return Reply(status=HTTPStatus.NOT_FOUND, body=body)
            return Reply(text="ok")

        return await self._gate.call(RESPONSE, document, act)

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file's bytes at the address that files.getUploadURLExternal gave, over HTTP."""
        return await over_http(request, self.take_file(request.match_info["token"], await _bytes_of(request)))

    async def take_file(self, token: str, content: bytes) -> Reply:
        """Take a file's bytes at the upload address with that token.

        Raises:
            ConnectionBroken: a fault wants it so.
        """

        def act(pretend: bool) -> Reply:  # noqa: FBT001 - an Act
            for file in self._workspace.files.values():
                if file.upload_token == token:
                    file.content = file.content if pretend else content
                    return Reply(text=f"OK - {len(content)}")
            return Reply(status=HTTPStatus.NOT_FOUND, text="404: Not Found")

        return await self._gate.call(UPLOAD, {"bytes": len(content)}, act)

    async def content(self, request: web.Request) -> web.Response:
        """Give a file's bytes."""
        file = self._workspace.files.get(FileId(request.match_info["id"]))
        if file is None or file.content is None:
            raise web.HTTPNotFound
        # Never as a page of ours: a file may hold anything.
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)


def _apply(workspace: Workspace, url: ResponseUrl, document: Obj) -> None:
    if (channel := workspace.channels.get(url.channel)) is None:
        raise SlackError("channel_not_found")
    origin = None
    if url.message_ts:
        origin = (channel.whispers if url.ephemeral else channel.messages).get(url.message_ts)
    if _flag(document, "delete_original"):
        if origin is None:
            raise SlackError("message_not_found")
        talk.delete(workspace, channel, origin)
        return
    if _flag(document, "replace_original") and origin is not None:
        blocks = _blocks(document)
        if blocks is not None and (faults := check_blocks(blocks, surface=Surface.MESSAGE)):
            raise SlackError.with_messages("invalid_blocks", faults)
        text = str(document["text"]) if document.get("text") else None
        talk.change(workspace, channel, origin, Change(text=text, blocks=blocks), by=workspace.bot)
        return
    if not document.get("text") and not document.get("blocks"):
        raise SlackError("no_text")
    answer_in_channel(workspace, channel, url.user, {**document, "blocks": _blocks(document)})


def _flag(document: Obj, name: str) -> bool:
    """Read a flag: true, "true" or "1"."""
    return str(document.get(name) or "").lower() in {"true", "1"}


def _blocks(document: Obj) -> list[Obj] | None:
    """Read blocks, given as JSON or as JSON in a string.

    Raises:
        SlackError: invalid_blocks_format.
    """
    blocks = document.get("blocks")
    if isinstance(blocks, str):
        try:
            blocks = json.loads(blocks)
        except ValueError as error:
            raise SlackError("invalid_blocks_format") from error
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    return blocks


async def _bytes_of(request: web.Request) -> bytes:
    """Return the bytes of an upload: the body itself, or the one file of a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""
