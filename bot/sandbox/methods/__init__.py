"""The Web API: `HANDLERS` maps every method to its handler.

A new family is one module, one line here, and rows in facts.py.
"""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.methods.bookmarks import BOOKMARKS
from bot.sandbox.methods.call import Call, Handler, missing_scope
from bot.sandbox.methods.canvases import CANVASES
from bot.sandbox.methods.chat import CHAT
from bot.sandbox.methods.chat_extras import CHAT_EXTRAS
from bot.sandbox.methods.conversation_reads import CONVERSATION_READS
from bot.sandbox.methods.conversations import CONVERSATIONS
from bot.sandbox.methods.files import FILES
from bot.sandbox.methods.installs import INSTALLS
from bot.sandbox.methods.marks import MARKS
from bot.sandbox.methods.names import refusal
from bot.sandbox.methods.people import PEOPLE
from bot.sandbox.methods.presence import PRESENCE
from bot.sandbox.methods.schedule import SCHEDULE
from bot.sandbox.methods.team import TEAM
from bot.sandbox.methods.usergroups import USERGROUPS
from bot.sandbox.methods.views import VIEWS

HANDLERS: Final[Mapping[str, Handler]] = {
    **BOOKMARKS,
    **CANVASES,
    **CHAT,
    **CHAT_EXTRAS,
    **CONVERSATIONS,
    **CONVERSATION_READS,
    **FILES,
    **INSTALLS,
    **MARKS,
    **PEOPLE,
    **PRESENCE,
    **SCHEDULE,
    **TEAM,
    **USERGROUPS,
    **VIEWS,
}

__all__ = ["HANDLERS", "Call", "Handler", "missing_scope", "refusal"]
