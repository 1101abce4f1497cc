"""What of a message Slack reads as mrkdwn: its text when it has no blocks, and the mrkdwn texts of its blocks.

https://docs.slack.dev/messaging/formatting-message-text
"""

from collections.abc import Iterator


def markup_of(text: str, blocks: object) -> str:
    """Return all markup of a message, a line each; the text of a message with blocks is its notification."""
    return "\n".join([text, *_within(blocks)])


def _within(part: object) -> Iterator[str]:
    if isinstance(part, list | tuple):
        for one in part:
            yield from _within(one)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield str(part.get("text", ""))
        for one in part.values():
            yield from _within(one)
