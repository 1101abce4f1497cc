// Fetches what the open place needs and has the page drawn again; asked for again meanwhile, it runs once more, never twice at once.

import { get } from "./api.js";
import { readRoute, route, settleChannel } from "./route.js";
import { store } from "./store.js";

let running = null;
let again = false;
let draw = () => {};
let pressed = false;
let owed = false;

// Nothing is drawn while a button is held down: what moves away under the pointer gets no click.
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => setTimeout(release), true);
addEventListener("blur", release); // the window's own: a button let go of elsewhere is not told of

function release() {
  pressed = false;
  if (owed) {
    owed = false;
    draw();
  }
}

/** Say what draws the page. */
export function onRefresh(listener) {
  draw = listener;
}

/** Bring the page up to date; resolves when it shows what the server had at this moment or later. */
export function refresh() {
  if (running) {
    again = true;
    return running;
  }
  running = (async () => {
    try {
      do {
        again = false;
        await fetchAll();
      } while (again);
    } finally {
      running = null;
    }
  })();
  return running;
}

async function fetchAll() {
  const known = await get("/sandbox/people");
  store.people = new Map(known.people.map((person) => [person.id, person]));
  store.usergroups = new Map((known.usergroups ?? []).map((group) => [group.id, group]));
  store.team = known.team ?? store.team;
  if (!route.as) readRoute();
  const before = JSON.stringify([route.as, route.wanted, route.home]);
  const { as } = route;
  const [view, modal, faults, home] = await Promise.all([
    get("/sandbox/view", { as }), get("/sandbox/modal", { as }), get("/sandbox/faults"), route.home ? get("/sandbox/home", { as }) : { view: store.home },
  ]);
  store.me = view.me;
  store.channels = view.channels;
  store.commands = view.commands ?? [];
  store.shortcuts = view.shortcuts ?? [];
  store.faults = faults.rules ?? [];
  store.modal = modal;
  store.home = home.view;
  settleChannel();
  const { channel } = route;
  const { messages, canvases } = channel && !route.home ? await get(`/sandbox/channels/${encodeURIComponent(channel)}/messages`, { as }) : { messages: [] };
  if (before !== JSON.stringify([route.as, route.wanted, route.home])) {
    again = true; // the reader went elsewhere meanwhile
    return;
  }
  store.messages = messages;
  store.canvases = canvases ?? [];
  store.messagesOf = channel;
  if (pressed) owed = true;
  else draw();
}
