// The bot's App Home: the Home tab as the app published it for the acting person.

import { postToApp } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { h, rememberFocus } from "./dom.js";
import { refresh } from "./refresh.js";
import { route } from "./route.js";
import { openDirect } from "./sidebar.js";
import { botUser, store } from "./store.js";
import { attempt } from "./toast.js";

let shown = "";

/** Draw the Home tab, if it is what is open. */
export function showHome(container) {
  container.hidden = !route.home;
  if (!route.home) {
    shown = "";
    return;
  }
  const now = JSON.stringify([route.as, store.home, store.channels.map((one) => [one.id, one.name])]);
  if (now === shown) return;
  shown = now;
  const restore = rememberFocus(container);
  const surface = { kind: "home", act, suggest };
  container.replaceChildren(store.home
    ? renderBlocks(store.home.blocks, surface)
    : h("div", { class: "empty" }, h("h2", {}, "Nothing here yet"),
      h("p", {}, "The app has not published a Home tab for you: it has none, it is not running, or it takes a moment."),
      h("p", {}, h("button", { class: "btn", type: "button", data: { key: "messages" }, on: { click: () => openDirect(botUser().id) } }, "Read its messages"))));
  restore();
}

async function act(element, block, value) {
  await attempt(() => postToApp("/sandbox/home/act", { as: route.as, action_id: element.action_id, block_id: block.block_id, value }));
  await refresh();
}

const suggest = (element, block, typed) => postToApp("/sandbox/home/suggest", { as: route.as, action_id: element.action_id, block_id: block.block_id, typed });
