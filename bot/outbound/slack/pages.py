"""Slack's answers that come in pages: the end is where there is no cursor, not where a page is short or empty.

See https://docs.slack.dev/apis/web-api/pagination.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.ids import MessageTs
from bot.outbound.slack.line import Line
from bot.outbound.slack.port import MessageGone, Page, Written
from bot.outbound.slack.shapes import written

Ask = Callable[..., Awaitable[AsyncSlackResponse]]


async def pages(line: Line, method: str, ask: Ask) -> AsyncIterator[AsyncSlackResponse]:
    """Yield page after page of what `ask` asks for."""
    cursor = ""
    while True:
        page = await line.read(method, partial(ask, cursor=cursor or None))
        yield page
        if not (cursor := _cursor(page)):
            return


async def first_page(line: Line, method: str, ask: Ask, *, without: MessageTs | None = None) -> Page:
    """Return the first page of messages that is not empty; `without` a message that Slack puts on every page."""
    async for page in pages(line, method, ask):
        found = [one for one in page["messages"] or [] if one.get("ts") and one["ts"] != without]
        if found:
            return Page(messages=tuple(map(written, found)), more=bool(page.get("has_more") or _cursor(page)))
    return Page(messages=(), more=False)


async def one_of_a_page(line: Line, method: str, ask: Ask, ts: MessageTs) -> Written:
    """Return the message of this ts; what is asked for an answer may put the message before it that it answers.

    Raises:
        MessageGone: it is not there.
    """
    page = await first_page(line, method, ask)
    found = next((one for one in page.messages if one.ts == ts), None)
    if found is None:
        raise MessageGone("Slack: the message was deleted")
    return found


def _cursor(page: AsyncSlackResponse) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")
