"""Records of what is written beside the messages: canvases, messages that wait for their time, snoozes, install codes.

The acts are in canvases.py, schedule.py and installs.py.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.sandbox.state.ids import ChannelId, FileId, UserId

if TYPE_CHECKING:
    from bot.sandbox.state.talk import Draft


class Access(StrEnum):
    """What somebody may do with a canvas."""

    READ = "read"
    WRITE = "write"
    OWNER = "owner"


class SectionKind(StrEnum):
    """What a section of a canvas is; the value is what canvases.sections.lookup calls it."""

    H1 = "h1"
    H2 = "h2"
    H3 = "h3"
    TEXT = "text"


@dataclass(slots=True, kw_only=True)
class Section:
    """One part of a canvas: a heading or a paragraph, as Markdown."""

    id: str
    kind: SectionKind
    markdown: str


@dataclass(slots=True, kw_only=True)
class Canvas:
    """A canvas; `tab_of` is the channel in whose tab it stands."""

    id: FileId
    title: str
    creator: UserId
    created: int
    tab_of: ChannelId | None = None
    sections: list[Section] = field(default_factory=list)
    people: dict[UserId, Access] = field(default_factory=dict)
    channels: dict[ChannelId, Access] = field(default_factory=dict)
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A message that waits; `post_at` and `created` are seconds since 1970, `draft` is what will be said."""

    id: str
    channel: ChannelId
    by: UserId
    post_at: int
    created: int
    draft: "Draft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What an OAuth code stands for until it is exchanged: who installs the app, and which scopes they grant."""

    user: UserId
    scopes: frozenset[str]
    user_scopes: frozenset[str]
    redirect_uri: str
    expires: int
