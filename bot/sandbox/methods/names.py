"""Every method that Slack has or had, so that "not in this sandbox" and "not in Slack" are different answers.

Sources: https://docs.slack.dev/reference/methods (October 2026), slack_sdk 3.47, the Java SDK's MethodsRateLimits.java.
"""

from typing import Final

from bot.sandbox.errors import SlackError

NOT_BUILT: Final = "method_not_supported_by_sandbox"
MANUAL: Final = "docs/sandbox.md"

# A line a family; what follows the colon is appended to it.
_CURRENT: Final = """
admin: analytics.getFile analytics.messages.activity analytics.messages.metadata apps.activities.list apps.approve
  apps.approved.list apps.clearResolution apps.config.lookup apps.config.set apps.mcp.servers.list
  apps.mcp.servers.permissions.list apps.mcp.servers.permissions.set apps.permissions.add apps.permissions.list
  apps.permissions.remove apps.permissions.set apps.requests.cancel apps.requests.list apps.restrict
  apps.restricted.list apps.uninstall audit.anomaly.allow.getItem audit.anomaly.allow.updateItem
  auth.policy.assignEntities auth.policy.getEntities auth.policy.removeEntities barriers.create barriers.delete
  barriers.list barriers.update conversations.archive conversations.bulkArchive conversations.bulkDelete
  conversations.bulkMove conversations.bulkSetExcludeFromSlackAi conversations.bulkSetProperties
  conversations.convertToPrivate conversations.convertToPublic conversations.create conversations.createForObjects
  conversations.delete conversations.disconnectShared conversations.ekm.listOriginalConnectedChannelInfo
  conversations.getConversationPrefs conversations.getCustomRetention conversations.getTeams conversations.invite
  conversations.linkObjects conversations.lookup conversations.removeCustomRetention conversations.rename
  conversations.restrictAccess.addGroup conversations.restrictAccess.listGroups
  conversations.restrictAccess.removeGroup conversations.search conversations.setConversationPrefs
  conversations.setCustomRetention conversations.setTeams conversations.unarchive conversations.unlinkObjects
  conversations.whitelist.add conversations.whitelist.listGroupsLinkedToChannel conversations.whitelist.remove
  emoji.add emoji.addAlias emoji.list emoji.remove emoji.rename functions.list functions.permissions.lookup
  functions.permissions.set inviteRequests.approve inviteRequests.approved.list inviteRequests.denied.list
  inviteRequests.deny inviteRequests.list roles.addAssignments roles.listAssignments roles.removeAssignments
  slackbot.skills.list slackbot.skills.publish slackbot.skills.setAutoEnabled slackbot.skills.unpublish
  teams.admins.list teams.create teams.list teams.owners.list teams.settings.info teams.settings.setDefaultChannels
  teams.settings.setDescription teams.settings.setDiscoverability teams.settings.setIcon teams.settings.setName
  usergroups.addChannels usergroups.addTeams usergroups.addUsers usergroups.create usergroups.fetch
  usergroups.listChannels usergroups.removeChannels usergroups.removeTeams usergroups.removeUsers usergroups.update
  usergroups.uploadUsers users.assign users.getExpiration users.invite users.list users.remove
  users.session.clearSettings users.session.getSettings users.session.invalidate users.session.list
  users.session.reset users.session.resetBulk users.session.setSettings users.setAdmin users.setExpiration
  users.setOwner users.setRegular users.unsupportedVersions.export workflows.collaborators.add
  workflows.collaborators.remove workflows.permissions.lookup workflows.search
  workflows.triggers.types.permissions.lookup workflows.triggers.types.permissions.set workflows.unpublish
agents: conversations.archive conversations.create conversations.getCanvas conversations.listViews
  conversations.removeView conversations.setCanvasContent conversations.setCommands conversations.setProperties
  conversations.setView sessions.rename sessions.setStatus
api: test
apps: activities.list auth.external.delete auth.external.get connections.open datastore.bulkDelete datastore.bulkGet
  datastore.bulkPut datastore.count datastore.delete datastore.get datastore.put datastore.query datastore.update
  event.authorizations.list icon.set managed.permissions.set manifest.create manifest.delete manifest.export
  manifest.update manifest.validate permissions.info permissions.request permissions.resources.list
  permissions.scopes.list permissions.users.list permissions.users.request uninstall user.connection.bulkUpdate
  user.connection.requestAuth user.connection.update
assistant: search.context search.info threads.setStatus threads.setSuggestedPrompts threads.setTitle
auth: revoke teams.list test
blocks: validate
bookmarks: add edit list remove
bots: info
calls: add end info participants.add participants.remove update
canvases: access.delete access.set create delete edit getContent sections.lookup
chat: appendStream delete deleteScheduledMessage getPermalink meMessage postEphemeral postMessage scheduleMessage
  scheduledMessages.list startStream stopStream unfurl update
conversations: acceptSharedInvite approveSharedInvite archive canvases.create close create declineSharedInvite
  externalInvitePermissions.set history info invite inviteShared join kick leave list listConnectInvites mark
  members open rename replies requestSharedInvite.approve requestSharedInvite.deny requestSharedInvite.list
  setPurpose setTopic unarchive
developer: apps.owners.add apps.owners.list apps.owners.remove
dialog: open
dnd: endDnd endSnooze info setSnooze teamInfo
emoji: list
entity: acknowledgeCommentAction presentComments presentDetails
files: comments.delete completeUploadExternal delete getUploadURLExternal info list
  remote.add remote.info remote.list remote.remove remote.share remote.update revokePublicURL sharedPublicURL
functions: completeError completeSuccess distributions.permissions.add distributions.permissions.list
  distributions.permissions.remove distributions.permissions.set workflows.steps.list
  workflows.steps.responses.export
migration: exchange
oauth: access token v2.access v2.beginShortTokenRotation v2.completeShortTokenRotation v2.exchange v2.user.access
openid: connect.token connect.userInfo
pins: add list remove
reactions: add get list remove
reminders: add complete delete info list
rtm: connect start
search: all files messages
slackLists: access.delete access.set create download.get download.start items.create items.delete
  items.deleteMultiple items.info items.list items.update update
slackbot: skills.create skills.delete skills.info skills.library.add skills.library.remove skills.list skills.update
stars: add list remove
team: accessLogs billableInfo billing.info externalTeams.disconnect externalTeams.list info integrationLogs
  preferences.list profile.get
tooling: tokens.rotate
usergroups: create disable enable list update users.list users.update
users: conversations deletePhoto discoverableContacts.lookup getPresence identity info list lookupByEmail
  profile.get profile.set setActive setPhoto setPresence
views: open publish push update
workflows: featured.add featured.list featured.remove featured.set stepCompleted stepFailed triggers.permissions.add
  triggers.permissions.list triggers.permissions.remove triggers.permissions.set updateStep
"""
# Slack retired these (https://docs.slack.dev/changelog/2020-01-deprecating-antecedents-to-the-conversations-api and
# https://docs.slack.dev/changelog/2024-04-a-better-way-to-upload-files-is-here-to-stay).
_RETIRED: Final = """
channels: archive create history info invite join kick leave list mark rename replies setPurpose setTopic unarchive
groups: archive close create createChild history info invite kick leave list mark open rename replies setPurpose
  setTopic unarchive
im: close history list mark open replies
mpim: close history list mark open replies
files: upload comments.add comments.edit
presence: set
"""


def _spelled_out(table: str) -> frozenset[str]:
    names: set[str] = set()
    family = ""
    for word in table.split():
        if word.endswith(":"):
            family = word.removesuffix(":")
        else:
            names.add(f"{family}.{word}")
    return frozenset(names)


RETIRED: Final = _spelled_out(_RETIRED)
NAMES: Final = _spelled_out(_CURRENT) | RETIRED


def refusal(method: str) -> SlackError:
    """Build the answer to a method that has no handler: retired, not built here, or no method of Slack at all."""
    if method in RETIRED:
        return SlackError("method_deprecated")
    if method in NAMES:
        detail = f"Slack has {method}, this sandbox has not: {MANUAL} lists what is built."
        return SlackError(NOT_BUILT, detail={"detail": detail})
    return SlackError("unknown_method", detail={"req_method": method})
