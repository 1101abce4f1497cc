// The switches that break Slack, one sentence each on what to watch for, and the banner that stands while one is on.

import { post, remove } from "./api.js";
import { h, icon, swap } from "./dom.js";
import { refresh } from "./refresh.js";
import { store } from "./store.js";
import { attempt } from "./toast.js";

const FAULTS = [
  { name: "Slack is down", rule: { method: "*", when: "down" }, now: "Every call is answered with 503.",
    watch: "Nothing comes until you end this; then all of it does, once." },
  { name: "429", rule: { method: "*", when: "429", probability: 0.66, retry_after: 2 }, now: "Two calls in three are told to wait for two seconds.",
    watch: "Calls come again after their wait; nothing is lost." },
  { name: "Lose replies", rule: { method: "*", when: "lost", probability: 0.5 }, now: "Every other call is done, but its answer is lost.",
    watch: "It looks before it writes again: nothing stands twice." },
  { name: "Slow", rule: { method: "*", when: "slow", delay: 4 }, now: "Every call takes four seconds.",
    watch: "Buttons are answered at once; the work follows behind." },
  { name: "Drop events", rule: { method: "*", when: "dropped" }, now: "No event reaches the bot.",
    watch: "Buttons work, but what people say is not heard." },
];

const same = (mine, theirs) => mine.method === theirs.method && mine.when === theirs.when;
const isOn = (fault) => store.faults.some((rule) => same(fault.rule, rule));
const others = () => store.faults.filter((rule) => !FAULTS.some((fault) => same(fault.rule, rule)));

async function set(rules) {
  await attempt(async () => {
    await remove("/sandbox/faults");
    if (rules.length) await post("/sandbox/faults", { rules });
  }, "The switch");
  await refresh();
}

let shownSwitches = "";

/** Draw the switches into the Calls panel. */
export function showSwitches(node) {
  const now = JSON.stringify(store.faults.map((one) => [one.method, one.when]));
  if (now === shownSwitches) return;
  shownSwitches = now;
  const more = others().length;
  swap(node, FAULTS.map(one), h("div", { class: "fault-foot" },
    h("button", { class: "btn", type: "button", disabled: !store.faults.length, data: { key: "reset" }, on: { click: () => set([]) } }, "Reset"),
    more > 0 && h("span", { class: "note" }, `${more} more from elsewhere; Reset ends ${more === 1 ? "it" : "them"} too.`)));
}

function one(fault, index) {
  const on = isOn(fault);
  const kept = store.faults.filter((rule) => !same(fault.rule, rule));
  const id = `fault-${index}`;
  return h("div", { class: "fault-row" },
    h("button", { class: `btn fault${on ? " on" : ""}`, type: "button", "aria-pressed": String(on), "aria-describedby": id, title: fault.now, data: { key: fault.name },
      on: { click: () => set(on ? kept : [...kept, fault.rule]) } }, fault.name),
    h("p", { class: "note", id }, fault.watch));
}

let shownBanner = "";

/** Say over everything else that something is broken on purpose. */
export function showBanner(node) {
  const on = FAULTS.filter(isOn);
  const more = others().length;
  const said = [...on.map((fault) => `${fault.name}: ${fault.now}`), more && `${more} ${more === 1 ? "fault is" : "faults are"} in force from elsewhere.`].filter(Boolean).join(" ");
  if (said === shownBanner) return;
  shownBanner = said;
  node.hidden = !said;
  swap(node, said && [icon("alert"), h("span", {}, h("strong", {}, "Broken on purpose. "), said), h("button", { class: "btn", type: "button", data: { key: "end" }, on: { click: () => set([]) } }, "End it")]);
}
