"""Slack's JSON, read into our own values (https://docs.slack.dev/reference/objects)."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.ids import ChannelId, MessageTs, UserId
from bot.domain.permissions import Account
from bot.outbound.slack.port import Identity, OpenedView, Person, Room, ViewId, Written


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
