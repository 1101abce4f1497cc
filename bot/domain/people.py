"""What is asked about an incident's people: the table of who answers it, and what follows for them from the rest."""

from typing import assert_never

from bot.domain import acknowledging, calling, noticing, roles
from bot.domain.draft import Draft
from bot.domain.people_commands import (
    AcknowledgementDue,
    AnswerHandover,
    CallPeople,
    ConfirmCall,
    Escalate,
    HandoverOverdue,
    Invite,
    NoticeGone,
    NoticePause,
    NoticeReturn,
    PeopleCommand,
    StructureDue,
    TickDuties,
    WithdrawHandover,
)


def decide(draft: Draft, command: PeopleCommand) -> None:
    """Answer what is asked about an incident's people."""
    match command:
        case AnswerHandover() | WithdrawHandover() | HandoverOverdue() | TickDuties():
            roles.decide(draft, command)
        case NoticeGone() | NoticeReturn() | NoticePause() | StructureDue():
            noticing.decide(draft, command)
        case AcknowledgementDue():
            acknowledging.review(draft)
        case CallPeople() | Escalate() | Invite() | ConfirmCall():
            calling.decide(draft, command)
        case _:
            assert_never(command)


def follow(draft: Draft) -> None:
    """Do what follows for people from whatever was decided."""
    noticing.follow(draft)
    acknowledging.follow(draft)
    calling.follow(draft)
    roles.follow(draft)
