"""What Muster may ask of Slack. Performers know this shape only; the real one and the tests' fake keep its contract.

Every method may raise TryLater, Undeliverable and, when it changes something, Uncertain (bot/errors.py). A method that
only reads, or makes what nobody sees, never raises Uncertain: calling it again is always safe.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NewType, Protocol

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.permissions import Account
from bot.engine.jobs import Posted
from bot.errors import TryLater, Undeliverable
from bot.views.blocks import Block, Message

FileId = NewType("FileId", str)
ViewId = NewType("ViewId", str)

# How far ahead of Slack's our clock may be: what Slack has is looked for so much further back.
SKEW: Final = timedelta(hours=1)


class NameTaken(Undeliverable):
    """A channel of this name exists already (Slack's name_taken)."""


class ChannelGone(Undeliverable):
    """The channel was deleted or archived, or we may not see it."""


class NotInChannel(TryLater):
    """Nobody has invited us into the channel, or somebody has taken us out of it."""


class MessageGone(Undeliverable):
    """The message was deleted."""


class BlocksRefused(Undeliverable):
    """Slack does not take these blocks; a picture that it cannot fetch is one reason. Nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who we are in Slack (auth.test), and what our token may do."""

    user: UserId
    bot: str
    team: str
    team_name: str
    url: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel; `member`: Slack says that we are in it."""

    id: ChannelId
    name: str
    creator: UserId
    archived: bool = False
    private: bool = False
    member: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in a channel's bookmarks bar."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What somebody is called, and the time zone that they live by (a name of the IANA's; "" where it is not known).

    `account` tells whether they are a member of this workspace like others.
    """

    name: str
    zone: str = ""
    account: Account = field(default_factory=Account)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedView:
    """A form that a person sees; `hash` names its revision."""

    id: ViewId
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message as it stands in a channel; `raw` is Slack's own JSON of it.

    `thread` is the root of the thread that it belongs to, itself when it was answered; `newest_answer` is when that
    thread was last answered, as far as the message tells.
    """

    ts: MessageTs
    raw: Mapping[str, object]
    thread: MessageTs | None = None
    newest_answer: MessageTs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """At most 200 messages; `more` tells that there are others beyond the last."""

    messages: tuple[Written, ...]
    more: bool


class Slack(Protocol):
    """Slack, one method for each thing that Muster does there."""

    async def whoami(self) -> Identity:
        """Return who we are; asked once, then remembered."""

    async def my_channels(self) -> tuple[Room, ...]:
        """Return the channels that we are in and that are not archived."""

    async def open_channel(self, name: str, *, private: bool = False) -> Room:
        """Make a channel, public or private. Not repeat-safe: after an unknown outcome look with `find_channel`.

        Raises:
            NameTaken: there is one of this name, ours or somebody else's, perhaps archived.
        """

    async def find_channel(self, name: str) -> Room | None:
        """Return the channel of this name that we made ourselves, archived or not; never a stranger's."""

    async def room(self, channel: ChannelId) -> Room:
        """Return a channel that everybody sees, or that we are in; ChannelGone for any other."""

    async def join(self, channel: ChannelId) -> None:
        """Come into a public channel; where we are in already it is fine."""

    async def members(self, channel: ChannelId) -> tuple[UserId, ...]:
        """Return who is in a channel."""

    async def post(
        self, channel: ChannelId, message: Message, marker: str, *, thread: MessageTs | None = None
    ) -> Posted:
        """Post a message that carries `marker`. Not repeat-safe: after an unknown outcome look with `find_post`."""

    async def find_post(
        self, channel: ChannelId, marker: str, since: datetime, *, thread: MessageTs | None = None
    ) -> Posted | None:
        """Return our message with this marker that was posted not earlier than `SKEW` before `since`."""

    async def history(self, channel: ChannelId, *, before: MessageTs, after: MessageTs | None = None) -> Page:
        """Return what stands in a channel between two moments (both excluded), by anybody, the newest first.

        Answers are left out, except those that are shown in the channel too. An archived channel can be read.
        """

    async def replies(self, channel: ChannelId, thread: MessageTs, *, after: MessageTs) -> Page:
        """Return the answers of a thread after a moment, the oldest first, without the message that they answer.

        Raises:
            MessageGone: there is no such thread any more.
        """

    async def message(self, channel: ChannelId, ts: MessageTs) -> Written:
        """Return one message, in the channel or in a thread, as it stands now.

        Raises:
            MessageGone: there is no such message any more.
        """

    async def update(self, channel: ChannelId, ts: MessageTs, message: Message) -> None:
        """Replace what a message of ours says. Repeat-safe.

        Raises:
            MessageGone: it was deleted.
        """

    async def take_out(self, channel: ChannelId, ts: MessageTs) -> None:
        """Take out a message of ours, or the line in which Slack tells that we set the topic. Repeat-safe.

        Raises:
            MessageGone: it was taken out before.
        """

    async def invite(self, channel: ChannelId, users: Sequence[UserId]) -> Mapping[UserId, str]:
        """Bring people in; return a sentence for each who could not be. Who is in already is fine. Repeat-safe."""

    async def set_topic(self, channel: ChannelId, topic: str) -> None:
        """Write the channel's topic (at most 250 characters). Repeat-safe."""

    async def archive(self, channel: ChannelId) -> None:
        """Archive a channel. Repeat-safe: one that is archived, or that people took us out of, stays as it is."""

    async def bookmarks(self, channel: ChannelId) -> tuple[Link, ...]:
        """Return the links in the bookmarks bar."""

    async def add_bookmark(self, channel: ChannelId, link: Link) -> None:
        """Add a link to the bookmarks bar. Not repeat-safe: look with `bookmarks`."""

    async def direct_channel(self, user: UserId) -> ChannelId:
        """Return the direct conversation with somebody; it is opened when there is none. Repeat-safe."""

    async def upload_file(self, filename: str, content: bytes) -> FileId:
        """Bring a file to Slack, where nobody sees it yet. Repeat-safe."""

    async def share_file(self, channel: ChannelId, file: FileId, *, title: str, comment: str) -> None:
        """Show an uploaded file in a channel. Not repeat-safe: after an unknown outcome look with `find_file`."""

    async def find_file(self, channel: ChannelId, filename: str, since: datetime) -> Posted | None:
        """Return our message that shares a file of this name, not earlier than `SKEW` before `since`."""

    async def open_view(self, trigger_id: str, view: Block) -> OpenedView:
        """Open a form for the person who pressed; a trigger lives three seconds and works once."""

    async def update_view(self, view_id: ViewId, view: Block, *, revision: str | None = None) -> OpenedView:
        """Replace an open form, only when it still is at `revision`, when one is given."""

    async def publish_home(self, user: UserId, view: Block) -> None:
        """Show somebody a Home tab in place of the one before, whatever that was. Repeat-safe."""

    async def person(self, user: UserId) -> Person:
        """Return who somebody is; remembered for a while."""

    async def user_by_email(self, email: str) -> UserId | None:
        """Return whose e-mail address this is; remembered for a while."""

    async def group_members(self, group: str) -> tuple[UserId, ...]:
        """Return who is in a user group now."""

    async def respond(self, response_url: str, message: Message, *, replace: bool = False) -> None:
        """Answer a command or a click for one person's eyes, 5 times in 30 minutes; `replace` what was clicked on."""
