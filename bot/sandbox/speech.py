"""What people type, as Slack passes it on: & < > escaped, @ana and #general and addresses turned into references.

Source: https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from typing import Final

from bot.sandbox.state.workspace import Workspace

_WORD: Final = re.compile(
    r"(?P<url>https?://[^\s<>|]+)|@(?P<person>[a-z0-9][a-z0-9_-]*)|#(?P<channel>[a-z0-9][a-z0-9_-]*)"
)


def escape(text: str) -> str:
    """Escape the three characters that carry meaning in Slack's text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def spoken(workspace: Workspace, text: str, *, in_command: bool = False) -> str:
    """Return typed text as the app receives it; in commands (should_escape) people's names come along too."""
    people = {person.name: person for person in workspace.people.values()}

    def refer(found: re.Match[str]) -> str:
        if found["url"]:
            return f"<{found['url']}>"
        if found["person"] and (person := people.get(found["person"])):
            return f"<@{person.id}|{person.name}>" if in_command else f"<@{person.id}>"
        if found["channel"] and (channel := workspace.channel_named(found["channel"])):
            return f"<#{channel.id}|{channel.name}>"
        return found[0]

    return _WORD.sub(refer, escape(text))
