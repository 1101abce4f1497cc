// The head of the main column: the channel's name, topic, members and switches; the bookmarks bar with the pins below it.

import { post } from "./api.js";
import { showPaper } from "./confirm.js";
import { h, icon, swap } from "./dom.js";
import { emoji } from "./emoji.js";
import { link } from "./links.js";
import { openChannelMenu } from "./housework.js";
import { markdown } from "./markdown.js";
import { openMenu } from "./menu.js";
import { inline, plain } from "./mrkdwn.js";
import { refresh } from "./refresh.js";
import { channelHref, go, hrefTo, route } from "./route.js";
import { botUser, channelOf, personOf, store, titleOf } from "./store.js";
import { openDirect } from "./sidebar.js";
import { attempt } from "./toast.js";

let shown = "";

/** Draw header and bookmarks anew when anything in them changed. */
export function showHeader(header, bookmarks, { toggleSidebar, showHint }) {
  const channel = channelOf(route.channel);
  const now = JSON.stringify([route, channel, store.team, [...store.people.values()], store.canvases, channel?.pins?.map((ts) => store.messages.find((one) => one.ts === ts)?.text)]);
  if (now === shown) return;
  shown = now;
  const bot = botUser();
  const withBot = route.home || (channel?.is_im && channel.with === bot?.id);
  document.title = `${route.home ? bot?.real_name : channel ? `${channel.is_im ? "" : "#"}${titleOf(channel)}` : "Sandbox"} · ${store.team.name} sandbox`;
  swap(header,
    h("button", { class: "btn plain icon-only only-narrow", type: "button", "aria-label": "Show channels", data: { key: "menu" }, on: { click: toggleSidebar } }, icon("menu")),
    withBot ? name(bot.real_name, "") : channel && name(titleOf(channel), channel.is_im ? "" : channel.is_private ? icon("lock") : "#", !channel.is_im),
    !withBot && channel?.topic && h("div", { class: "topic", title: channel.topic }, inline(channel.topic)),
    h("div", { class: "head-tools" },
      !withBot && channel && !channel.is_im && members(channel),
      h("button", { class: "btn plain", type: "button", "aria-label": "Calls", "aria-pressed": String(route.calls), data: { key: "calls" }, on: { click: () => go({ calls: !route.calls }) } }, icon("calls"), h("span", { class: "wide-only" }, "Calls")),
      h("button", { class: "btn plain icon-only", type: "button", "aria-label": "What to try", title: "What to try", data: { key: "help" }, on: { click: showHint } }, icon("help"))));
  swap(bookmarks, withBot ? tabs(bot) : channel ? bar(channel) : []);
  bookmarks.hidden = !bookmarks.childElementCount;
}

function name(title, lead, menu = false) {
  const said = [lead && h("span", { class: "hash" }, lead), h("span", { class: "cut" }, title)];
  return h("h2", { class: "channel-name" }, menu ? h("button", { class: "name-button", type: "button", "aria-haspopup": "menu", title, data: { key: "name" },
    on: { click: (event) => openChannelMenu(event.currentTarget) } }, said, icon("down")) : said);
}

function members(channel) {
  const list = (event) => openMenu(event.currentTarget, channel.members.map((id) => ({
    label: personOf(id).real_name, note: personOf(id).is_bot ? "App" : `@${personOf(id).name}`, choose: () => (id === route.as ? undefined : openDirect(id)),
  })));
  return h("button", { class: "btn plain", type: "button", "aria-haspopup": "menu", "aria-label": `${channel.members.length} members`, title: "Members", data: { key: "members" }, on: { click: list } },
    icon("people"), String(channel.members.length));
}

function bar(channel) {
  const pins = channel.pins ?? [];
  return [
    pins.length > 0 && h("button", { class: "bookmark", type: "button", "aria-haspopup": "menu", data: { key: "pins" }, on: { click: (event) => listPins(event.currentTarget, pins) } },
      icon("pin"), `${pins.length} pinned`),
    store.canvases.map((one) => h("button", { class: "bookmark", type: "button", "aria-haspopup": "dialog", data: { key: `canvas/${one.id}` }, on: { click: () => showPaper(one.title, markdown(one.markdown)) } }, icon("file"), one.title)),
    (channel.bookmarks ?? []).map((one) => link(one.link,
      [one.emoji ? emoji(one.emoji.replaceAll(":", "")) : icon("bookmark"), h("span", {}, plain(one.title))], { class: "bookmark", data: { key: `b/${one.id}` } })),
  ];
}

function listPins(anchor, pins) {
  openMenu(anchor, pins.map((ts) => {
    const message = store.messages.find((one) => one.ts === ts);
    const text = message?.text?.split("\n")[0] ?? "A message";
    return { label: words(text).slice(0, 90), choose: () => jumpTo(message) };
  }));
}

/** Mrkdwn as bare words: a menu's item holds no links. */
const words = (source) => h("span", {}, inline(source)).textContent;

function jumpTo(message) {
  if (message) go({ thread: message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : null, at: message.ts });
}

function tabs(bot) {
  const room = store.channels.find((one) => one.is_im && one.with === bot.id);
  const tab = (label, href, current, run) => h("a", { class: `tab${current ? " current" : ""}`, href, "aria-current": current ? "page" : null, data: { key: `tab/${label}` }, on: run ? { click: run } : {} }, label);
  return [
    tab("Home", hrefTo({ home: true }), route.home),
    room ? tab("Messages", channelHref(room.id), !route.home) : tab("Messages", hrefTo({ home: true }), false, (event) => { event.preventDefault(); void openDirect(bot.id); }),
  ];
}

/** Join the open channel. */
export async function join() {
  await attempt(() => post("/sandbox/join", { as: route.as, channel: route.channel }));
  await refresh();
}
