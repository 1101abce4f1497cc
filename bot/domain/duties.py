"""What each role asks of its holder, as a checklist.

The duties follow the Incident Command System as operations teams use it:
https://response.pagerduty.com/before/different_roles/ and https://sre.google/workbook/incident-response/.
"""

from collections.abc import Mapping
from typing import Final

from bot.domain.policy import Policy
from bot.domain.roles_model import AnyRole, Role

DUTIES: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.COMMANDER: (
        "You decide, and you hand out work. You do not fix things yourself.",
        "Ask what is broken, for whom, and since when; set the severity to match.",
        "Stop the damage first, look for causes later.",
        "Give every task to one person, with a time to report back.",
        "Fill the other roles as soon as it takes more than a few people.",
        "Before you go, hand over command in the channel, by name.",
    ),
    Role.OPERATIONS: (
        "You lead the work on the systems; changes are made by you or with your word.",
        "Start from the runbook; say in the channel what you are about to do, before you do it.",
        "Prefer what can be undone: roll back, switch off, move traffic, add capacity.",
        "Tell the commander what you found, what you tried and what it did.",
        "Say when numbers are back to normal, and watch them for 15 minutes.",
    ),
    Role.COMMUNICATIONS: (
        "You tell everybody else how it stands, so that nobody has to ask those who work on it.",
        "Keep the time of the next update, even when nothing is new.",
        "Say what is affected, what is being done, and when the next update comes.",
        "Write for people who do not know the system; do not guess at causes or at an end.",
        "Keep customers, support and the status page informed where they are affected.",
    ),
    Role.PLANNING: (
        "You think further ahead than the people at work: what if this takes hours?",
        "Arrange relief and shifts before anybody is tired.",
        "Keep a list of what is put off: follow-up work, temporary changes to undo.",
        "Find the people and the access that will be needed next.",
        "Prepare the review: make sure that every action item gets an owner and a date.",
    ),
    Role.SCRIBE: (
        "You keep the record: decisions, their reasons, and who does what.",
        "What is written in the channel is on the timeline by itself; write there what was said on a call.",
        "Note the time of every change to a system, and what it did.",
        "Write what happened, not who is to blame.",
        "Read the postmortem draft and fill the gaps while memories are fresh.",
    ),
}


def duties_of(role: AnyRole, policy: Policy) -> tuple[str, ...]:
    """Return what a role asks; of one that is not configured any more nothing is known."""
    return DUTIES[role] if isinstance(role, Role) else policy.roles.get(role, ())
