"""Slack's JSON, read into our own values (https://docs.slack.dev/reference/objects)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.permissions import Account
from bot.outbound.slack.port import Identity, OpenedView, Person, Room, ViewId, Written

# Slack answers with seconds; what is beyond is nobody's night.
_LAST: Final = 4_102_444_800
_NEVER: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when until when somebody's notifications are paused: now, or the next time."""

    begins: datetime
    ends: datetime


def identity(answer: AsyncSlackResponse) -> Identity:
    """Read what auth.test says of us; the granted scopes stand in a header."""
    granted = answer.headers.get("x-oauth-scopes", "")
    return Identity(
        user=UserId(answer["user_id"]),
        bot=answer["bot_id"] or "",
        team=answer["team_id"],
        team_name=answer["team"] or "",
        url=answer["url"] or "",
        scopes=frozenset(scope.strip() for scope in granted.split(",") if scope.strip()),
    )


def room(channel: Mapping[str, Any]) -> Room:
    """Read a channel object."""
    return Room(
        id=ChannelId(channel["id"]),
        name=str(channel.get("name") or ""),
        creator=UserId(channel.get("creator") or ""),
        archived=bool(channel.get("is_archived")),
        private=bool(channel.get("is_private")),
        member=bool(channel.get("is_member")),
    )


def written(message: Mapping[str, Any]) -> Written:
    """Read a message object. What lacks a thread's newest answer is an answer itself, or nobody has answered it."""
    thread = MessageTs(message.get("thread_ts") or "")
    newest = message.get("latest_reply") or (message["ts"] if thread != message["ts"] else "")
    return Written(
        ts=MessageTs(message["ts"]),
        raw=message,
        thread=thread or None,
        newest_answer=MessageTs(newest) if thread and newest else None,
    )


def view_of(answer: AsyncSlackResponse) -> OpenedView:
    """Read the form that views.open and views.update answer with."""
    return OpenedView(id=ViewId(answer["view"]["id"]), hash=str(answer["view"].get("hash") or ""))


def person(user: UserId, told: Mapping[str, Any]) -> Person:
    """Read a user object: the name that they chose, else their real one."""
    profile = told.get("profile") or {}
    chosen = profile.get("display_name") or profile.get("real_name") or told.get("real_name")
    account = Account(
        guest=bool(told.get("is_restricted") or told.get("is_ultra_restricted")),
        stranger=bool(told.get("is_stranger")),
        bot=bool(told.get("is_bot")),
        gone=bool(told.get("deleted")),
    )
    return Person(name=str(chosen or told.get("name") or user), zone=str(told.get("tz") or ""), account=account)


def hours(told: Mapping[str, Any] | AsyncSlackResponse) -> Hours:
    """Read when somebody is in do-not-disturb (https://docs.slack.dev/reference/methods/dnd.info)."""
    begins, ends = told.get("next_dnd_start_ts"), told.get("next_dnd_end_ts")
    if not told.get("dnd_enabled") or not isinstance(begins, int) or not isinstance(ends, int):
        return Hours(begins=_NEVER, ends=_NEVER)
    return Hours(begins=_moment(begins), ends=_moment(ends))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(max(0, min(seconds, _LAST)), UTC)
