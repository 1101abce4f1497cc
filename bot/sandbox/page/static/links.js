// Links, mentions and channel names, wherever they occur in text. Only http, https, mailto and paths of this server are followed.

import { h, icon } from "./dom.js";
import { channelHref, hrefTo } from "./route.js";
import { botUser, channelOf, personOf, store } from "./store.js";
import { toast } from "./toast.js";

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
  const leads = leadsTo(url);
  return leads ? h("a", { class: "link", ...leads, ...props }, children) : h("span", props, children);
}

/** The properties of an anchor to `url`, or null when it must not be followed. */
export function leadsTo(url) {
  const place = placeOf(url);
  if (place?.href) return { href: place.href };
  if (place) return { href: location.hash, on: { click: (event) => { event.preventDefault(); toast(NO_ACCESS, { error: true }); } } };
  const href = safeHref(url);
  return href && { href, target: "_blank", rel: "noopener noreferrer" };
}

const NO_ACCESS = "You cannot open that channel: it is private and you are not in it, or it no longer exists.";

/**
 * The place in this page that an address of the workspace names: {href}, {} when the reader has no access, null when it is not ours.
 * Permalinks (.../archives/C1/p1700000000000100), https://slack.com/app_redirect?channel=C1, app.slack.com/client/T1/C1, slack://channel?id=C1.
 */
function placeOf(url) {
  const found = addressed(url);
  if (!found || (found.team && found.team !== store.team.id)) return null;
  if (found.home) return { href: hrefTo({ home: true, thread: null }) };
  const channel = found.channel && (channelOf(found.channel) ?? store.channels.find((one) => one.is_im && one.with === found.channel));
  if (!channel) return found.channel ? {} : null;
  return { href: hrefTo({ channel: channel.id, thread: found.thread ?? null, at: found.message ?? null, home: false }) };
}

function addressed(url) {
  const parsed = URL.canParse(String(url ?? "")) ? new URL(url) : null;
  if (!parsed) return null;
  const asked = Object.fromEntries(parsed.searchParams);
  const [, first, ...rest] = parsed.pathname.split("/");
  const own = store.team.url && parsed.origin === new URL(store.team.url).origin;
  if (parsed.protocol === "slack:") return parsed.hostname === "channel" ? { channel: asked.id, team: asked.team, message: asked.message } : null;
  if (own && first === "archives") return { channel: rest[0], message: rest[1]?.replace(/^p(\d+)(\d{6})$/, "$1.$2"), thread: asked.thread_ts };
  if (parsed.origin === "https://app.slack.com" && first === "client") return { team: rest[0], channel: rest[1] };
  if ((own || parsed.origin === "https://slack.com") && first === "app_redirect") {
    const home = Boolean(asked.app) && !asked.channel && botUser();
    return { team: asked.team, channel: asked.channel, message: asked.message_ts, home };
  }
  return null;
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
  if (!channel) return h("span", { class: "mention closed" }, icon("lock"), label || "private channel");
  return h("a", { class: "mention", href: channelHref(id) }, `#${channel.name}`);
}

/** "@payments-team": a user group by its id. */
export const groupMention = (id, label) => h("span", { class: "mention" }, `@${store.usergroups.get(id)?.handle ?? (label || id).replace(/^@/, "")}`);

/** "@channel", "@here". */
export const broadcast = (name) => h("span", { class: "mention me" }, `@${name}`);
