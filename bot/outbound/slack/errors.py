"""The one table from what Slack answers to what we must do.

Not applied (send again): no connection, 429, most `ok: false`. Applied: `ok: true`. Unknown (look before sending
again): a timeout or a close after bytes were sent, any 5xx, an answer that cannot be read, and the codes of `UNKNOWN`.
Codes: https://docs.slack.dev/reference/methods.

A code in `LATER` was not applied and may be accepted later; in `NEVER` it will not be without a person, so its sentence
says what the person can do; in `OURS` the call itself was wrong, which is a fault of Muster. A code that stands nowhere
is tried again later: Slack adds codes.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.errors import DeliveryError, TryLater, Uncertain, Undeliverable
from bot.outbound.slack.port import BlocksRefused, ChannelGone, MessageGone, NameTaken, NotInChannel

# Slack has trouble of its own, whatever is asked.
TROUBLE: Final = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
UNKNOWN: Final = TROUBLE | {
    "duplicate_channel_not_found",
    "duplicate_message",
    "duplicate_message_not_found",
    "update_failed",
}

SOON: Final = timedelta(seconds=5)
IN_A_MINUTE: Final = timedelta(minutes=1)
WHEN_MENDED: Final = timedelta(minutes=5)
LIMITED: Final = frozenset({"message_limit_exceeded", "rate_limited", "ratelimited", "too_many_requests"})
# How long to pause when a refusal for haste does not say.
PAUSE: Final = timedelta(seconds=30)

_REINSTALL = (
    "reinstall the app at https://api.slack.com/apps, put its new bot token into SLACK_BOT_TOKEN and restart Muster"
)

LATER: Final[Mapping[str, tuple[timedelta, str]]] = {
    "access_denied": (WHEN_MENDED, "Slack denies us access; an administrator can allow it"),
    "accesslimited": (WHEN_MENDED, "Slack is not to be used from this network; an administrator can allow it"),
    "account_inactive": (WHEN_MENDED, f"The app was removed from the workspace: {_REINSTALL}"),
    "draft_has_conflict": (SOON, "Slack is busy with this message"),
    "ekm_access_denied": (WHEN_MENDED, "An administrator has suspended posting"),
    "enterprise_is_restricted": (WHEN_MENDED, "An administrator must allow the app in the organisation"),
    "external_channel_migrating": (IN_A_MINUTE, "The channel is being moved to another workspace"),
    "fetch_members_failed": (SOON, "Slack could not read who is in the channel"),
    "invalid_auth": (WHEN_MENDED, f"Slack does not accept the bot token: {_REINSTALL}"),
    "invalid_cursor": (SOON, "Slack lost our place in a list"),
    "list_record_comment_fetch_failed": (SOON, "Slack could not read the thread"),
    "message_limit_exceeded": (IN_A_MINUTE, "The workspace has sent too many messages for its plan"),
    "not_authed": (WHEN_MENDED, f"Slack got no bot token: {_REINSTALL}"),
    "not_in_channel": (SOON * 6, "I am not in the channel: type /invite @muster there"),
    "org_login_required": (IN_A_MINUTE, "The workspace is being moved into an organisation"),
    "rate_limited": (PAUSE, "Slack asked us to slow down"),
    "ratelimited": (PAUSE, "Slack asked us to slow down"),
    "streaming_state_conflict": (SOON, "Slack is busy with this message"),
    "team_access_not_granted": (WHEN_MENDED, "An administrator must grant the app access to this workspace"),
    "team_added_to_org": (IN_A_MINUTE, "The workspace is being moved into an organisation"),
    "token_expired": (WHEN_MENDED, f"The bot token has expired: {_REINSTALL}"),
    "token_revoked": (WHEN_MENDED, f"The bot token was revoked: {_REINSTALL}"),
    "too_many_requests": (SOON, "Slack asked us to slow down"),
    "two_factor_setup_required": (WHEN_MENDED, "The workspace asks for two-factor authentication of the app's owner"),
}

_POSTING = "a workspace setting forbids it; an administrator can allow the app under Permissions > Messaging"
_FILES = "the workspace does not allow such files; an administrator can"
_CONNECT = "an administrator has forbidden this in channels shared with others"
_GUEST = "is a guest who may not join this channel"

NEVER: Final[Mapping[str, str]] = {
    "already_archived": "the channel is archived already",
    "already_in_channel": "is in the channel already",
    "block_mismatch": "Slack does not replace this kind of message",
    "cannot_create_channel": "Slack does not let the app create channels here; an administrator can allow it",
    "cannot_reply_to_message": "this message cannot have replies",
    "cant_invite": "cannot be invited to this channel",
    "cant_delete_message": "the workspace does not let the app take this message out",
    "cant_invite_self": "is the app itself",
    "cant_update_message": "the message is not the app's own any more (was the app reinstalled?)",
    "channel_is_limited_access": "the app may not see the channel; ask its owner to add the app",
    "edit_window_closed": "a workspace setting forbids editing old messages; an administrator can allow it",
    "exchanged_trigger_id": "the form was opened already",
    "expired_trigger_id": "the form took too long to open; press the button again",
    "file_not_found": "the uploaded file is gone",
    "file_type_not_allowed": _FILES,
    "file_update_failed": "Slack could not finish the upload",
    "file_upload_size_restricted": "the file is larger than the workspace allows",
    "file_uploads_disabled": "the workspace does not allow uploads; an administrator can",
    "file_uploads_except_images_disabled": _FILES,
    "hash_conflict": "the form has changed meanwhile",
    "invalid_user_combination": "Slack does not allow a conversation with this person",
    "invitee_cant_see_channel": "is in none of the workspaces that share this channel",
    "messages_tab_disabled": "the app's Messages tab is off: turn it on under App Home at https://api.slack.com/apps",
    "method_not_supported_for_channel_type": "this kind of channel will not do: configure a public or private one",
    "no_external_invite_permission": "is from outside, and the app may not invite people from outside",
    "no_permission": "the workspace does not let the app do this; an administrator can allow it",
    "not_allowed_token_type": "this kind of token cannot be used: SLACK_BOT_TOKEN must be a bot token (xoxb-…)",
    "not_found": "the form is not open any more",
    "not_implemented": "the workspace has no bookmarks",
    "org_user_not_in_team": "is not a member of this workspace",
    "no_such_subteam": "there is no such user group any more",
    "plan_upgrade_required": "user groups need a paid plan of Slack",
    "not_enabled": "the Home tab is not enabled: give the app the newest manifest (muster manifest)",
    "permission_denied": "the workspace does not let the app add bookmarks; an administrator can allow it",
    "posting_to_channel_denied": "the app may not share files in this channel; an administrator can allow it",
    "restricted_action": _POSTING,
    "restricted_action_non_threadable_channel": "the channel allows no threads: configure another channel",
    "restricted_action_read_only_channel": "the channel is read-only: configure another one, or let the app post there",
    "restricted_action_thread_locked": "an administrator has locked the thread",
    "restricted_action_thread_only_channel": "the channel allows only replies: configure another channel",
    "slack_connect_blocked_file_type": _CONNECT,
    "slack_connect_canvas_sharing_blocked": _CONNECT,
    "slack_connect_clip_sharing_blocked": _CONNECT,
    "slack_connect_file_link_sharing_blocked": _CONNECT,
    "slack_connect_file_upload_sharing_blocked": _CONNECT,
    "slack_connect_lists_sharing_blocked": _CONNECT,
    "storage_limit_reached": "the workspace has no file storage left",
    "team_not_found": "Slack does not know the workspace",
    "too_many_bookmarks": "the channel has as many bookmarks as Slack allows",
    "too_many_members": "the channel has as many members as Slack allows",
    "too_many_tabs": "the channel has as many tabs as Slack allows",
    "ura_max_channels": _GUEST,
    "user_disabled": "the account is deactivated",
    "user_is_restricted": _GUEST,
    "user_not_in_channel": "is not in the channel",
    "user_not_found": "Slack does not know this person",
    "user_not_visible": "the app may not see this person",
    "users_not_found": "nobody has this e-mail address",
}

OURS: Final = frozenset(
    """
    alt_txt_too_large as_user_not_supported attachment_payload_limit_exceeded blocked_file_type
    cannot_bookmark_from_external_org cannot_bookmark_restricted_sharing_enabled cant_broadcast_message
    canvas_disabled_user_team cant_archive_general cant_archive_required channels_limit_exceeded deprecated_endpoint
    draft_already_deleted draft_already_sent
    draft_not_found duplicate_external_id file_already_added file_deleted file_is_deleted file_share_limit_reached
    invalid_app_action_type invalid_arg_name invalid_arguments invalid_array_arg invalid_attachments invalid_blocks
    invalid_blocks_format invalid_bookmark_type invalid_charset invalid_child_type invalid_emoji invalid_entity_id
    invalid_form_data invalid_limit invalid_link invalid_metadata_filter_keys invalid_metadata_format
    invalid_metadata_schema invalid_name invalid_name_maxlength invalid_name_punctuation invalid_name_required
    invalid_name_specials invalid_parent_type invalid_post_type invalid_shortcut_type invalid_trigger_id
    invalid_ts_latest invalid_ts_oldest invalid_types limit_required markdown_text_conflict max_file_sharing_exceeded
    metadata_must_be_sent_from_app metadata_too_large method_deprecated missing_argument missing_file_data
    missing_post_type missing_profile_id msg_blocks_too_long msg_too_long no_channel no_dual_broadcast_content_update
    no_text no_user not_enough_users parent_bookmark_disabled parent_with_link snippet_too_large too_long
    too_many_attachments too_many_contact_cards too_many_users unable_to_share_files unknown_method unknown_snippet_type
    unknown_subtype users_list_not_supplied view_too_large
    """.split()  # noqa: SIM905 - a table of words reads best as words
)

# What conversations.invite says of single people rather than of the call.
REFUSALS_OF_PEOPLE: Final = frozenset(
    {
        "already_in_channel",
        "cant_invite",
        "cant_invite_self",
        "invitee_cant_see_channel",
        "no_external_invite_permission",
        "org_user_not_in_team",
        "ura_max_channels",
        "user_disabled",
        "user_is_restricted",
        "user_not_found",
    }
)

# Refusals that a performer knows how to answer.
KNOWN: Final[Mapping[str, tuple[type[Undeliverable], str]]] = {
    "channel_not_found": (
        ChannelGone,
        "the channel does not exist, or the app is not in it: type /invite @muster there",
    ),
    "invalid_channel": (ChannelGone, "the channel does not exist, or the app is not in it: type /invite @muster there"),
    "is_archived": (ChannelGone, "the channel is archived: unarchive it, or configure another one"),
    "is_inactive": (ChannelGone, "the channel is archived or deleted: unarchive it, or configure another one"),
    "message_not_found": (MessageGone, "the message was deleted"),
    "name_taken": (NameTaken, "there is a channel of this name already"),
    "thread_not_found": (MessageGone, "the message to answer was deleted"),
}


def refusal(
    method: str, code: str, *, needed: str = "", after: timedelta | None = None, details: str = ""
) -> DeliveryError:
    """Return what an `ok: false` means. `needed` is the scope that a missing_scope asks for, `after` a Retry-After."""
    if code in UNKNOWN:
        return Uncertain(f"Slack answered {code} to {method}", away=code in TROUBLE)
    if code in LATER:
        usual, sentence = LATER[code]
        kind_of_later = NotInChannel if code == "not_in_channel" else TryLater
        return kind_of_later(f"{sentence} ({method}: {code})", after=after or usual)
    if code == "missing_scope":
        scope = needed or "a scope"
        advice = f"add it under OAuth & Permissions at https://api.slack.com/apps and reinstall the app ({method})"
        return Undeliverable(f"Slack: the app lacks {scope}; {advice}")
    if code in KNOWN:
        kind, sentence = KNOWN[code]
        return kind(f"Slack: {sentence} ({method}: {code})")
    if code in NEVER:
        return Undeliverable(f"Slack: {NEVER[code]} ({method}: {code})")
    if code in OURS:
        said = f": {details}" if details else ""
        kind = BlocksRefused if code == "invalid_blocks" else Undeliverable
        return kind(f"Slack does not accept what Muster sent ({method}: {code}{said}); please report this fault")
    return TryLater(f"Slack refused with a code that Muster does not know ({method}: {code})", after=IN_A_MINUTE)


def why_not_invited(code: str) -> str:
    """Return why somebody could not be brought into a channel."""
    return NEVER.get(code, f"Slack answered {code}")
