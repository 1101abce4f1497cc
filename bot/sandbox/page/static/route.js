// Where the reader is, kept in the URL hash (#as=ana&channel=payments-alerts&thread=1.2&at=1.3), so that a link opens as that person.

import { humans, store } from "./store.js";

export const route = { as: null, channel: null, thread: null, at: null, home: false, calls: false };

/** Read the hash into `route`; names and ids both work, and what does not exist falls back to the first there is. */
export function readRoute() {
  const wanted = new URLSearchParams(location.hash.replace(/^#/, ""));
  const as = wanted.get("as");
  const person = humans().find((one) => one.id === as || one.name === as) ?? humans()[0];
  const before = { ...route };
  route.as = person?.id ?? null;
  route.wanted = wanted.get("channel");
  route.thread = wanted.get("thread");
  route.at = wanted.get("at");
  route.home = wanted.get("home") === "1";
  route.calls = wanted.get("calls") === "1";
  return before;
}

/** Settle which channel is open, once the channels of the person are known. */
export function settleChannel() {
  const { wanted } = route;
  const found = wanted && store.channels.find((one) => one.id === wanted || (!one.is_im && one.name === wanted));
  const fallback = alertChannels()[0] ?? store.channels.find((one) => one.member && !one.is_im) ?? store.channels[0];
  route.channel = (found || fallback)?.id ?? null;
  route.lost = wanted && !found ? wanted : null;
}

/** The channels for alerts that the person is in: those with something unread first, then the most particular. */
export function alertChannels() {
  const rooms = store.channels.filter((one) => !one.is_im && one.member && !one.is_archived && one.name.includes("alert"));
  return rooms.sort((a, b) => Number(b.unread > 0) - Number(a.unread > 0) || b.name.length - a.name.length);
}

/** The hash of the present place with some of it changed, e.g. `hrefTo({channel: "C1", thread: null})`. */
export function hrefTo(change) {
  const next = { ...route, at: null, ...change };
  const person = store.people.get(next.as);
  const channel = store.channels.find((one) => one.id === next.channel);
  const parts = new URLSearchParams();
  if (person) parts.set("as", person.name);
  if (next.home) parts.set("home", "1");
  else if (channel) parts.set("channel", channel.is_im ? channel.id : channel.name);
  if (next.thread && !next.home) parts.set("thread", next.thread);
  if (next.at && !next.home) parts.set("at", next.at);
  if (next.calls) parts.set("calls", "1");
  return `#${parts}`;
}

/** Go there. */
export function go(change) {
  location.hash = hrefTo(change);
}

/** A link to another channel or to the bot's home: threads do not follow. */
export const channelHref = (id) => hrefTo({ channel: id, thread: null, home: false });
