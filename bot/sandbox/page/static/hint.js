// What a newcomer may try first, in a line or two; shown until they put it away, and again by the question mark, which
// shows the keys as well.

import { get } from "./api.js";
import { h, icon } from "./dom.js";
import { alertChannels, go, route } from "./route.js";
import { store } from "./store.js";

const KEY = "muster-sandbox-hint";
let alertRoom = null;
let alertSeen = false;
let asked = false;
let open = localStorage.getItem(KEY) !== "seen";

/** Draw or hide the hint. */
export function showHint(container) {
  if (!open) container.replaceChildren();
  else if (!container.childElementCount) {
    alertRoom ??= alertChannels()[0];
    container.append(card(container));
  }
  if (open && !alertSeen) void findAlert(container);
}

/** Point to a channel where there is an alert to press; until one comes, to one where it may. */
async function findAlert(container) {
  for (const room of alertChannels()) {
    const { messages } = await get(`/sandbox/channels/${room.id}/messages`, { as: route.as }).catch(() => ({ messages: [] }));
    if (alertSeen || !messages.some((one) => one.bot_id && one.blocks?.some((block) => block.type === "actions"))) continue;
    alertSeen = true;
    if (alertRoom?.id === room.id) return;
    alertRoom = room;
    container.replaceChildren();
    showHint(container);
    return;
  }
}

/** Show it although it was put away; asked again, hide it. */
export function toggleHint(container) {
  open = !open;
  asked = true;
  showHint(container);
}

function close(container) {
  open = false;
  localStorage.setItem(KEY, "seen");
  showHint(container);
}

function card(container) {
  const jump = (label, run) => h("button", { class: "textual", type: "button", on: { click: run } }, label);
  const box = () => document.querySelector("#composer textarea");
  const incident = store.commands[0]?.command ?? "/incident";
  const write = () => {
    const target = box();
    if (!target) return;
    target.value = `${incident} help`;
    target.dispatchEvent(new Event("input"));
    target.focus();
  };
  const switchPerson = () => {
    document.getElementById("app").classList.add("side-open");
    document.getElementById("as")?.focus();
  };
  const things = [
    ["press Declare Incident in ", jump(`#${alertRoom?.name ?? "alerts"}`, () => go({ channel: alertRoom?.id, thread: null, home: false }))],
    ["type ", jump(`${incident} help`, write)],
    ["be somebody else under ", jump("Acting as", switchPerson)],
    ["break Slack under ", jump("Calls", () => go({ calls: true }))],
  ];
  return h("section", { class: "hint-card", "aria-labelledby": "hint-title" },
    h("p", {}, h("strong", { id: "hint-title" }, "A Slack workspace on your computer."), " Try it: ",
      things.map((thing, at) => [at > 0 && " · ", h("span", {}, thing)])),
    asked && h("p", { class: "keys" }, h("kbd", {}, "Ctrl K"), " jumps to a channel, ", h("kbd", {}, "F6"), " goes from part to part, arrows from message to message, ", h("kbd", {}, "↑"), " corrects what you said last."),
    h("button", { class: "btn plain icon-only close", type: "button", "aria-label": "Close the hint", on: { click: () => close(container) } }, icon("close")));
}
