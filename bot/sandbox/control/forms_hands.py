"""What people do with modals: use an element, submit, close; and what the app's `response_action` then does."""

from collections.abc import Mapping

from bot.sandbox.blocks import Surface
from bot.sandbox.control.offers import Offers, failure_code
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.payloads import closed_delivery, in_view, submission_delivery, view_action_delivery
from bot.sandbox.errors import NotPossible, SlackError
from bot.sandbox.inputs import STATELESS, action_of, filled_form, find_element, refused_fields, value_of
from bot.sandbox.methods.views import checked_view
from bot.sandbox.state import forms
from bot.sandbox.state.ids import Obj, UserId
from bot.sandbox.state.records import View
from bot.sandbox.state.workspace import Workspace

Fields = Mapping[str, Mapping[str, object]]


class FormHands:
    """People filling in forms."""

    def __init__(self, workspace: Workspace, courier: Courier, offers: Offers) -> None:
        self._workspace = workspace
        self._courier = courier
        self._offers = offers

    def _open(self, user: UserId) -> View:
        if (view := forms.top(self._workspace, user)) is None:
            raise NotPossible(f"{user} has no form open.")
        return view

    def _body(self, view: View) -> Obj:
        return view.body | {"blocks": self._offers.dressed(view.user, view.body["blocks"])}

    async def suggest(self, user: UserId, action_id: str, *, block_id: str = "", typed: str) -> Obj:
        """Type into a select of the open modal whose options the app knows (see Offers.ask)."""
        view = self._open(user)
        where = in_view(self._workspace, view)
        return await self._offers.ask(user, view.body["blocks"], action_id, block_id=block_id, typed=typed, where=where)

    async def act(
        self, user: UserId, action_id: str, *, block_id: str = "", value: object = None, values: Fields | None = None
    ) -> Obj:
        """Use an element of the open modal; inputs only tell the app when they have dispatch_action."""
        view = self._open(user)
        body = self._body(view)
        block, element = find_element(body["blocks"], action_id, block_id)
        view.values = filled_form(body, view.values, values or {})
        if element["type"] not in STATELESS:
            fields = view.values.setdefault(str(block["block_id"]), {})
            fields[action_id] = value_of(element, value)
            self._workspace.changed()
        if block["type"] == "input" and not block.get("dispatch_action"):
            return {}
        action = action_of(self._workspace.make.ts(), block, element, value)
        outcome = await self._courier.deliver(view_action_delivery(self._workspace, view, action))
        return {"error": failure_code(outcome.failure)} if outcome.failure else {}

    async def submit(self, user: UserId, values: Fields) -> Obj:
        """Submit the open modal; return the errors that are shown in it."""
        view = self._open(user)
        view.values = filled_form(self._body(view), view.values, values)
        view.errors = refused_fields(view.body, view.values)
        self._workspace.changed()
        if view.errors:
            return {"errors": view.errors}
        outcome = await self._courier.deliver(submission_delivery(self._workspace, view))
        if outcome.failure:
            return {"errors": {}, "error": failure_code(outcome.failure)}
        try:
            return {"errors": self._respond(user, view, outcome.answer)}
        except SlackError as error:
            return {"errors": {}, "error": error.code, **error.detail}

    def _respond(self, user: UserId, view: View, answer: Obj) -> dict[str, str]:
        """Do what the app's answer to a submission asks; without an answer the modal closes."""
        match answer.get("response_action"):
            case "errors":
                blocks = {str(block.get("block_id")) for block in view.body["blocks"]}
                view.errors = {key: str(text) for key, text in dict(answer.get("errors") or {}).items()}
                if set(view.errors) - blocks or not view.errors:
                    raise SlackError("invalid_arguments")
                self._workspace.changed()
                return view.errors
            case "update":
                forms.update(self._workspace, view, checked_view(answer.get("view"), surface=Surface.MODAL))
            case "push":
                forms.push_modal(self._workspace, user, checked_view(answer.get("view"), surface=Surface.MODAL))
            case "clear":
                forms.close_all(self._workspace, user)
            case _:
                self._close(user, view)
        return {}

    def _close(self, user: UserId, view: View) -> None:
        """Close this view, if the app has not opened another one meanwhile."""
        top = forms.top(self._workspace, user)
        if top is not None and top.id == view.id:
            forms.close_top(self._workspace, user)

    async def close(self, user: UserId, *, everything: bool = False) -> Obj:
        """Close the open modal; the app hears of it when it asked to.

        With `everything` (the cross at the top), or when the modal says clear_on_close, the whole stack is closed.
        """
        view = self._open(user)
        cleared = everything or bool(view.body.get("clear_on_close"))
        closed = [self._workspace.views[one] for one in reversed(self._workspace.modals[user])] if cleared else [view]
        if cleared:
            forms.close_all(self._workspace, user)
        else:
            forms.close_top(self._workspace, user)
        for one in closed:
            if one.body.get("notify_on_close"):
                await self._courier.deliver(closed_delivery(self._workspace, one, cleared=cleared))
        return {}
