"""What can happen to what is to do for an incident: the part of events.py that tasks.py decides."""

from bot.domain.action_items import ActionEvent
from bot.domain.checklists import ChecklistEvent
from bot.domain.links import LinkEvent
from bot.domain.undone import ChangeUndone

TaskEvent = ActionEvent | LinkEvent | ChecklistEvent | ChangeUndone
