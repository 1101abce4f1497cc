"""Every way in which somebody acts in Slack, as the code has it, and those that a story has used.

A verb counts when Muster did not turn it away, a form when it closed, a command when the audit log has it as done. So
what is new, and has no story yet, is missed by name.
"""

from collections.abc import Iterator
from typing import Final, get_args

from bot.domain.acted import Result
from bot.domain.commands import Command
from bot.domain.task_commands import UndoChange
from bot.domain.undone import Change
from bot.inbound.slack.commands import SHORTER, SUBCOMMANDS
from bot.manifest import manifest
from bot.sandbox.journal import Entry
from bot.store import acts
from bot.views.actions import Action, Form
from tests.e2e.house import House

# They lead somewhere in the browser; Muster has nothing to do.
_LINKS: Final = {Action.OPEN_RUNBOOK, Action.OPEN_SOURCE, Action.OPEN_CHANNEL}
# What somebody says or hears is taken note of; it is no act of theirs.
_HEARD: Final = ("Record", "Hear")
_MOST: Final = 10_000


def ways() -> set[str]:
    """Return all that can be typed, pressed, sent off and done."""
    features = manifest()["features"]
    assert isinstance(features, dict)
    return {
        SHORTER,
        *(f"/incident {verb}" for verb in SUBCOMMANDS),
        *(f"button {one}" for one in Action if one not in _LINKS),
        *(f"form {one}" for one in Form),
        *(f"shortcut {one['callback_id']}" for one in features["shortcuts"]),
        *(f"done {kind.__name__}" for kind in _kinds(Command) if _is_act(kind)),
        *(f"done {UndoChange.__name__}: {change}" for change in Change),
    }


async def used(house: House) -> set[str]:
    """Return what was used in a house, of that which Muster took."""
    taken = {way for one in house.sandbox.journal.deliveries() for way in _taken(one)}
    async with house.database.reading() as connection:
        log = await acts.newest(connection, _MOST)
    done = {(one.what, one.act) for one in log if one.result is Result.DONE}
    undone = {f"done {what}: {act}" for what, act in done if what == UndoChange.__name__}
    return taken | undone | {f"done {what}" for what, _ in done}


def _kinds(union: object) -> Iterator[type]:
    for one in get_args(union):
        yield from _kinds(one) if get_args(one) else [one]


def _is_act(kind: type) -> bool:
    return "by" in kind.__annotations__ and not kind.__name__.startswith(_HEARD)


def _taken(delivery: Entry) -> Iterator[str]:
    args, answer = delivery.args, delivery.result.get("answer")
    if delivery.result.get("outcome") != "acked":
        return
    match delivery.name:
        case "slash_command" if "You typed" not in str(answer) and "There is no /incident" not in str(answer):
            verb = str(args["text"]).partition(" ")[0]
            yield SHORTER if args["command"] == SHORTER else f"/incident {verb}"
        case "block_actions":
            for one in args["actions"]:
                yield f"button {str(one['action_id']).partition(':')[0]}"
                chosen = one.get("selected_option") or {}
                yield f"button {str(chosen.get('value')).partition(' ')[0]}"  # what a menu offers by name
        case "view_submission" if isinstance(answer, dict) and answer.get("response_action") == "clear":
            yield f"form {args['view']['callback_id']}"
        case "message_action":
            yield f"shortcut {args['callback_id']}"
        case _:
            return
