"""What can be typed after /incident. The verbs come in as data, so that this page cannot lag behind them."""

from collections.abc import Iterable, Sequence

from bot.views.blocks import Message, Safe, bold, code, context, header, line, lines, message, section, sections

Verb = tuple[str, str, str]
"""A verb's name, how it is used ("declare [severity] <what is broken>"), and what it does."""


def help_message(groups: Iterable[tuple[str, Sequence[Verb]]]) -> Message:
    """Return every verb with its use, in groups of what somebody wants to do, in the order given."""
    parts = [
        block
        for name, verbs in groups
        for block in sections([bold(name), *(line(_use(usage), f" {summary}") for _, usage, summary in verbs)])
    ]
    return message(
        "What you can type: /incident declare sev2 checkout is down opens an incident; /incident help shows the rest.",
        header("What you can type"),
        section(lines("To open an incident:", code("/incident declare sev2 checkout is down"))),
        *parts,
        context(line(code("/incident help declare"), " shows examples of one")),
        context("Buttons on the card and on alerts do the same", "Commands do not work in threads"),
    )


def verb_help(verb: Verb, examples: Iterable[str] = ()) -> Message:
    """Return how one verb is used, with examples (each without "/incident")."""
    _, usage, summary = verb
    shown = [_use(example) for example in examples]
    return message(
        f"/incident {usage}: {summary}",
        section(lines(_use(usage), summary)),
        section(lines("For example:" if len(shown) == 1 else "Examples:", *shown)) if shown else None,
    )


def unknown_verb(typed: str, closest: str | None) -> Message:
    """Say that a verb is not known, which one may have been meant, and where all of them are."""
    meant = line(" Did you mean ", code(f"/incident {closest}"), "?") if closest else ""
    return message(
        f"There is no /incident {typed}.{f' Did you mean /incident {closest}?' if closest else ''}",
        section(line("There is no ", code(f"/incident {typed}"), ".", meant)),
        context(line(code("/incident help"), " shows everything that can be typed")),
    )


def not_to_be_had(why: str, *instead: str) -> Message:
    """Say why something cannot be done, and what can be typed instead (each without "/incident")."""
    return message(why, section(lines(why, *(_use(one) for one in instead))))


def _use(usage: str) -> Safe:
    return code(f"/incident {usage}")
