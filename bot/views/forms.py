"""The forms (Slack's modals) that move an incident on; the one that declares it is in declare_form.py.

Each keeps in private_metadata what it was opened for.

Block and action ids are `actions.Field`. Limits: https://docs.slack.dev/reference/views and the pages of each element.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from bot.domain.ids import UserId
from bot.domain.model import Incident
from bot.domain.policy import Policy
from bot.domain.roles_model import label_of
from bot.domain.spans import span_of
from bot.domain.text import REASON_LIMIT, TEXT_LIMIT, clean, cut, one_line
from bot.views.actions import Field, Form
from bot.views.blocks import Block, Message, context, plain_text
from bot.views.words import duration, named

# What an update may promise of the next one, and that it comes when it is owed.
PROMISES: Final = {
    "10m": "In 10 minutes",
    "15m": "In 15 minutes",
    "30m": "In 30 minutes",
    "1h": "In 1 hour",
    "4h": "In 4 hours",
}
USUAL: Final = "usual"
SNOOZES: Final = {"15m": "15 minutes", "30m": "30 minutes", "1h": "1 hour", "2h": "2 hours"}
_VIEW_TITLE: Final = 24
_LABEL_LIMIT: Final = 150
_HINT_LIMIT: Final = 2000
OPTION_LIMIT: Final = 75
MOST_OPTIONS: Final = 100


def update_form(incident: Incident, policy: Policy) -> Block:
    """Return the form that sends an update. Metadata, here as in all that follow: {"incident": number}."""
    here, last = policy.severities[incident.severity], incident.last_update
    begins = here.template
    impact = (last.impact if last else "") or begins.impact  # it seldom changes from one update to the next
    usual = option(f"Within {duration(here.update_every)}, as for each {incident.severity.label}", USUAL)
    sooner = [
        option(label, value)
        for value, label in PROMISES.items()
        if (span_of(value) or here.update_every) < here.update_every
    ]
    asked = (
        _told(Field.TEXT, "What is happening", begins.happening, focus=True),
        _told(Field.IMPACT, "Impact", impact, hint="Who notices, and what they cannot do.", optional=True),
        _told(Field.DOING, "What we do", begins.doing, hint="What was found, and what is tried now.", optional=True),
        input_block(
            Field.LASTS, "Next update", {"type": "static_select", "options": [usual, *sooner], "initial_option": usual}
        ),
    )
    then = "Posted in the incident's channel" + ("" if incident.private else " and under its announcement")
    return _of(incident, Form.UPDATE, "Send Update", *asked, then=then)


def _told(
    field: Field, label: str, begins: str, *, hint: str = "", focus: bool = False, optional: bool = False
) -> Block:
    box = text_box(cut(clean(begins), TEXT_LIMIT), TEXT_LIMIT, multiline=True, focus=focus)
    return input_block(field, label, box, hint=hint, optional=optional)


def resolve_form(incident: Incident) -> Block:
    """Return the form that resolves an incident."""
    asked = _words("What fixed it", "What was done, and how you know that it is over.")
    then = f"Ends the incident, tells {_whom(incident)}, and posts the postmortem draft"
    return _of(incident, Form.RESOLVE, "Resolve Incident", asked, then=then)


def reopen_form(incident: Incident) -> Block:
    """Return the form that opens an incident again."""
    asked = _words("What happened", "What is broken again, or was never mended.")
    then = f"Tells {_whom(incident)}, starts the update clock, and pages who is on call if its severity does"
    return _of(incident, Form.REOPEN, "Reopen Incident", asked, then=then)


def _whom(incident: Incident) -> str:
    """Return who is told of what becomes of an incident."""
    return "its members" if incident.private else "everybody"


def decline_form(incident: Incident) -> Block:
    """Return the form that says why something is no incident."""
    hint = "For whoever sees the same alert next: a load test, a known fault, a wrong threshold."
    asked = _words("Why it is no incident", hint)
    return _of(
        incident, Form.DECLINE, "Decline", asked, then="Ends it here: nobody else is told, and its page is closed"
    )


def snooze_form(incident: Incident) -> Block:
    """Return the form that puts the next update off."""
    spans = [option(label, value) for value, label in SNOOZES.items()]
    asked = (
        input_block(Field.LASTS, "For", {"type": "static_select", "options": spans, "initial_option": spans[1]}),
        input_block(
            Field.TEXT,
            "Why it can wait",
            text_box("", REASON_LIMIT, focus=True),
            hint="Everybody reads it: we wait for the provider to answer.",
        ),
    )
    then = "Said in the channel, and shown on the card with the time"
    return _of(incident, Form.SNOOZE, "Snooze Update", *asked, then=then)


def hand_over_form(incident: Incident, by: UserId) -> Block:
    """Return the form that offers a role that somebody holds (at least one) to its next holder, theirs chosen."""
    held = tuple(incident.held_by(by))
    roles = [option(label_of(role), str(role)) for role in dict.fromkeys((*held, *incident.roles))][:MOST_OPTIONS]
    mine = {"initial_option": roles[0]} if held else {}
    asked = (
        input_block(Field.ROLE, "Role", {"type": "static_select", "options": roles, **mine}),
        input_block(Field.PERSON, "Next holder", {"type": "users_select"}),
    )
    then = "They are asked in a direct message; until they accept, the role stays where it is"
    return _of(incident, Form.HAND_OVER, "Hand Over Role", *asked, submit="Ask to Take Over", then=then)


def merge_form(incident: Incident, others: Sequence[Incident]) -> Block:
    """Return the form that merges an incident into one of others (at least one)."""
    options = [option(named(one), str(one.id), one.severity.label) for one in others[:MOST_OPTIONS]]
    asked = input_block(Field.INTO, "Into which incident", {"type": "static_select", "options": options})
    then = "Its alerts and people go there, its own page and reminders end, its channel is told where to go"
    return _of(incident, Form.MERGE, "Merge Incident", asked, submit="Merge", then=then)


def action_form(incident: Incident) -> Block:
    """Return the form that writes down an action item."""
    hint = "One thing that one person can do: write the runbook, raise the limit, alert on the queue."
    asked = (
        input_block(Field.TEXT, "What is to be done", text_box("", REASON_LIMIT, focus=True), hint=hint),
        input_block(Field.PERSON, "Owner", {"type": "users_select"}, optional=True),
        input_block(Field.DUE, "Due", {"type": "datepicker"}, optional=True),
    )
    then = "Its owner is told in a direct message, and reminded on the day"
    return _of(incident, Form.ACTION, "Action Item", *asked, submit="Add Action Item", then=then)


def close_form(incident: Incident, left: Block | None) -> Block:
    """Return the form that asks whether an incident is to be closed although something is `left` to do."""
    blocks = [left] if left else []
    then = "They stay open: their owners are still reminded of them"
    return _of(incident, Form.CLOSE, "Close Incident", *blocks, then=then)


def window(title: str, told: Message) -> Block:
    """Return a window that only tells something, where no message can: there is nothing to fill in or send off."""
    return {
        "type": "modal",
        "title": plain_text(title, _VIEW_TITLE),
        "close": plain_text("Close", _VIEW_TITLE),
        "blocks": list(told.blocks),
    }


def _of(incident: Incident, form: Form, title: str, *asked: Block, then: str, submit: str = "") -> Block:
    """Return a form about an incident: which one it is, what is asked, and what follows when it is sent off."""
    blocks = [context(named(incident)), *asked, context(then)]
    return form_view(form, title, submit or title, {"incident": incident.id}, blocks)


def _words(label: str, hint: str) -> Block:
    """Return the question that is answered in a few sentences."""
    return input_block(Field.TEXT, label, text_box("", TEXT_LIMIT, multiline=True, focus=True), hint=hint)


def form_view(
    form: Form, title: str, submit: str, metadata: Mapping[str, object], blocks: Sequence[Block | None]
) -> Block:
    """Return a form: what is asked, and what it was opened for."""
    return {
        "type": "modal",
        "callback_id": form.value,
        "title": plain_text(title, _VIEW_TITLE),
        "submit": plain_text(submit, _VIEW_TITLE),
        "close": plain_text("Cancel", _VIEW_TITLE),
        "private_metadata": json.dumps(metadata, ensure_ascii=False),
        "blocks": [block for block in blocks if block is not None],
    }


def input_block(
    field: str, label: str, element: Block, *, hint: str = "", optional: bool = False, asks_at_once: bool = False
) -> Block:
    """Return a question; `asks_at_once`: the answer is told when it is given, not only when the form is sent off."""
    return {
        "type": "input",
        "block_id": str(field),
        "label": plain_text(label, _LABEL_LIMIT),
        "element": {**element, "action_id": str(field)},
        "optional": optional,
        **({"dispatch_action": True} if asks_at_once else {}),
        **({"hint": plain_text(hint, _HINT_LIMIT)} if hint else {}),
    }


def text_box(initial: str, limit: int, *, multiline: bool = False, focus: bool = False) -> Block:
    """Return a box for text."""
    return {
        "type": "plain_text_input",
        "multiline": multiline,
        "max_length": limit,
        "focus_on_load": focus,
        **({"initial_value": initial} if initial else {}),
    }


def option(label: str, value: str, description: str = "") -> Block:
    """Return a choice, on one line."""
    return {
        "text": plain_text(one_line(label), OPTION_LIMIT),
        "value": value,
        **({"description": plain_text(one_line(description), OPTION_LIMIT)} if description.strip() else {}),
    }
