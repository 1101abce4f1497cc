// The sidebar: who one acts as, channels with unread marks, direct messages, the app.

import { post } from "./api.js";
import { avatar, h, icon, swap } from "./dom.js";
import { createChannel } from "./housework.js";
import { refresh } from "./refresh.js";
import { channelHref, go, hrefTo, route } from "./route.js";
import { botUser, humans, listedName, store, titleOf } from "./store.js";
import { switchTheme, theme } from "./theme.js";
import { localTimeOf } from "./time.js";
import { attempt } from "./toast.js";

let shown = "";

/** Draw the sidebar anew when anything in it changed. */
export function showSidebar(container) {
  const now = JSON.stringify([route.as, route.channel, route.home, route.calls, route.thread, store.channels, [...store.people.values()], localTimeOf(store.me), theme()]);
  if (now === shown) return;
  shown = now;
  const scrolled = container.scrollTop;
  const rooms = store.channels.filter((one) => !one.is_im).sort((a, b) => a.name.localeCompare(b.name));
  const mine = rooms.filter((one) => one.member && !one.is_archived);
  const others = rooms.filter((one) => !one.member && !one.is_archived);
  const archived = rooms.filter((one) => one.is_archived);
  swap(container, head(),
    group("Channels", mine.map(roomLink), h("button", { class: "side-tool", type: "button", "aria-label": "Create a channel", title: "Create a channel", data: { key: "create" }, on: { click: createChannel } }, icon("plus"))),
    others.length ? more("Other channels", others) : null,
    archived.length ? more("Archived", archived) : null,
    group("Direct messages", people()),
    group("Apps", botUser() ? [botLink(botUser())] : []));
  container.scrollTop = scrolled;
}

function head() {
  const select = h("select", { class: "as-select", id: "as", value: route.as, data: { key: "as" },
    on: { change: (event) => go(asSomebodyElse(event.target.value)) } },
  humans().map((one) => h("option", { value: one.id }, listedName(one))));
  return h("div", { class: "side-head" },
    h("div", { class: "workspace" }, h("h1", {}, store.team.name), h("span", { class: "sandbox-badge" }, "Sandbox"), themeButton()),
    h("div", { class: "as" }, avatar(store.me), h("div", { class: "as-text" }, h("label", { for: "as" }, "Acting as"), select,
      h("span", { class: "as-time" }, localTimeOf(store.me)))));
}

/** Where a person begins who is chosen while direct messages are open that are not theirs: with the app if they were its. */
function asSomebodyElse(as) {
  const here = store.channels.find((one) => one.id === route.channel);
  const begins = here?.is_im && here.with !== as && !route.home ? { channel: null, home: here.with === botUser()?.id } : {};
  return { as, thread: null, ...begins };
}

function themeButton() {
  const dark = theme() === "dark";
  return h("button", { class: "side-tool", type: "button", "aria-label": "Dark mode", "aria-pressed": String(dark), title: dark ? "Light mode" : "Dark mode", data: { key: "theme" },
    on: { click: (event) => { switchTheme(); showSidebar(event.currentTarget.closest("nav")); } } }, icon(dark ? "sun" : "moon"));
}

const group = (title, items, tool = null) => h("section", { class: "side-group" }, h("div", { class: "side-title" }, h("h2", {}, title), tool), h("ul", {}, items.map((item) => h("li", {}, item))));

function more(title, rooms) {
  const open = rooms.some((one) => one.id === route.channel && !route.home);
  return h("details", { class: "side-group side-more", open }, h("summary", { data: { key: `more/${title}` } }, `${title} (${rooms.length})`),
    h("ul", {}, rooms.map((one) => h("li", {}, roomLink(one)))));
}

function item({ href, current, unread, label, lead, key, said }) {
  return h("a", { class: `side-item${unread ? " unread" : ""}${current ? " current" : ""}`, href, "aria-current": current ? "page" : null, data: { key } },
    h("span", { class: "side-lead" }, lead), h("span", { class: "side-label" }, label),
    unread > 0 && h("span", { class: "count", "aria-label": `${unread} unread` }, String(unread)), said);
}

function roomLink(room) {
  const current = room.id === route.channel && !route.home;
  return item({ href: channelHref(room.id), current, unread: room.member && !current ? room.unread : 0, label: titleOf(room), lead: room.is_im ? icon("people") : room.is_private ? icon("lock") : "#", key: `c/${room.id}` });
}

function people() {
  const single = humans().filter((one) => one.id !== route.as).map((person) => directLink(person, avatar(person, "tiny")));
  const groups = store.channels.filter((one) => one.is_im && !one.with && one.members.length > 2).map((room) => roomLink(room));
  return [...single, ...groups];
}

/** A direct message that does not exist yet is opened by the click. */
function directLink(person, lead) {
  const room = store.channels.find((one) => one.is_im && one.with === person.id);
  const current = Boolean(room) && room.id === route.channel && !route.home;
  const link = item({ href: room ? channelHref(room.id) : hrefTo({}), current, unread: room && !current ? room.unread : 0, label: listedName(person), lead, key: `d/${person.id}` });
  if (!room) link.addEventListener("click", (event) => { event.preventDefault(); void openDirect(person.id); });
  return link;
}

/** Open the direct messages with somebody and go there. */
export async function openDirect(id) {
  const answer = await attempt(() => post("/sandbox/open_im", { as: route.as, with: id }));
  if (!answer) return;
  await refresh();
  go({ channel: answer.channel, thread: null, home: false });
}

function botLink(bot) {
  const room = store.channels.find((one) => one.is_im && one.with === bot.id);
  const current = route.home || (room && room.id === route.channel);
  const unread = room && !current ? room.unread : 0;
  return item({ href: unread ? channelHref(room.id) : hrefTo({ home: true, thread: null }), current, unread, label: bot.real_name, lead: avatar(bot, "tiny"), key: "bot" });
}
