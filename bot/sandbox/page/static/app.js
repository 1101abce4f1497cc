// Starts the page: draws what the store holds, follows the URL hash, and waits for changes by long poll.

import { announce } from "./announce.js";
import { Failed, get, post } from "./api.js";
import { CallsPanel } from "./calls.js";
import { ChannelView } from "./channel.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { showBanner } from "./faults.js";
import { showHeader } from "./header.js";
import { showHint, toggleHint } from "./hint.js";
import { showHome } from "./home.js";
import { walkParts } from "./keyboard.js";
import { showModal } from "./modal.js";
import { onRefresh, refresh } from "./refresh.js";
import { hrefTo, readRoute, route } from "./route.js";
import { showSidebar } from "./sidebar.js";
import { channelOf, store } from "./store.js";
import { listenForSwitcher } from "./switcher.js";
import { restoreTheme } from "./theme.js";
import { toast } from "./toast.js";

const RETRY = 2000; // milliseconds before the server is asked again after it did not answer
let told = null;
const part = (id) => document.getElementById(id);
const app = part("app");
const composer = new Composer({ sent: () => view.main.toEnd(), editLast: () => view.editLast({ inThread: false }) });
const view = new ChannelView({ messages: part("messages"), thread: part("thread"), composer: new Composer({ inThread: true, sent: () => view.replies.toEnd(), editLast: () => view.editLast({ inThread: true }) }) });
const calls = new CallsPanel(part("calls"));
part("composer").replaceWith(Object.assign(composer.node, { id: "composer" }));

function draw() {
  if (!location.hash) history.replaceState(null, "", hrefTo({}));
  showSidebar(part("sidebar"));
  showHeader(part("channel-header"), part("bookmarks"), { toggleSidebar: () => sidebarOpen(true), showHint: () => toggleHint(part("hint")) });
  showHint(part("hint"));
  part("hint").hidden = route.home;
  showHome(part("home"));
  view.draw();
  sayLost();
  announce(part("news"));
  composer.update();
  calls.update();
  showBanner(part("trouble"));
  showModal();
  Object.assign(document.body.dataset, { version: String(store.version), as: store.me.name }); // what tests wait for
  void markRead();
}

/** A channel that the reader may not see is said to be so, once; what opens instead is not what they asked for. */
function sayLost() {
  const lost = route.lost && `${route.as}/${route.lost}`;
  if (lost && lost !== told) toast(`${store.me.real_name} cannot open “${route.lost}”: it is private and they are not in it, or it does not exist.`);
  told = lost;
}

/** The open channel is read while somebody looks at it. */
async function markRead() {
  const channel = channelOf(route.channel);
  if (route.home || !channel?.unread || !channel.member || document.hidden) return;
  await post("/sandbox/read", { as: route.as, channel: channel.id }).catch(() => undefined);
}

function sidebarOpen(open) {
  app.classList.toggle("side-open", open);
  part("scrim").hidden = !open;
  if (open) part("as")?.focus();
}

async function follow() {
  const before = readRoute();
  sidebarOpen(false);
  if (route.home && (!before.home || before.as !== route.as)) await post("/sandbox/open_home", { as: route.as }).catch(() => undefined);
  await show();
}

async function show() {
  try {
    await refresh();
    online(true);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    online(false);
  }
}

function online(yes) {
  if (store.online === yes) return;
  store.online = yes;
  const old = document.querySelector(".offline");
  if (yes) old?.remove();
  else if (!old) document.body.prepend(h("div", { class: "offline", role: "alert" }, "The sandbox does not answer. Trying again."));
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** A hidden tab does not wait for changes: a browser keeps six connections to one server, and every tab would hold one. */
function looking() {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => { document.addEventListener("visibilitychange", resolve, { once: true }); });
}

/** Wait for changes for ever; a server that was started anew counts from the beginning. */
async function live() {
  for (;;) {
    await looking();
    const hidden = new AbortController();
    const hide = () => hidden.abort();
    document.addEventListener("visibilitychange", hide, { once: true });
    try {
      const { version } = await get("/sandbox/changes", { since: store.version }, { signal: hidden.signal });
      const news = version !== store.version;
      store.version = version;
      if (news) {
        await show();
        calls.nudge();
      }
    } catch (error) {
      if (error.name === "AbortError") continue;
      if (!(error instanceof Failed)) throw error;
      online(false);
      await pause(RETRY);
      store.version = 0;
      await show(); // a new server may have nothing to tell for long
    } finally {
      document.removeEventListener("visibilitychange", hide);
    }
  }
}

restoreTheme(() => showSidebar(part("sidebar")));
walkParts();
listenForSwitcher();
onRefresh(draw);
part("scrim").addEventListener("click", () => sidebarOpen(false));
part("skip").addEventListener("click", (event) => { event.preventDefault(); part("messages").focus(); });
document.addEventListener("keydown", (event) => { if (event.key === "Escape" && app.classList.contains("side-open")) sidebarOpen(false); });
window.addEventListener("hashchange", () => void follow());
document.addEventListener("visibilitychange", () => void markRead());
await show();
if (route.home) void follow();
setInterval(() => { if (store.me) showSidebar(part("sidebar")); }, 20_000); // the clock of the person
await live();
