// What people do with channels: create one, set its topic, bring people in, leave, archive.

import { post } from "./api.js";
import { asked } from "./confirm.js";
import { openMenu } from "./menu.js";
import { refresh } from "./refresh.js";
import { go, route } from "./route.js";
import { botUser, channelOf, humans, listedName } from "./store.js";
import { attempt } from "./toast.js";

async function act(what, body) {
  const answer = await attempt(() => post(`/sandbox/${what}`, { as: route.as, channel: route.channel, ...body }));
  await refresh();
  return answer;
}

/** The menu behind a channel's name. */
export function openChannelMenu(anchor) {
  const channel = channelOf(route.channel);
  const inside = channel.member && !channel.is_archived;
  openMenu(anchor, [
    inside && { label: "Set the topic", choose: () => setTopic(channel) },
    inside && { label: "Add people or the app", choose: () => addPeople(anchor, channel) },
    inside && { label: "Leave channel", choose: () => act("leave", {}) },
    channel.is_archived ? { label: "Unarchive channel", choose: () => act("unarchive", {}) } : { label: "Archive channel", danger: true, choose: () => act("archive", {}) },
    { label: "Copy channel ID", note: channel.id, choose: () => navigator.clipboard.writeText(channel.id).catch(() => undefined) },
  ].filter(Boolean));
}

async function setTopic(channel) {
  const given = await asked({ title: "Set the topic", fields: [{ name: "topic", label: "Topic", value: channel.topic }], submit: "Save" });
  if (given) await act("topic", given);
}

function addPeople(anchor, channel) {
  const bot = botUser();
  const others = [...humans(), ...(bot ? [bot] : [])].filter((one) => !channel.members.includes(one.id));
  openMenu(anchor, others.length ? others.map((one) => ({ label: listedName(one), note: one.is_bot ? "App" : `@${one.name}`, choose: () => act("invite", { user: one.id }) }))
    : [{ label: "Everybody is here", choose: () => undefined }]);
}

/** Ask for a name and create a channel of that name. */
export async function createChannel() {
  const given = await asked({ title: "Create a channel", submit: "Create",
    fields: [{ name: "name", label: "Name, such as team-payments" }, { name: "is_private", label: "Private: only people who are invited see it", check: true }] });
  if (!given) return;
  const name = given.name.replace(/^#/, "").toLowerCase().replaceAll(" ", "-");
  const made = await act("create", { ...given, name });
  if (made) go({ channel: made.channel, thread: null, home: false });
}
