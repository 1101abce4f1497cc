"""users.*: who there is, and what they say of themselves."""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import paging
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.state.ids import Obj
from bot.sandbox.state.records import Person
from bot.sandbox.state.shapes import person_shape, profile_shape

# https://docs.slack.dev/reference/methods/users.profile.set
STATUS_LIMIT: Final = 100
# limit_required is documented, how many people are too many is our assumption.
PEOPLE_AT_ONCE: Final = 1_000
_SETTABLE: Final = {
    "display_name",
    "email",
    "first_name",
    "last_name",
    "phone",
    "pronouns",
    "real_name",
    "start_date",
    "status_emoji",
    "status_expiration",
    "status_text",
    "title",
}


def _may_read_email(call: Call) -> bool:
    return "users:read.email" in call.token.scopes


def _shape(call: Call, person: Person) -> Obj:
    return person_shape(call.workspace, person, email=_may_read_email(call))


def _with_locale(call: Call, person: Person) -> Obj:
    locale = {"locale": "en-US"} if call.args.flag("include_locale") else {}
    return _shape(call, person) | locale


def info(call: Call) -> Obj:
    """Answer users.info."""
    return {"user": _with_locale(call, call.workspace.person(call.args.text("user")))}


def list_all(call: Call) -> Obj:
    """Answer users.list; without a limit everybody comes at once, unless they are too many."""
    everybody = list(call.workspace.people.values())
    default = min(len(everybody), PEOPLE_AT_ONCE) or 1
    if len(everybody) > PEOPLE_AT_ONCE and not call.args.number("limit", 0):
        raise SlackError("limit_required")
    shown, cursor = paging.page(everybody, call.args, default=default, refusal="limit_required")
    return {
        "members": [_with_locale(call, person) for person in shown],
        "cache_ts": call.workspace.make.seconds(),
        "response_metadata": {"next_cursor": cursor},
    }


def lookup_by_email(call: Call) -> Obj:
    """Answer users.lookupByEmail."""
    wanted = call.args.text("email").lower()
    for person in call.workspace.people.values():
        if person.email and person.email.lower() == wanted and not person.deleted:
            return {"user": _shape(call, person)}
    raise SlackError("users_not_found")


def get_profile(call: Call) -> Obj:
    """Answer users.profile.get; without a user, the caller's own."""
    person = call.workspace.person(call.args.text("user") or call.me)
    return {"profile": profile_shape(call.workspace, person, email=_may_read_email(call))}


def set_profile(call: Call) -> Obj:
    """Answer users.profile.set: people change their own, admins everybody's."""
    person = call.workspace.person(call.args.text("user") or call.me)
    if person.id != call.me and not call.workspace.people[call.me].admin:
        raise SlackError("not_admin")
    fields = call.args.document("profile", broken="invalid_profile")
    if fields is None and call.args.has("name"):
        fields = {call.args.text("name"): call.args.text("value")}
    if not isinstance(fields, dict) or set(fields) - _SETTABLE:
        raise SlackError("invalid_profile")
    if len(str(fields.get("status_text") or "")) > STATUS_LIMIT:
        raise SlackError("too_long")
    if fields.get("status_text") == "" and fields.get("status_emoji", "") != "":
        raise SlackError("must_clear_both_status_text_and_status_emoji")
    call.workspace.profiles.setdefault(person.id, {}).update(fields)
    user = person_shape(call.workspace, person)
    for kind in ("user_change", "user_profile_changed"):
        call.workspace.tell({"type": kind, "user": user, "event_ts": call.workspace.make.ts()})
    call.workspace.changed()
    return {"username": person.name, "profile": profile_shape(call.workspace, person, email=_may_read_email(call))}


def identity(call: Call) -> Obj:
    """Answer users.identity."""
    person, team = call.workspace.people[call.me], call.workspace.team
    return {"user": {"id": person.id, "name": person.real_name}, "team": {"id": team.id}}


PEOPLE: Final[Mapping[str, Handler]] = {
    "users.identity": identity,
    "users.info": info,
    "users.list": list_all,
    "users.lookupByEmail": lookup_by_email,
    "users.profile.get": get_profile,
    "users.profile.set": set_profile,
}
