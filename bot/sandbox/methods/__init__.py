"""The Web API: `HANDLERS` maps every method to its handler.

A new family is one module, one line here, and rows in facts.py.
"""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.methods.bookmarks import BOOKMARKS
from bot.sandbox.methods.call import Call, Handler, missing_scope
from bot.sandbox.methods.chat import CHAT
from bot.sandbox.methods.conversation_reads import CONVERSATION_READS
from bot.sandbox.methods.conversations import CONVERSATIONS
from bot.sandbox.methods.files import FILES
from bot.sandbox.methods.marks import MARKS
from bot.sandbox.methods.people import PEOPLE
from bot.sandbox.methods.team import TEAM
from bot.sandbox.methods.views import VIEWS

HANDLERS: Final[Mapping[str, Handler]] = {
    **BOOKMARKS,
    **CHAT,
    **CONVERSATIONS,
    **CONVERSATION_READS,
    **FILES,
    **MARKS,
    **PEOPLE,
    **TEAM,
    **VIEWS,
}

__all__ = ["HANDLERS", "Call", "Handler", "missing_scope"]
