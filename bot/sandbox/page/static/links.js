// Links, mentions and channel names, wherever they occur in text. Only http, https, mailto and paths of this server are followed.

import { h } from "./dom.js";
import { channelHref, hrefTo } from "./route.js";
import { channelOf, personOf, store } from "./store.js";

/** What `url` may become as an href, or null when it must stay text (javascript:, data:, ...). */
export function safeHref(url) {
  const text = String(url ?? "").trim();
  try {
    const parsed = new URL(text, location.origin);
    return ["http:", "https:", "mailto:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/** A link; one to a message or a channel of this workspace stays within the page, any other opens a new tab. */
export function link(url, children, props = {}) {
  const here = placeOf(url);
  if (here) return h("a", { class: "link", href: here, ...props }, children);
  const href = safeHref(url);
  if (!href) return h("span", props, children);
  return h("a", { class: "link", href, target: "_blank", rel: "noopener noreferrer", ...props }, children);
}

/** The place in this page that a permalink of the workspace (.../archives/C1/p1700000000000100) names, or null. */
function placeOf(url) {
  const base = store.team.url;
  if (!base || !String(url).startsWith(`${base.replace(/\/$/, "")}/archives/`)) return null;
  const parsed = new URL(url);
  const [, , channel, message] = parsed.pathname.split("/");
  if (!channelOf(channel)) return null;
  const ts = parsed.searchParams.get("thread_ts") ?? (message ? message.replace(/^p(\d+)(\d{6})$/, "$1.$2") : null);
  return hrefTo({ channel, thread: ts, home: false });
}

/** "@Ana Lima"; marked when it is the reader. */
export function mention(id, label) {
  const person = personOf(id);
  const name = person.real_name === id && label ? label : person.real_name;
  return h("span", { class: `mention${id === store.me?.id ? " me" : ""}` }, `@${name}`);
}

/** "#incidents", a link when the reader can see it. */
export function channelMention(id, label) {
  const channel = channelOf(id);
  if (!channel) return h("span", { class: "mention" }, `#${label || "private channel"}`);
  return h("a", { class: "mention", href: channelHref(id) }, `#${channel.name}`);
}

/** "@channel", "@here", or the name of a user group. */
export const broadcast = (name) => h("span", { class: "mention me" }, `@${name}`);
