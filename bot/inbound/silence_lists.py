"""Reads the list of silences that an Alertmanager gives on request.

https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml
"""

from collections.abc import Mapping
from typing import Final

from bot.domain.matchers import MOST_MATCHERS, Matcher, Operator, matchers_of, text_of
from bot.domain.mirroring import FarSilence, FarState
from bot.errors import BadInput
from bot.inbound.payloads import LABEL_VALUE, SUMMARY, as_line, as_list, as_moment, as_object, as_table, read_json

MOST_SILENCES: Final = 20_000
_ID_LIMIT: Final = 80


def far_silences(body: bytes) -> tuple[FarSilence, ...]:
    """Read them; what is no silence, or has a state that we do not know, is left out.

    Raises:
        BadInput: it is no list, or too long a one.
    """
    members = as_list(read_json(body), "the list of silences")
    if len(members) > MOST_SILENCES:
        raise BadInput(f"the list has more than {MOST_SILENCES:,} silences")
    return tuple(found for member in members if (found := _silence(as_table(member))))


def _silence(member: Mapping[str, object]) -> FarSilence | None:
    try:
        starts_at = as_moment(member.get("startsAt"), "startsAt")
        ends_at = as_moment(member.get("endsAt"), "endsAt")
        updated_at = as_moment(member.get("updatedAt"), "updatedAt")
        state = FarState(as_line(as_object(member.get("status"), "the status").get("state"), LABEL_VALUE))
    except (ValueError, BadInput):
        return None
    name = member.get("id")
    if not isinstance(name, str) or not 0 < len(name) <= _ID_LIMIT or not (starts_at and ends_at and updated_at):
        return None
    return FarSilence(
        id=name,
        matchers=_matchers(member.get("matchers")),
        by=as_line(member.get("createdBy"), LABEL_VALUE),
        comment=as_line(member.get("comment"), SUMMARY),
        starts_at=starts_at,
        ends_at=ends_at,
        updated_at=updated_at,
        state=state,
    )


def _matchers(given: object) -> tuple[Matcher, ...] | None:
    """Return what they mean; None when one of them could mean something else to us."""
    if not isinstance(given, list) or not 0 < len(given) <= MOST_MATCHERS:
        return None
    try:
        found = tuple(_matcher(as_object(one, "the matcher")) for one in given)
        is_kept = matchers_of(text_of(found)) == found  # as it is written down, and read again
    except (ValueError, BadInput):
        return None
    return found if is_kept else None


def _matcher(given: Mapping[str, object]) -> Matcher:
    name, value = given.get("name"), given.get("value")
    if not isinstance(name, str) or not isinstance(value, str):
        raise BadInput("the matcher has no name or no value")
    is_pattern, is_negative = given.get("isRegex") is True, given.get("isEqual") is False
    operators = {
        (False, False): Operator.EQUAL,
        (False, True): Operator.NOT_EQUAL,
        (True, False): Operator.MATCHES,
        (True, True): Operator.MATCHES_NOT,
    }
    return Matcher(name, operators[is_pattern, is_negative], value)
