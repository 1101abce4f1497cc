"""Canvases: written in sections, edited one change at a time, shared, in tabs of channels."""

from typing import Any

import pytest

from bot.sandbox.state.ids import ChannelId, FileId
from bot.sandbox.state.preferences import Plan
from tests.sandbox.caller import Answer, Caller

TEXT = "# Checkout\n\nIt is down.\n\n## Timeline\n09:00 paged\n\n- Ana looks\n- Bo too"


@pytest.fixture
def caller() -> Caller:
    return Caller()


def markdown(text: str) -> Answer:
    return {"type": "markdown", "markdown": text}


def written(caller: Caller, canvas: str) -> list[str]:
    return [section.markdown for section in caller.workspace.canvases[FileId(canvas)].sections]


def a_canvas(caller: Caller) -> str:
    return str(caller.do("canvases.create", title="Notes", document_content=markdown(TEXT))["canvas_id"])


def sections(caller: Caller, canvas: str, **criteria: object) -> list[str]:
    found = caller.do("canvases.sections.lookup", canvas_id=canvas, criteria=criteria)["sections"]
    return [section["id"] for section in found]


def test_a_canvas_is_kept_in_sections_that_can_be_found(caller: Caller) -> None:
    canvas = a_canvas(caller)

    assert written(caller, canvas) == [
        "# Checkout",
        "It is down.",
        "## Timeline",
        "09:00 paged",
        "- Ana looks\n- Bo too",
    ]
    assert len(sections(caller, canvas, section_types=["any_header"])) == 2
    assert len(sections(caller, canvas, section_types=["h2"], contains_text="timeline")) == 1
    assert sections(caller, canvas, contains_text="nowhere") == []


def test_each_operation_changes_what_it_says(caller: Caller) -> None:
    canvas = a_canvas(caller)

    def change(operation: str, section: str = "", **more: object) -> None:
        caller.do("canvases.edit", canvas_id=canvas, changes=[{"operation": operation, "section_id": section, **more}])

    (title,) = sections(caller, canvas, section_types=["h1"])
    (timeline,) = sections(caller, canvas, section_types=["h2"])
    change("insert_before", title, document_content=markdown("before"))
    change("insert_after", title, document_content=markdown("after"))
    change("insert_at_start", document_content=markdown("first"))
    change("insert_at_end", document_content=markdown("last"))
    change("replace", timeline, document_content=markdown("## What happened"))
    change("delete", title)
    change("rename", title_content=markdown("Postmortem"))

    assert written(caller, canvas) == [
        "first",
        "before",
        "after",
        "It is down.",
        "## What happened",
        "09:00 paged",
        "- Ana looks\n- Bo too",
        "last",
    ]
    assert caller.workspace.canvases[FileId(canvas)].title == "Postmortem"
    change("replace", document_content=markdown("all of it"))
    assert written(caller, canvas) == ["all of it"]


def test_one_change_is_made_in_a_call(caller: Caller) -> None:
    canvas = a_canvas(caller)
    insert = {"operation": "insert_at_end", "document_content": markdown("x")}

    assert caller.refused("canvases.edit", canvas_id=canvas, changes=[insert, insert]) == "invalid_arguments"
    assert caller.refused("canvases.edit", canvas_id=canvas, changes=[{"operation": "burn"}]) == "invalid_arguments"
    gone = {"operation": "delete", "section_id": "temp:C:nothing"}
    assert caller.refused("canvases.edit", canvas_id=canvas, changes=[gone]) == "canvas_editing_failed"


def test_a_channel_has_one_canvas_in_its_tab(caller: Caller) -> None:
    first = caller.do("conversations.canvases.create", channel_id="C0GENERAL")["canvas_id"]

    again = caller.refused("conversations.canvases.create", channel_id="C0GENERAL")
    assert again == "channel_canvas_already_exists"
    assert caller.workspace.channels[ChannelId("C0GENERAL")].canvas == first
    caller.do("canvases.delete", canvas_id=first)
    assert caller.do("conversations.canvases.create", channel_id="C0GENERAL")["canvas_id"] != first


def test_a_free_team_has_canvases_in_tabs_only(caller: Caller) -> None:
    caller.workspace.preferences.plan = Plan.FREE
    caller.do("canvases.create", channel_id="C0GENERAL")

    assert caller.refused("canvases.create") == "free_teams_cannot_create_non_tabbed_canvases"
    again = caller.refused("conversations.canvases.create", channel_id="C0GENERAL")
    assert again == "free_team_canvas_tab_already_exists"


def test_a_deleted_canvas_is_gone(caller: Caller) -> None:
    canvas = a_canvas(caller)
    caller.do("canvases.delete", canvas_id=canvas)

    assert caller.refused("canvases.delete", canvas_id=canvas) == "canvas_not_found"
    lookup = caller.refused("canvases.sections.lookup", canvas_id=canvas, criteria={"contains_text": "x"})
    assert lookup == "canvas_deleted"
    assert caller.refused("canvases.edit", canvas_id="F0", changes=[{}]) == "canvas_not_found"


def test_access_is_given_to_people_or_channels_but_not_to_both_at_once(caller: Caller) -> None:
    canvas = a_canvas(caller)

    def share(**whom: Any) -> str:
        return caller.refused("canvases.access.set", canvas_id=canvas, access_level="read", **whom)

    caller.do("canvases.access.set", canvas_id=canvas, access_level="write", channel_ids=["C0GENERAL"])
    assert share() == "invalid_parameters"
    assert share(user_ids=["U0ANA"], channel_ids=["C0GENERAL"]) == "invalid_parameters"
    assert share(user_ids=["U0NOBODY"]) == "user_not_found"
    assert share(channel_ids=["C0NOWHERE"]) == "channel_not_found"


def test_who_may_only_read_may_not_change(caller: Caller) -> None:
    canvas = a_canvas(caller)
    caller.do("canvases.access.set", canvas_id=canvas, access_level="read", user_ids=["U0MUSTER"])

    assert caller.refused("canvases.delete", canvas_id=canvas) == "restricted_action"
    caller.workspace.canvases[FileId(canvas)].people.clear()
    assert caller.refused("canvases.delete", canvas_id=canvas) == "canvas_not_found"


def test_content_is_markdown(caller: Caller) -> None:
    answer = caller.ask("canvases.create", document_content={"type": "html", "html": "<b>"})

    assert (answer["error"], "markdown" in answer["detail"]) == ("canvas_creation_failed", True)


def test_a_channel_tells_which_canvas_it_has_and_the_canvas_where_it_is(caller: Caller) -> None:
    assert "properties" not in caller.do("conversations.info", channel="C0GENERAL")["channel"]
    canvas = caller.do("conversations.canvases.create", channel_id="C0GENERAL", title="Notes")["canvas_id"]
    properties = caller.do("conversations.info", channel="C0GENERAL")["channel"]["properties"]
    file = caller.do("files.info", file=canvas)["file"]

    assert (properties["canvas"]["file_id"], properties["canvas"]["is_empty"]) == (canvas, True)
    assert (file["title"], file["permalink"]) == ("Notes", f"https://northwind.slack.com/docs/T0SANDBOX/{canvas}")
    caller.do("canvases.delete", canvas_id=canvas)
    assert caller.refused("files.info", file=canvas) == "file_deleted"
    assert "properties" not in caller.do("conversations.info", channel="C0GENERAL")["channel"]
