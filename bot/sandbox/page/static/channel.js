// The messages of the open channel and of the open thread, as rows with dividers between the days.

import { post } from "./api.js";
import { avatar, h, icon, swap } from "./dom.js";
import { leavePanel, walkMessages } from "./keyboard.js";
import { authorOf, epoch, messageRow } from "./message.js";
import { decode, inline } from "./mrkdwn.js";
import { refresh } from "./refresh.js";
import { go, hrefTo, route } from "./route.js";
import { channelOf, personOf, store, titleOf } from "./store.js";
import { isSystem, joinTogether } from "./system.js";
import { Timeline } from "./timeline.js";
import { dayKey, dayName } from "./time.js";
import { attempt } from "./toast.js";
import { lastOwn } from "./tools.js";

const TOGETHER = 300; // seconds within which somebody's next message goes without their name
const dismissed = new Set();
let redraw = () => {};
let editing = null;

/** Draws into `#messages` and `#thread`; `composer` is the thread's composer. */
export class ChannelView {
  constructor({ messages, thread, composer }) {
    this.main = new Timeline(messages);
    this.container = messages;
    this.thread = thread;
    this.composer = composer;
    this.list = h("div", { class: "messages thread-list", role: "log", "aria-live": "off", "aria-label": "Replies" });
    this.settle = [walkMessages(messages), walkMessages(this.list)];
    leavePanel(thread, () => go({ thread: null }));
    this.replies = new Timeline(this.list);
    this.head = h("header", { class: "panel-head" });
    thread.append(this.head, this.list, composer.node);
    redraw = () => this.draw();
  }

  draw() {
    this.container.hidden = route.home;
    if (!route.home) {
      this.#noteNew();
      this.main.patch(this.#mainRows(), `${route.as}/${route.channel}`);
    }
    this.#drawThread();
    for (const settle of this.settle) settle();
    if (route.at) this.#jump(route.at);
  }

  /** Show the message that a link named, once: afterwards the reader goes where they like. */
  #jump(ts) {
    if (store.messagesOf !== route.channel || !(this.replies.show(ts) || this.main.show(ts))) return;
    history.replaceState(null, "", hrefTo({}));
    route.at = null;
  }

  /** Let the reader correct what they said last here, or in the thread. */
  editLast({ inThread }) {
    const found = lastOwn(visible().filter((one) => (inThread ? one.thread_ts === route.thread : !one.thread_ts || one.thread_ts === one.ts)));
    if (!found) return;
    editing = found.ts;
    this.draw();
  }

  /** Where the unread messages begin, found when the channel is opened: looking at it makes them read. */
  #noteNew() {
    const place = `${route.as}/${route.channel}`;
    if (place === this.place || store.messagesOf !== route.channel) return;
    this.place = place;
    const unread = channelOf(route.channel)?.unread ?? 0;
    const others = visible().filter((one) => one.user !== route.as && !isSystem(one) && !one.ephemeral_for);
    this.newFrom = unread && unread < others.length ? others.at(-unread).ts : null;
  }

  #mainRows() {
    const top = visible().filter((one) => !one.thread_ts || one.thread_ts === one.ts || one.subtype === "thread_broadcast");
    const replies = new Map(top.map((one) => [one.ts, store.messages.filter((other) => other.thread_ts === one.ts && other.ts !== one.ts && !other.ephemeral_for)]));
    const rows = [{ key: "intro", sig: JSON.stringify([epoch(), channelOf(route.channel)]), build: intro }];
    return [...rows, ...withDays(joinTogether(top), (one, before) => row(one, before, { inThread: false, replies: replies.get(one.ts) }), this.newFrom)];
  }

  #drawThread() {
    const root = store.messages.find((one) => one.ts === route.thread);
    const open = Boolean(route.thread && root && !route.home);
    const asked = open && this.thread.hidden && this.container.contains(document.activeElement);
    this.thread.hidden = !open;
    document.getElementById("app").classList.toggle("has-thread", open);
    if (!open) return;
    const channel = channelOf(route.channel);
    swap(this.head, h("div", {}, h("h2", {}, "Thread"), h("span", { class: "note" }, channel.is_im ? titleOf(channel) : `#${channel.name}`)),
      h("button", { class: "btn plain icon-only", type: "button", "aria-label": "Close thread", data: { key: "x" }, on: { click: () => go({ thread: null }) } }, icon("close")));
    const all = visible().filter((one) => one.thread_ts === root.ts || one.ts === root.ts);
    const replies = all.filter((one) => one.ts !== root.ts);
    const rows = [row(root, null, { inThread: true, replies: [] }),
      ...(replies.length ? [{ key: "count", sig: String(replies.length), build: () => h("div", { class: "divider left", role: "separator" }, h("span", {}, `${replies.length} ${replies.length === 1 ? "reply" : "replies"}`)) }] : []),
      ...replies.map((one, at) => row(one, replies[at - 1], { inThread: true, replies: [] }))];
    this.replies.patch(rows, `${route.as}/${route.channel}/${root.ts}`);
    this.composer.update();
    if (asked) this.composer.box.focus();
  }
}

const visible = () => store.messages.filter((one) => !dismissed.has(one.ts) && (!one.ephemeral_for || one.ephemeral_for === route.as));

function withDays(messages, make, newFrom) {
  const rows = [];
  let day = null;
  let before = null;
  for (const message of messages) {
    if (dayKey(message.ts) !== day) {
      day = dayKey(message.ts);
      const name = dayName(message.ts);
      rows.push({ key: `day/${day}`, sig: name, build: () => h("div", { class: "divider", role: "separator" }, h("span", {}, name)) });
      before = null;
    }
    if (message.ts === newFrom) {
      rows.push({ key: "new", sig: newFrom, build: () => h("div", { class: "divider new", role: "separator" }, h("span", {}, "New")) });
      before = null;
    }
    rows.push(make(message, before));
    before = message;
  }
  return rows;
}

function row(message, before, { inThread, replies }) {
  const grouped = Boolean(before && !message.blocks?.length && authorOf(before).id === authorOf(message).id && before.username === message.username
    && !before.reply_count && !message.ephemeral_for && !before.ephemeral_for && !message.subtype && !before.subtype
    && Number(message.ts) - Number(before.ts) < TOGETHER);
  const pinned = (channelOf(route.channel)?.pins ?? []).some((pin) => (pin.ts ?? pin) === message.ts);
  const edited = editing === message.ts;
  const place = {
    grouped, inThread, pinned, replies,
    dismiss: () => { dismissed.add(message.ts); redraw(); },
    edit: (one) => { editing = one.ts; redraw(); },
  };
  return {
    key: `${message.ts}${message.ephemeral_for ? "e" : ""}`,
    sig: JSON.stringify([message, grouped, pinned, edited, replies.map((one) => one.ts), epoch()]),
    build: () => (edited ? editor(message) : messageRow(message, place)),
  };
}

/** The message as a text box, until it is saved or left. */
function editor(message) {
  const box = h("textarea", { class: "input", rows: 3, "aria-label": "Edit message", value: typed(message.text) });
  const end = () => { editing = null; redraw(); };
  const save = async () => {
    await attempt(() => post("/sandbox/edit", { as: route.as, channel: route.channel, ts: message.ts, text: box.value }));
    editing = null;
    await refresh();
    redraw();
  };
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end();
    else if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); void save(); }
  });
  queueMicrotask(() => box.focus());
  return h("article", { class: "message editing", data: { row: message.ts } }, h("div", { class: "m-gutter" }, avatar(authorOf(message))),
    h("div", { class: "m-body" }, box, h("div", { class: "edit-foot" },
      h("button", { class: "btn", type: "button", on: { click: end } }, "Cancel"),
      h("button", { class: "btn primary", type: "button", on: { click: save } }, "Save"))));
}

/** The text as it was typed: references as @name, #name and addresses again. */
const typed = (text) => decode(String(text ?? "")
  .replace(/<@([^>|]+)(?:\|[^>]*)?>/g, (_, id) => `@${personOf(id).name}`)
  .replace(/<#([^>|]+)(?:\|([^>]*))?>/g, (_, id, name) => `#${channelOf(id)?.name ?? name ?? id}`)
  .replace(/<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>/g, (_, url) => url));

function intro() {
  const channel = channelOf(route.channel);
  if (!channel) return h("div", { class: "intro" });
  if (channel.is_im) {
    return h("div", { class: "intro" }, h("h2", {}, titleOf(channel)), h("p", {}, `This is the start of your direct messages with ${titleOf(channel)}.`));
  }
  return h("div", { class: "intro" }, h("h2", {}, `#${channel.name}`),
    h("p", {}, `This is the start of the ${channel.is_private ? "private " : ""}channel #${channel.name}.`),
    channel.purpose && h("p", {}, inline(channel.purpose)));
}
