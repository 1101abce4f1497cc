"""The form that declares an incident: filled in with what is known, and written anew when an answer changes it.

Its title says that something is declared; whatever else is asked may be left alone by somebody who is in a hurry.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.affected import MOST
from bot.domain.ids import AlertId, ChannelId, IncidentId, ServiceName
from bot.domain.impact import Answer, derived
from bot.domain.model import Incident, Severity
from bot.domain.policy import Policy
from bot.domain.quoted import Quoted
from bot.domain.text import TITLE_LIMIT, clean, cut, one_line
from bot.views.actions import Field, Form
from bot.views.blocks import Block, Safe, bold, context, line, lines, plain_text, section
from bot.views.forms import MOST_OPTIONS, OPTION_LIMIT, form_view, input_block, option, text_box
from bot.views.joining import already_open
from bot.views.quoting import carried, source
from bot.views.words import duration

OPTION_VALUE: Final = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What stands in the form. It `converts` the channel in which it was opened, or a new one is made.

    A channel that is there is private or is not, so that is not asked. The first of the `services` leads.
    `seen` are the open incidents that whoever fills it in was shown already.
    """

    title: str = ""
    severity: Severity | None = None
    services: tuple[ServiceName, ...] = ()
    alert: AlertId | None = None
    converts: ChannelId | None = None
    triage: bool = False
    private: bool = False
    quoted: Quoted | None = None
    answers: tuple[Answer, ...] = ()
    seen: tuple[IncidentId, ...] = ()


def declare_form(policy: Policy, filled: Filled = Filled(), here: Sequence[Incident] = ()) -> Block:
    """Return the form as it is filled in; `here` is what is open on its services already.

    Metadata: {"alert": id or null, "converts": the channel, if any, "seen": the numbers of `here`, if any}.
    """
    title = cut(one_line(clean(filled.title)), TITLE_LIMIT)
    return form_view(
        Form.DECLARE,
        "Declare Incident",
        "Declare Anyway" if here else "Declare Incident",
        {
            "alert": filled.alert,
            **_carried(filled),
            **({"converts": filled.converts} if filled.converts else {}),
            **({"seen": [incident.id for incident in here]} if here else {}),
        },
        [
            source(filled.quoted),
            input_block(
                Field.TITLE,
                "What is broken",
                text_box(title, TITLE_LIMIT, focus=not title),
                hint="In a few words, for people who do not know the system: checkout is down.",
            ),
            *_services(policy, filled.services),
            *already_open(here, filled.services),
            *_questions(policy, filled.answers),
            _severities(policy, filled.severity),
            _means(policy, filled.answers),
            _triage(chosen=filled.triage),
            None if filled.converts else _private(chosen=filled.private),
            context(_consequences(policy)),
        ],
    )


def _carried(filled: Filled) -> dict[str, object]:
    return {"quoted": json.dumps(carried(filled.quoted), ensure_ascii=False)} if filled.quoted else {}


def field_of(question: int) -> str:
    """Return the block and action id of a question of the organisation, by its place."""
    return f"{Field.IMPACT}.{question}"


def _triage(*, chosen: bool) -> Block:
    box = option("Look at it first (triage)", "triage", "Only you are in the channel; nobody is told or paged yet")
    element: Block = {"type": "checkboxes", "options": [box], **({"initial_options": [box]} if chosen else {})}
    return input_block(Field.TRIAGE, "Not sure?", element, optional=True)


def _private(*, chosen: bool) -> Block:
    box = option("Keep it private", "private", "A private channel; only its members see that there is an incident")
    element: Block = {"type": "checkboxes", "options": [box], **({"initial_options": [box]} if chosen else {})}
    return input_block(Field.PRIVATE, "Confidential?", element, optional=True)


def _questions(policy: Policy, answers: Sequence[Answer]) -> list[Block]:
    said = {one.asked: one.said for one in answers}
    blocks = []
    for at, question in enumerate(policy.impact):
        options = {one: option(one, one) for one in question.answers}
        chosen = options.get(said.get(question.asks, ""))
        element: Block = {"type": "static_select", "options": list(options.values())}
        element |= {"initial_option": chosen} if chosen else {}
        blocks.append(input_block(field_of(at), question.asks, element, optional=True, asks_at_once=True))
    return blocks


def _severities(policy: Policy, chosen: Severity | None) -> Block:
    options = {one: option(one.label, one.value, policy.severities[one].meaning) for one in Severity}
    element: Block = {"type": "static_select", "options": list(options.values())}
    if policy.impact and chosen is None:
        hint = "Left empty, what the impact says counts. In doubt choose the graver one; it can be changed later."
        return input_block(Field.SEVERITY, "Severity", element, hint=hint, optional=True)
    element["initial_option"] = options[chosen or policy.default_severity]
    hint = "In doubt choose the graver one; it can be changed later."
    return input_block(Field.SEVERITY, "Severity", element, hint=hint, optional=bool(policy.impact))


def _means(policy: Policy, answers: Sequence[Answer]) -> Block:
    """Return what each severity means and brings about, and which one the answers make it."""
    found = derived(policy.impact, answers)
    says = line(bold(f"By its impact it is {found.label}"), ", unless you choose another") if found else None
    return section(lines(says, *(_meaning(policy, one) for one in Severity)))


def _meaning(policy: Policy, severity: Severity) -> Safe:
    here = policy.severities[severity]
    within = f"acknowledged within {duration(here.acknowledge_within)}, " if here.acknowledge_within else ""
    pages = f"pages at once, {within}" if here.page and policy.paging else ""
    led = f"in command within {duration(policy.vacant_after_of(severity))}, "
    return line(bold(severity.label), f" {here.meaning} ({pages}{led}update every {duration(here.update_every)})")


def _services(policy: Policy, chosen: Sequence[ServiceName]) -> list[Block]:
    """Return the choice of services, none when no service is configured (Slack refuses an empty choice)."""
    options = {
        name: option(name, name, policy.services[name].description)
        for name in sorted(policy.services)
        if name.strip() and len(name) <= OPTION_VALUE
    }
    if not options:
        return []
    there = [options[one] for one in chosen if one in options][:MOST]
    element: Block = {"type": "multi_static_select", **_choice(list(options.items())), "max_selected_items": MOST}
    element |= {"initial_options": there} if there else {}
    leads = "The first one leads: it is the one that is paged." if policy.paging else "The first one leads."
    hint = f"Their on-call people are invited. {leads}"
    return [input_block(Field.SERVICE, "Services", element, hint=hint, optional=True, asks_at_once=True)]


def _choice(options: list[tuple[ServiceName, Block]]) -> Block:
    """Return up to 100 options as they are, more in up to 100 groups of 100, named after their first and last."""
    if len(options) <= MOST_OPTIONS:
        return {"options": [one for _, one in options]}
    groups = [options[at : at + MOST_OPTIONS] for at in range(0, len(options), MOST_OPTIONS)][:MOST_OPTIONS]
    return {
        "option_groups": [
            {
                "label": plain_text(f"{cut(group[0][0], 30)} to {cut(group[-1][0], 30)}", OPTION_LIMIT),
                "options": [one for _, one in group],
            }
            for group in groups
        ]
    }


def _consequences(policy: Policy) -> str:
    paging = [one.label for one in Severity if policy.severities[one].page] if policy.paging else []
    pages = f", and pages them for {' and '.join(paging)}" if paging else ""
    return f"Opens a channel, announces it, invites the people on call{pages}"
