// What can be done with a message: react, reply, and the menu behind the three dots, with the app's shortcuts in it.

import { post, postToApp } from "./api.js";
import { confirmed } from "./confirm.js";
import { h, icon } from "./dom.js";
import { EMOJI, REACTIONS } from "./emoji.js";
import { openMenu } from "./menu.js";
import { refresh } from "./refresh.js";
import { hrefTo, route } from "./route.js";
import { store } from "./store.js";
import { isSystem } from "./system.js";
import { attempt, toast } from "./toast.js";

/** The bar that appears over a message. `place` as in message.js. */
export function toolbar(message, place) {
  const tool = (name, label, run, more = {}) => h("button", { class: "tool", type: "button", title: label, "aria-label": label, tabindex: -1, data: { key: `tool/${name}` }, on: { click: run }, ...more }, icon(name));
  return h("div", { class: "tools", role: "toolbar", "aria-label": "Message actions" },
    tool("smile", "Add reaction", (event) => pickReaction(event.currentTarget, message)),
    !place.inThread && tool("reply", "Reply in thread", () => { location.hash = hrefTo({ thread: message.thread_ts ?? message.ts }); }),
    tool("more", "More message actions", (event) => openMenu(event.currentTarget, choices(message, place)), { "aria-haspopup": "menu" }));
}

/** Choose a reaction and add it, or take one's own away. */
export function pickReaction(anchor, message) {
  openMenu(anchor, REACTIONS.map((name) => ({ label: EMOJI[name], title: name.replaceAll("_", " "), choose: () => react(message, name) })), { grid: true });
}

/** Add this reaction, or take it away when it is one's own already. */
export async function react(message, name) {
  const mine = message.reactions?.find((one) => one.name === name)?.users.includes(route.as);
  await act(mine ? "unreact" : "react", message, { name });
}

function choices(message, place) {
  const mine = message.user === route.as && !message.bot_id && !isSystem(message);
  const shortcuts = store.shortcuts.filter((one) => one.type === "message");
  return [
    mine && { label: "Edit message", choose: () => place.edit(message) },
    place.pinned ? { label: "Unpin from this channel", choose: () => act("unpin", message) } : { label: "Pin to this channel", choose: () => act("pin", message) },
    { label: "Copy link", choose: () => copyLink(message) },
    ...shortcuts.map((one) => ({ label: one.name, note: one.description || "Shortcut of the app", choose: () => runShortcut(one, message) })),
    mine && { label: "Delete message", danger: true, choose: () => erase(message) },
  ].filter(Boolean);
}

async function act(what, message, more = {}) {
  await attempt(() => post(`/sandbox/${what}`, { as: route.as, channel: route.channel, ts: message.ts, ...more }));
  await refresh();
}

async function erase(message) {
  const sure = await confirmed({ title: "Delete message", text: { type: "plain_text", text: "Are you sure that you want to delete this message? This cannot be undone." }, confirm: "Delete", style: "danger" });
  if (sure) await act("delete", message);
}

async function copyLink(message) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}&cid=${route.channel}` : "";
  const address = `${store.team.url.replace(/\/$/, "")}/archives/${route.channel}/p${message.ts.replace(".", "")}${thread}`;
  await navigator.clipboard.writeText(address).then(() => toast("Link copied."), () => toast(address));
}

/** Choose a shortcut of the app: a message's, or a global one. */
export async function runShortcut(shortcut, message = null) {
  const where = message ? { channel: route.channel, ts: message.ts } : {};
  await attempt(() => postToApp(message ? "/sandbox/message_shortcut" : "/sandbox/shortcut", { as: route.as, callback_id: shortcut.callback_id, ...where }), shortcut.name);
  await refresh();
}

/** The newest message of the acting person among these, to correct it; undefined when there is none. */
export const lastOwn = (messages) => messages.findLast((one) => one.user === route.as && !one.bot_id && !isSystem(one) && !one.ephemeral_for);
