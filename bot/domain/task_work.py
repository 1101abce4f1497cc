"""What is done about what is to do for an incident: the part of work.py that tasks.py puts."""

from bot.domain.action_items import AwaitAction, RemindAction, ShowAction
from bot.domain.checklists import ShowRunbook

TaskWork = ShowAction | RemindAction | AwaitAction | ShowRunbook
