"""What is asked about what is to do for an incident, and what belongs to it: the table of who answers it."""

from bot.domain import following_up, linking, ticking, undoing
from bot.domain.draft import Draft
from bot.domain.task_commands import ChecklistCommand, LinkCommand, TaskCommand, UndoChange


def decide(draft: Draft, command: TaskCommand) -> None:
    """Answer what is asked."""
    if isinstance(command, LinkCommand):
        linking.decide(draft, command)
    elif isinstance(command, ChecklistCommand):
        ticking.decide(draft, command)
    elif isinstance(command, UndoChange):
        undoing.undo(draft, command)
    else:
        following_up.decide(draft, command)
