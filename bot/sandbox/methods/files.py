"""files.*: the three steps of an upload (address, bytes, completion), and looking one up."""

from collections.abc import Mapping
from mimetypes import guess_type
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.chat import read_blocks
from bot.sandbox.state import rooms, talk
from bot.sandbox.state.ids import ChannelId, FileId, Obj, Ts
from bot.sandbox.state.records import File
from bot.sandbox.state.shapes import file_shape
from bot.sandbox.state.talk import Draft


def get_upload_url(call: Call) -> Obj:
    """Answer files.getUploadURLExternal."""
    name = call.args.text("filename")
    make = call.workspace.make
    file = File(
        id=FileId(make.id("F")),
        name=name,
        length=call.args.number("length", 0),
        upload_token=make.token(32),
        created=make.seconds(),
        user=call.me,
        alt_text=call.args.text("alt_txt"),
        mimetype=guess_type(name)[0] or "text/plain",
    )
    call.workspace.files[file.id] = file
    return {"upload_url": f"{call.workspace.base_url}/upload/{file.upload_token}", "file_id": file.id}


def complete_upload(call: Call) -> Obj:
    """Answer files.completeUploadExternal: the step that makes files visible."""
    wanted = call.args.objects("files", broken="invalid_arguments") or []
    files = [_uploaded(call, one) for one in wanted]
    names = [*call.args.names("channels"), *call.args.names("channel_id")]
    channels = [call.workspace.channel(ChannelId(one), seen_by=call.me) for one in names]
    for channel in channels:
        rooms.require_member(channel, call.me)
        rooms.require_open(channel)
    blocks = read_blocks(call.args)
    for file, one in zip(files, wanted, strict=True):
        file.completed = True
        file.title = str(one.get("title") or file.name)
    for channel in channels:
        draft = Draft(
            text=call.args.text("initial_comment"),
            blocks=blocks or [],
            files=[file.id for file in files],
            thread_ts=Ts(call.args.text("thread_ts")) if call.args.text("thread_ts") else None,
        )
        talk.post(call.workspace, channel, call.me, draft)
    call.workspace.changed()
    return {"files": [file_shape(call.workspace, file) for file in files]}


def _uploaded(call: Call, wanted: Obj) -> File:
    file = call.workspace.files.get(FileId(str(wanted.get("id"))))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return file


def info(call: Call) -> Obj:
    """Answer files.info."""
    file = call.workspace.files.get(FileId(call.args.text("file")))
    if file is None or not file.completed:
        raise SlackError("file_not_found")
    return {"file": file_shape(call.workspace, file), "comments": [], "response_metadata": {"next_cursor": ""}}


FILES: Final[Mapping[str, Handler]] = {
    "files.completeUploadExternal": complete_upload,
    "files.getUploadURLExternal": get_upload_url,
    "files.info": info,
}
