"""What a workspace's plan and its admins allow; everything is allowed at first. Tests and drills change it.

Sources: the errors of https://docs.slack.dev/reference/methods/usergroups.create, conversations.canvases.create,
canvases.create, conversations.create and chat.postMessage.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.sandbox.errors import SlackError


class Plan(StrEnum):
    """What the workspace pays for: user groups and canvases outside of channels are not free."""

    FREE = "free"
    PAID = "paid"


@dataclass(slots=True, kw_only=True)
class Preferences:
    """The switches.

    `..._by_all` says whether everybody, apps too, may change user groups, create channels and invite guests, or admins
    only. `messages_left` is what a free team may still post; None means without limit.
    """

    plan: Plan = Plan.PAID
    usergroups_by_all: bool = True
    channels_by_all: bool = True
    guests_by_all: bool = True
    messages_left: int | None = None

    def spend_message(self) -> None:
        """Count one message.

        Raises:
            SlackError: message_limit_exceeded.
        """
        if self.messages_left is None:
            return
        if self.messages_left <= 0:
            raise SlackError("message_limit_exceeded")
        self.messages_left -= 1
