"""The forms (Slack's modals): one that declares, the others move an incident on.

Each keeps in private_metadata what it was opened for.

Block and action ids are `actions.Field`. Limits: https://docs.slack.dev/reference/views and the pages of each element.
"""

import json
from collections.abc import Sequence
from typing import Final

from bot.domain.ids import AlertId, ServiceName
from bot.domain.model import Incident, Severity, label_of
from bot.domain.policy import Policy
from bot.domain.text import REASON_LIMIT, TEXT_LIMIT, TITLE_LIMIT, clean, cut, one_line
from bot.views.actions import Field, Form
from bot.views.blocks import Block, Message, context, plain_text
from bot.views.words import named

SNOOZES: Final = {"15m": "15 minutes", "30m": "30 minutes", "1h": "1 hour", "2h": "2 hours"}
_VIEW_TITLE: Final = 24
_LABEL_LIMIT: Final = 150
_HINT_LIMIT: Final = 2000
_OPTION_LIMIT: Final = 75
_OPTION_VALUE: Final = 150
_OPTIONS: Final = 100


def declare_form(
    policy: Policy,
    *,
    title: str = "",
    severity: Severity | None = None,
    service: ServiceName | None = None,
    alert: AlertId | None = None,
    triage: bool = False,
) -> Block:
    """Return the form that declares an incident, filled in with what is known. Metadata: {"alert": id or null}."""
    return _form(
        Form.DECLARE,
        "Declare Incident",
        "Declare Incident",
        {"alert": alert},
        [
            _input(
                Field.TITLE,
                "What is broken",
                _text_box(cut(one_line(clean(title)), TITLE_LIMIT), TITLE_LIMIT, focus=not title),
                hint="In a few words, for people who do not know the system: checkout is down.",
            ),
            _severities(policy, severity),
            _triage(chosen=triage),
            *_services(policy, service),
            context(_consequences(policy)),
        ],
    )


def update_form(incident: Incident) -> Block:
    """Return the form that sends an update. Metadata, here as in all that follow: {"incident": number}."""
    asked = _words("How it stands", "What is affected, what is being done, when the next update comes.")
    then = "Posted in the incident's channel and under its announcement"
    return _of(incident, Form.UPDATE, "Send Update", asked, then=then)


def resolve_form(incident: Incident) -> Block:
    """Return the form that resolves an incident."""
    asked = _words("What fixed it", "What was done, and how you know that it is over.")
    then = "Ends the incident, tells everybody, and posts the postmortem draft"
    return _of(incident, Form.RESOLVE, "Resolve Incident", asked, then=then)


def reopen_form(incident: Incident) -> Block:
    """Return the form that opens an incident again."""
    asked = _words("What happened", "What is broken again, or was never mended.")
    then = "Tells everybody, starts the update clock, and pages who is on call if its severity does"
    return _of(incident, Form.REOPEN, "Reopen Incident", asked, then=then)


def decline_form(incident: Incident) -> Block:
    """Return the form that says why something is no incident."""
    hint = "For whoever sees the same alert next: a load test, a known fault, a wrong threshold."
    asked = _words("Why it is no incident", hint)
    return _of(
        incident, Form.DECLINE, "Decline", asked, then="Ends it here: nobody else is told, and its page is closed"
    )


def snooze_form(incident: Incident) -> Block:
    """Return the form that puts the next update off."""
    spans = [_option(label, value) for value, label in SNOOZES.items()]
    asked = (
        _input(Field.LASTS, "For", {"type": "static_select", "options": spans, "initial_option": spans[1]}),
        _input(
            Field.TEXT,
            "Why it can wait",
            _text_box("", REASON_LIMIT, focus=True),
            hint="Everybody reads it: we wait for the provider to answer.",
        ),
    )
    then = "Said in the channel, and shown on the card with the time"
    return _of(incident, Form.SNOOZE, "Snooze Update", *asked, then=then)


def hand_over_form(incident: Incident) -> Block:
    """Return the form that offers a role that somebody holds (at least one) to its next holder."""
    roles = [_option(label_of(role), str(role)) for role in incident.roles]
    asked = (
        _input(Field.ROLE, "Role", {"type": "static_select", "options": roles}),
        _input(Field.PERSON, "Next holder", {"type": "users_select"}),
    )
    then = "They are asked in a direct message; until they accept, the role stays where it is"
    return _of(incident, Form.HAND_OVER, "Hand Over Role", *asked, submit="Ask to Take Over", then=then)


def merge_form(incident: Incident, others: Sequence[Incident]) -> Block:
    """Return the form that merges an incident into one of others (at least one)."""
    options = [_option(named(one), str(one.id), one.severity.label) for one in others[:_OPTIONS]]
    asked = _input(Field.INTO, "Into which incident", {"type": "static_select", "options": options})
    then = "Its alerts and people go there, its own page and reminders end, its channel is told where to go"
    return _of(incident, Form.MERGE, "Merge Incident", asked, submit="Merge", then=then)


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
    return _form(form, title, submit or title, {"incident": incident.id}, blocks)


def _words(label: str, hint: str) -> Block:
    """Return the question that is answered in a few sentences."""
    return _input(Field.TEXT, label, _text_box("", TEXT_LIMIT, multiline=True, focus=True), hint=hint)


def _form(
    form: Form, title: str, submit: str, metadata: dict[str, str | int | None], blocks: Sequence[Block | None]
) -> Block:
    return {
        "type": "modal",
        "callback_id": form.value,
        "title": plain_text(title, _VIEW_TITLE),
        "submit": plain_text(submit, _VIEW_TITLE),
        "close": plain_text("Cancel", _VIEW_TITLE),
        "private_metadata": json.dumps(metadata),
        "blocks": [block for block in blocks if block is not None],
    }


def _input(field: Field, label: str, element: Block, *, hint: str = "", optional: bool = False) -> Block:
    return {
        "type": "input",
        "block_id": field.value,
        "label": plain_text(label, _LABEL_LIMIT),
        "element": {**element, "action_id": field.value},
        "optional": optional,
        **({"hint": plain_text(hint, _HINT_LIMIT)} if hint else {}),
    }


def _text_box(initial: str, limit: int, *, multiline: bool = False, focus: bool = False) -> Block:
    return {
        "type": "plain_text_input",
        "multiline": multiline,
        "max_length": limit,
        "focus_on_load": focus,
        **({"initial_value": initial} if initial else {}),
    }


def _option(label: str, value: str, description: str = "") -> Block:
    return {
        "text": plain_text(one_line(label), _OPTION_LIMIT),
        "value": value,
        **({"description": plain_text(one_line(description), _OPTION_LIMIT)} if description.strip() else {}),
    }


def _triage(*, chosen: bool) -> Block:
    option = _option("Look at it first (triage)", "triage", "Only you are in the channel; nobody is told or paged yet")
    element: Block = {"type": "checkboxes", "options": [option], **({"initial_options": [option]} if chosen else {})}
    return _input(Field.TRIAGE, "Not sure?", element, optional=True)


def _severities(policy: Policy, chosen: Severity | None) -> Block:
    options = {one: _option(one.label, one.value, policy.severities[one].meaning) for one in Severity}
    element: Block = {
        "type": "static_select",
        "options": list(options.values()),
        "initial_option": options[chosen or policy.default_severity],
    }
    return _input(Field.SEVERITY, "Severity", element, hint="In doubt choose the graver one; it can be changed later.")


def _services(policy: Policy, chosen: ServiceName | None) -> list[Block]:
    """Return the choice of a service, none when no service is configured (Slack refuses an empty choice)."""
    options = {
        name: _option(name, name, policy.services[name].description)
        for name in sorted(policy.services)
        if name.strip() and len(name) <= _OPTION_VALUE
    }
    if not options:
        return []
    initial: Block = {"initial_option": options[chosen]} if chosen in options else {}
    element: Block = {"type": "static_select", **_choice(list(options.items())), **initial}
    return [_input(Field.SERVICE, "Service", element, hint="Its on-call people are invited.", optional=True)]


def _choice(options: list[tuple[ServiceName, Block]]) -> Block:
    """Return up to 100 options as they are, more in up to 100 groups of 100, named after their first and last."""
    if len(options) <= _OPTIONS:
        return {"options": [option for _, option in options]}
    groups = [options[at : at + _OPTIONS] for at in range(0, len(options), _OPTIONS)][:_OPTIONS]
    return {
        "option_groups": [
            {
                "label": plain_text(f"{cut(group[0][0], 30)} to {cut(group[-1][0], 30)}", _OPTION_LIMIT),
                "options": [option for _, option in group],
            }
            for group in groups
        ]
    }


def _consequences(policy: Policy) -> str:
    paging = [one.label for one in Severity if policy.severities[one].page] if policy.paging else []
    pages = f", and pages them for {' and '.join(paging)}" if paging else ""
    return f"Opens a channel, announces it, invites the people on call{pages}"
