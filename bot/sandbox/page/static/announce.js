// Says new messages to screen readers, politely: those that come while their channel is open, but not one's own.
//
// The words stand in a closed shadow root: only assistive technology shall find them a second time, no search in the page.

import { h } from "./dom.js";
import { authorOf } from "./message.js";
import { mrkdwn } from "./mrkdwn.js";
import { route } from "./route.js";
import { store } from "./store.js";

const SENTENCE = 200; // characters of one message that are read out
let place = null;
let newest = 0;
let said = null;

/** Look at what is shown now and say what is new since the last time. */
export function announce(node) {
  const here = `${route.as}/${route.channel}`;
  const before = newest;
  newest = Math.max(0, ...store.messages.map((one) => Number(one.ts)));
  const moved = here !== place || route.home;
  place = route.home ? null : here;
  if (moved) return;
  const fresh = store.messages.filter((one) => Number(one.ts) > before && (one.user !== route.as || one.bot_id));
  if (!fresh.length) return;
  said ??= node.attachShadow({ mode: "closed" });
  said.replaceChildren(...fresh.map((one) => h("p", {}, `${authorOf(one).real_name}: ${mrkdwn(one.text ?? "").textContent.slice(0, SENTENCE)}`)));
}
