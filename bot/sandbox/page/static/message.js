// One message as a row: avatar, name, time, text or blocks, files, reactions, replies, and what can be done with it.

import { postToApp } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { avatar, h, icon } from "./dom.js";
import { emoji } from "./emoji.js";
import { fileCard } from "./files.js";
import { safeHref } from "./links.js";
import { mrkdwn } from "./mrkdwn.js";
import { refresh } from "./refresh.js";
import { hrefTo, route } from "./route.js";
import { botUser, personOf, store } from "./store.js";
import { isSystem, systemLine } from "./system.js";
import { ago, clock, fullTime } from "./time.js";
import { attempt } from "./toast.js";
import { pickReaction, react, toolbar } from "./tools.js";

/** Who wrote it: a person, the bot, or the name that the bot gave itself. */
export function authorOf(message) {
  const known = store.people.get(message.user);
  const other = message.bot_profile && { id: message.bot_id, real_name: message.bot_profile.name, is_bot: true };
  const person = known ?? (message.bot_id ? other ?? botUser() : null) ?? personOf(message.user);
  return message.username ? { ...person, real_name: message.username } : person;
}

/**
 * One message. `place` says how it is shown: {grouped, inThread, pinned, dismiss, edit, replies}.
 * `grouped` leaves out the name of somebody who has just said something else.
 */
export function messageRow(message, place) {
  const author = authorOf(message);
  const system = isSystem(message);
  const whisper = Boolean(message.ephemeral_for);
  const head = place.grouped ? null : h("div", { class: "m-head" },
    h("span", { class: "m-name" }, author.real_name),
    (author.is_bot || message.bot_id) && h("span", { class: "app-badge" }, "APP"),
    stamp(message.ts, "m-time"));
  const body = h("div", { class: "m-body" }, head,
    system ? h("div", { class: "m-system" }, systemLine(message)) : content(message),
    (message.files ?? []).map(fileCard),
    reactions(message),
    !place.inThread && repliesBar(message, place.replies),
    whisper && h("div", { class: "m-whisper" }, icon("eye"), "Only visible to you",
      h("button", { class: "textual", type: "button", on: { click: place.dismiss } }, "Dismiss message")));
  const classes = ["message", place.grouped && "grouped", whisper && "whisper", place.pinned && "pinned", system && "system"];
  return h("article", {
    class: classes.filter(Boolean).join(" "), data: { row: message.ts, ts: message.ts }, tabindex: -1,
    "aria-label": `${author.real_name}, ${clock(message.ts)}`,
  }, place.pinned && h("div", { class: "m-pinned" }, icon("pin"), "Pinned"),
  h("div", { class: "m-gutter" }, place.grouped ? stamp(message.ts, "m-time faint") : avatar(author)), body,
  !whisper && toolbar(message, place));
}

const stamp = (ts, name) => h("time", { class: name, datetime: new Date(Number(ts) * 1000).toISOString(), title: fullTime(ts) }, clock(ts));

function content(message) {
  const edited = message.edited && h("span", { class: "edited", title: message.edited.ts ? fullTime(message.edited.ts) : null }, " (edited)");
  const surface = { kind: "message", act: (element, block, value) => click(message, element, block, value),
    suggest: (element, block, typed) => postToApp("/sandbox/suggest", { as: route.as, channel: route.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, typed }) };
  const nodes = [];
  if (message.blocks?.length) nodes.push(renderBlocks(message.blocks, surface));
  else if (message.text) nodes.push(h("div", { class: "m-text" }, mrkdwn(message.text)));
  (nodes[0] && edited) && (nodes[0].querySelector(":scope > .mrkdwn > .lines:last-child") ?? nodes[0]).append(edited);
  nodes.push(...(message.attachments ?? []).map((one) => attachment(one, surface)));
  return nodes;
}

function attachment(one, surface) {
  const colour = /^#?[0-9a-f]{6}$/i.test(one.color ?? "") ? `#${one.color.replace("#", "")}` : null;
  return h("div", { class: "attachment", css: colour ? { "border-left-color": colour } : {} },
    one.pretext && mrkdwn(one.pretext), one.author_name && h("div", { class: "note" }, one.author_name),
    one.title && h("div", { class: "attachment-title" }, one.title_link && safeHref(one.title_link)
      ? h("a", { class: "link", href: safeHref(one.title_link), target: "_blank", rel: "noopener noreferrer" }, one.title) : one.title),
    one.blocks ? renderBlocks(one.blocks, surface) : one.text ? mrkdwn(one.text) : !one.title && one.fallback && mrkdwn(one.fallback),
    one.fields && h("div", { class: "fields" }, one.fields.map((field) => h("div", {}, h("strong", {}, field.title), mrkdwn(field.value ?? "")))),
    one.footer && h("div", { class: "note" }, one.footer));
}

async function click(message, element, block, value) {
  const label = element.text?.text ?? element.placeholder?.text ?? "The app";
  await attempt(() => postToApp("/sandbox/click", {
    as: route.as, channel: route.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value,
  }), label);
  await refresh();
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h("div", { class: "reactions" }, message.reactions.map((one) => {
    const mine = one.users.includes(route.as);
    const names = one.users.map((id) => personOf(id).real_name).join(", ");
    return h("button", {
      class: `reaction${mine ? " mine" : ""}`, type: "button", "aria-pressed": String(mine), title: `${names} reacted with :${one.name}:`,
      "aria-label": `${one.name.replaceAll("_", " ")}, ${one.count}: ${names}`, data: { key: `r/${one.name}` }, on: { click: () => react(message, one.name) },
    }, emoji(one.name), h("span", {}, String(one.count)));
  }), h("button", { class: "reaction add", type: "button", "aria-label": "Add another reaction", title: "Add another reaction", data: { key: "r/+" },
    on: { click: (event) => pickReaction(event.currentTarget, message) } }, icon("smile")));
}

function repliesBar(message, replies) {
  const count = message.reply_count ?? replies.length;
  if (!count) return null;
  const writers = [...new Set(replies.length ? replies.map((one) => authorOf(one).id) : message.reply_users ?? [])].slice(0, 4);
  const last = message.latest_reply ?? replies.at(-1)?.ts;
  return h("a", { class: "replies", href: hrefTo({ thread: message.ts }), data: { key: "replies" } },
    h("span", { class: "faces" }, writers.map((id) => avatar(personOf(id), "small"))),
    h("strong", {}, `${count} ${count === 1 ? "reply" : "replies"}`),
    last && h("span", { class: "note" }, `Last reply ${ago(last)}`));
}

/** What a row depends on besides the message itself. */
export const epoch = () => JSON.stringify([route.as, route.channel, route.calls, store.me?.tz,
  [...store.people.values()].map((one) => one.real_name), store.channels.map((one) => [one.id, one.name])]);
