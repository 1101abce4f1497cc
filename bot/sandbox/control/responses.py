"""response_urls: what the app sends there is shown where somebody clicked or typed a command; and files' bytes."""

from aiohttp import web

from bot.sandbox.blocks import Surface, check_blocks
from bot.sandbox.control.hands import answer_in_channel
from bot.sandbox.errors import SlackError
from bot.sandbox.journal import Direction, Journal
from bot.sandbox.state import passes, talk
from bot.sandbox.state.ids import FileId, Obj
from bot.sandbox.state.records import ResponseUrl
from bot.sandbox.state.talk import Change
from bot.sandbox.state.workspace import Workspace

NOT_FOUND = 404


class Responses:
    """Answers `/response/<token>`, `/upload/<token>` and `/files/<id>/<name>`."""

    def __init__(self, workspace: Workspace, journal: Journal) -> None:
        self._workspace = workspace
        self._journal = journal

    async def respond(self, request: web.Request) -> web.Response:
        """Take one answer at a response_url."""
        document = await request.json()
        entry = self._journal.begin(Direction.CALL, "response_url", document)
        try:
            self._apply(passes.use_response_url(self._workspace, request.match_info["token"]), document)
        except SlackError as error:
            body: Obj = {"ok": False, "error": error.code, **error.detail}
            self._journal.end(entry, status=NOT_FOUND, result=body)
            return web.json_response(body, status=NOT_FOUND)
        self._journal.end(entry, status=200, result={"ok": True})
        return web.Response(text="ok")

    def _apply(self, url: ResponseUrl, document: Obj) -> None:
        channel = self._workspace.channels[url.channel]
        origin = None
        if url.message_ts:
            origin = (channel.whispers if url.ephemeral else channel.messages).get(url.message_ts)
        if document.get("delete_original"):
            if origin is None:
                raise SlackError("message_not_found")
            talk.delete(self._workspace, channel, origin)
            return
        if document.get("replace_original") and origin is not None:
            blocks = document.get("blocks")
            if blocks is not None and (faults := check_blocks(blocks, surface=Surface.MESSAGE)):
                raise SlackError.with_messages("invalid_blocks", faults)
            text = str(document["text"]) if document.get("text") else None
            talk.change(self._workspace, channel, origin, Change(text=text, blocks=blocks), by=self._workspace.bot)
            return
        if not document.get("text") and not document.get("blocks"):
            raise SlackError("no_text")
        answer_in_channel(self._workspace, channel, url.user, document)

    async def upload(self, request: web.Request) -> web.Response:
        """Take a file's bytes at the address that files.getUploadURLExternal gave."""
        for file in self._workspace.files.values():
            if file.upload_token == request.match_info["token"]:
                file.content = await _bytes_of(request)
                return web.Response(text=f"OK - {len(file.content)}")
        raise web.HTTPNotFound

    async def content(self, request: web.Request) -> web.Response:
        """Give a file's bytes."""
        file = self._workspace.files.get(FileId(request.match_info["id"]))
        if file is None or file.content is None:
            raise web.HTTPNotFound
        # Never as a page of ours: a file may hold anything.
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=file.content, content_type=file.mimetype, headers=headers)


async def _bytes_of(request: web.Request) -> bytes:
    """Return the bytes of an upload: the body itself, or the one file of a multipart form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    for part in (await request.post()).values():
        if isinstance(part, web.FileField):
            return part.file.read()
    return b""
