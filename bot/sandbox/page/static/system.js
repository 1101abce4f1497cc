// The lines that Slack itself writes into a channel: who came, who left, what the topic became.

import { h } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { route } from "./route.js";
import { channelOf, personOf } from "./store.js";

const SYSTEM = /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive|convert)|^pinned_item$|^bot_(add|remove)$/;
const JOIN = /^(channel|group)_join$/;
const TOGETHER = 300; // seconds within which people who join share one line

/** Is this message one of Slack's own lines? */
export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

/** The messages with neighbouring "joined" lines of different people made one, which then has them in `along`. */
export function joinTogether(messages) {
  const result = [];
  for (const message of messages) {
    const before = result.at(-1);
    const joins = JOIN.test(message.subtype ?? "");
    if (joins && before?.along && before.inviter === message.inviter && before.user !== message.user && Number(message.ts) - Number(before.ts) < TOGETHER) {
      before.along.push(message.user);
    } else result.push(joins ? { ...message, along: [] } : message);
  }
  return result;
}

/** What the line says, after the name of who did it. */
export function systemLine(message) {
  if (!message.along) return mrkdwn(message.text, "span");
  const names = message.along.map((id) => personOf(id).real_name);
  const others = names.length ? ` along with ${[names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ")}` : "";
  const place = `#${channelOf(route.channel)?.name ?? ""}`;
  return h("span", {}, message.inviter ? `was added to ${place} by ${personOf(message.inviter).real_name}${others}.` : `joined ${place}${others}.`);
}
