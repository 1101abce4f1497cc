"""Files: uploaded in three steps, listed, shared with channels and people, deleted by who uploaded them."""

from typing import Any

import pytest

from bot.sandbox.state.ids import FileId
from tests.sandbox.caller import Caller

GENERAL = "C0GENERAL"


@pytest.fixture
def caller() -> Caller:
    return Caller()


def uploaded(caller: Caller, name: str = "notes.txt") -> str:
    file = caller.do("files.getUploadURLExternal", filename=name, length=2)["file_id"]
    caller.workspace.files[FileId(file)].content = b"hi"
    return str(file)


def complete(caller: Caller, *files: str, **more: Any) -> Any:
    return caller.do("files.completeUploadExternal", files=[{"id": file} for file in files], **more)["files"]


def test_a_file_is_private_until_it_is_shared(caller: Caller) -> None:
    file = uploaded(caller)
    assert caller.refused("files.info", file=file) == "file_not_found"
    with caller.heard("file_created") as created, caller.heard("file_shared") as shared:
        complete(caller, file)
        complete(caller, file, channel_id=GENERAL, initial_comment="Here")

    assert (len(created), [one["channel_id"] for one in shared]) == (1, [GENERAL])
    message = caller.do("conversations.history", channel=GENERAL)["messages"][0]
    assert (message["subtype"], message["text"], message["files"][0]["id"]) == ("file_share", "Here", file)


def test_two_files_go_to_two_places_in_one_message_each(caller: Caller) -> None:
    files = complete(caller, uploaded(caller, "a.txt"), uploaded(caller, "b.png"), channels=f"{GENERAL},U0ANA")
    direct = caller.do("conversations.open", users="U0ANA")["channel"]["id"]

    assert [one["title"] for one in files] == ["a.txt", "b.png"]
    for channel in (GENERAL, direct):
        newest = caller.do("conversations.history", channel=channel)["messages"][0]
        assert [one["name"] for one in newest["files"]] == ["a.txt", "b.png"]


def test_files_are_listed_by_who_where_and_what(caller: Caller) -> None:
    complete(caller, uploaded(caller, "a.txt"), channel_id=GENERAL)
    complete(caller, uploaded(caller, "b.png"))

    def listed(**narrow: Any) -> list[str]:
        return [one["name"] for one in caller.do("files.list", **narrow)["files"]]

    assert listed() == ["b.png", "a.txt"]
    assert listed(channel=GENERAL) == ["a.txt"]
    assert listed(types="images") == ["b.png"]
    assert listed(user="U0ANA") == []
    assert listed(ts_from=caller.workspace.make.seconds() + 1) == []
    assert caller.do("files.list", count=1, page=2)["paging"] == {"count": 1, "total": 2, "page": 2, "pages": 2}
    assert caller.refused("files.list", types="holograms") == "unknown_type"
    assert caller.refused("files.list", user="U0NOBODY") == "user_not_found"


def test_a_deleted_file_leaves_the_message(caller: Caller) -> None:
    file = uploaded(caller)
    complete(caller, file, channel_id=GENERAL, initial_comment="Here")
    with caller.heard("file_deleted") as told:
        caller.do("files.delete", file=file)

    assert [one["channel_ids"] for one in told] == [[GENERAL]]
    assert "files" not in caller.do("conversations.history", channel=GENERAL)["messages"][0]
    assert caller.refused("files.delete", file=file) == "file_deleted"
    assert caller.refused("files.info", file=file) == "file_deleted"
    assert caller.do("files.list")["files"] == []
    assert caller.refused("files.completeUploadExternal", files=[{"id": file}]) == "file_not_found"


def test_people_delete_their_own_files_only(caller: Caller) -> None:
    file = uploaded(caller)
    complete(caller, file)
    caller.workspace.files[FileId(file)].user = next(iter(caller.workspace.people))

    assert caller.refused("files.delete", file=file) == "cant_delete_file"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"length": 0}, "missing_argument"),
        ({"length": 1_000_000_001}, "file_upload_size_restricted"),
        ({"alt_txt": "x" * 1_001}, "alt_txt_too_large"),
    ],
)
def test_an_upload_says_what_it_is(caller: Caller, asked: dict[str, Any], code: str) -> None:
    assert caller.refused("files.getUploadURLExternal", **{"filename": "a.txt", "length": 1, **asked}) == code


def test_a_file_goes_only_where_the_app_may_write(caller: Caller) -> None:
    file = uploaded(caller)
    archived = caller.do("conversations.create", name="inc-1")["channel"]["id"]
    caller.do("conversations.archive", channel=archived)

    def share(**where: Any) -> str:
        return caller.refused("files.completeUploadExternal", files=[{"id": file}], **where)

    assert share(channel_id="C0NOWHERE") == "channel_not_found"
    assert share(channel_id=archived) == "not_in_channel", "archiving puts the app out"
    assert share(channels=",".join(f"C{number}" for number in range(101))) == "channels_limit_exceeded"
    assert share(channel_id=GENERAL, thread_ts="1.000000") == "thread_not_found"
    assert share(channel_id=GENERAL, blocks="{") == "invalid_blocks"


def test_a_file_tells_where_it_was_shared(caller: Caller) -> None:
    private = caller.do("conversations.create", name="secret", is_private=True)["channel"]["id"]
    file = uploaded(caller)
    assert complete(caller, file)[0]["is_public"] is False
    (shared,) = complete(caller, file, channels=f"{GENERAL},{private},U0ANA")
    direct = caller.do("conversations.open", users="U0ANA")["channel"]["id"]

    assert (shared["channels"], shared["groups"], shared["ims"]) == ([GENERAL], [private], [direct])
    assert (set(shared["shares"]["public"]), set(shared["shares"]["private"])) == ({GENERAL}, {private, direct})
    assert shared["is_public"] is True
