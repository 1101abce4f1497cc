"""Acts on canvases: create, edit section by section, delete, share.

Source: https://docs.slack.dev/reference/methods/canvases.edit (the operations; one in a call).
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, assert_never

from bot.sandbox.errors import SlackError
from bot.sandbox.state.ids import FileId, UserId
from bot.sandbox.state.papers import Access, Canvas, Section, SectionKind
from bot.sandbox.state.preferences import Plan
from bot.sandbox.state.records import Channel
from bot.sandbox.state.workspace import Workspace

UNTITLED: Final = "Untitled"
_HEADING: Final = re.compile(r"(#{1,3}) +(.+)")
_HEADINGS: Final[Mapping[int, SectionKind]] = {1: SectionKind.H1, 2: SectionKind.H2, 3: SectionKind.H3}


class Operation(StrEnum):
    """What one change does to a canvas."""

    INSERT_AFTER = "insert_after"
    INSERT_BEFORE = "insert_before"
    INSERT_AT_START = "insert_at_start"
    INSERT_AT_END = "insert_at_end"
    REPLACE = "replace"
    DELETE = "delete"
    RENAME = "rename"


def _sections(workspace: Workspace, markdown: str) -> list[Section]:
    """Split Markdown into sections: each heading is one, and each paragraph, list or table between blank lines."""
    sections: list[Section] = []
    for part in re.split(r"\n\s*\n", markdown.strip()):
        text: list[str] = []
        for line in part.splitlines():
            if heading := _HEADING.fullmatch(line.strip()):
                _add(workspace, sections, SectionKind.TEXT, "\n".join(text))
                text = []
                _add(workspace, sections, _HEADINGS[len(heading[1])], line.strip())
            else:
                text.append(line)
        _add(workspace, sections, SectionKind.TEXT, "\n".join(text))
    return sections


def _add(workspace: Workspace, sections: list[Section], kind: SectionKind, markdown: str) -> None:
    if markdown.strip():
        sections.append(Section(id=f"temp:C:{workspace.make.token(28)}", kind=kind, markdown=markdown))


def create(workspace: Workspace, *, title: str, markdown: str, by: UserId) -> Canvas:
    """Create a canvas on its own.

    Raises:
        SlackError: free_teams_cannot_create_non_tabbed_canvases.
    """
    if workspace.preferences.plan is Plan.FREE:
        raise SlackError("free_teams_cannot_create_non_tabbed_canvases")
    return _written(workspace, title=title, markdown=markdown, by=by)


def create_tab(workspace: Workspace, channel: Channel, *, title: str, markdown: str, by: UserId) -> Canvas:
    """Create a canvas in a channel's tab; it has none yet."""
    canvas = _written(workspace, title=title, markdown=markdown, by=by)
    canvas.tab_of, channel.canvas = channel.id, canvas.id
    canvas.channels[channel.id] = Access.WRITE
    return canvas


def _written(workspace: Workspace, *, title: str, markdown: str, by: UserId) -> Canvas:
    canvas = Canvas(
        id=FileId(workspace.make.id("F")),
        title=title or UNTITLED,
        creator=by,
        created=workspace.make.seconds(),
        sections=_sections(workspace, markdown),
        people={by: Access.OWNER},
    )
    workspace.canvases[canvas.id] = canvas
    workspace.changed()
    return canvas


def find(workspace: Workspace, canvas_id: str, *, seen_by: UserId) -> Canvas:
    """Return a canvas that this person may at least read.

    Raises:
        SlackError: canvas_not_found.
    """
    found = workspace.canvases.get(FileId(canvas_id))
    if found is None or found.deleted or access_of(workspace, found, seen_by) is None:
        raise SlackError("canvas_not_found")
    return found


def access_of(workspace: Workspace, canvas: Canvas, user: UserId) -> Access | None:
    """Return what somebody may do with a canvas, by themselves or as member of a channel; None for nothing."""
    levels = {canvas.people.get(user)}
    levels |= {level for channel, level in canvas.channels.items() if user in workspace.channels[channel].members}
    return next((level for level in (Access.OWNER, Access.WRITE, Access.READ) if level in levels), None)


def require_write(workspace: Workspace, canvas: Canvas, user: UserId) -> None:
    """Refuse those who may only read."""
    if access_of(workspace, canvas, user) is Access.READ:
        raise SlackError("restricted_action")


def _place(canvas: Canvas, section: str) -> int:
    for at, one in enumerate(canvas.sections):
        if one.id == section:
            return at
    raise SlackError("canvas_editing_failed", detail={"detail": f"There is no section {section!r}."})


def edit(workspace: Workspace, canvas: Canvas, operation: Operation, *, section: str, markdown: str) -> None:
    """Make one change.

    Raises:
        SlackError: canvas_editing_failed for a section that is not there, free_teams_cannot_edit_standalone_canvases.
    """
    if canvas.tab_of is None and workspace.preferences.plan is Plan.FREE:
        raise SlackError("free_teams_cannot_edit_standalone_canvases")
    fresh = _sections(workspace, markdown) if operation is not Operation.RENAME else []
    match operation:
        case Operation.INSERT_AT_START:
            canvas.sections[0:0] = fresh
        case Operation.INSERT_AT_END:
            canvas.sections += fresh
        case Operation.INSERT_BEFORE:
            at = _place(canvas, section)
            canvas.sections[at:at] = fresh
        case Operation.INSERT_AFTER:
            at = _place(canvas, section) + 1
            canvas.sections[at:at] = fresh
        case Operation.REPLACE:
            if section:
                at = _place(canvas, section)
                canvas.sections[at : at + 1] = fresh
            else:
                canvas.sections = fresh
        case Operation.DELETE:
            del canvas.sections[_place(canvas, section)]
        case Operation.RENAME:
            canvas.title = markdown or UNTITLED
        case other:
            assert_never(other)
    workspace.changed()


def delete(workspace: Workspace, canvas: Canvas) -> None:
    """Delete a canvas; a channel whose tab it was may get a new one."""
    canvas.deleted = True
    if canvas.tab_of is not None:
        workspace.channels[canvas.tab_of].canvas = None
    workspace.changed()


def lookup(canvas: Canvas, *, kinds: Sequence[str], text: str) -> list[Section]:
    """Return the sections of those types (any_header, h1, h2, h3) that contain the text; neither limits nothing."""
    wanted = set(kinds)
    if "any_header" in wanted:
        wanted |= {SectionKind.H1, SectionKind.H2, SectionKind.H3}
    return [
        one
        for one in canvas.sections
        if (not wanted or one.kind in wanted) and text.casefold() in one.markdown.casefold()
    ]
