// The Calls panel: every Web API call and every delivery as the server's journal has them, below the switches for faults.

import { get } from "./api.js";
import { h, icon } from "./dom.js";
import { showSwitches } from "./faults.js";
import { leavePanel } from "./keyboard.js";
import { go, route } from "./route.js";
import { journalTime } from "./time.js";

const KEPT = 400; // rows on the page
const PAUSE = 1500; // milliseconds between looks at the journal while the panel is open

const FILTERS = { All: () => true, Calls: (one) => one.direction === "call", Deliveries: (one) => one.direction === "delivery", Errors: (one) => Boolean(errorOf(one)) };

/** What went wrong with an entry, or nothing. */
function errorOf(entry) {
  if (entry.ms === null || entry.ms === undefined) return "";
  if (entry.result?.fault) return `fault: ${entry.result.fault}`;
  if (entry.result?.ok === false) return entry.result.error ?? "error";
  if (entry.direction === "delivery" && (entry.result?.outcome ?? "acked") !== "acked") return String(entry.result.outcome).replaceAll("_", " ");
  if (entry.direction === "call" && entry.status === null) return "no answer";
  return entry.status >= 400 ? `HTTP ${entry.status}` : "";
}

/** The panel; it looks at the journal only while it is open. */
export class CallsPanel {
  #entries = new Map();
  #pending = new Set();
  #seen = 0;
  #filter = "All";
  #timer = null;
  #sought = "";
  #from = 0;

  constructor(node) {
    this.node = node;
    this.list = h("ol", { class: "journal", "aria-label": "Journal" });
    this.switches = h("div", { role: "group", "aria-label": "Faults" });
    this.search = h("input", { class: "input", type: "search", placeholder: "Find", "aria-label": "Find in calls", on: { input: (event) => { this.#sought = event.target.value.trim().toLowerCase(); this.#sift(); } } });
    this.filters = h("div", { class: "filters", role: "group", "aria-label": "Show" });
    this.body = h("div", { class: "journal-scroll", tabindex: 0, role: "region", "aria-label": "Calls and deliveries" },
      h("p", { class: "empty small" }, "Nothing yet. What the bot calls and what it is told appears here."), this.list);
    leavePanel(node, () => go({ calls: false }));
    node.append(h("header", { class: "panel-head" }, h("div", {}, h("h2", {}, "Calls"), h("span", { class: "note" }, "What the bot and Slack say to each other")),
      h("button", { class: "btn plain icon-only", type: "button", "aria-label": "Close calls", on: { click: () => go({ calls: false }) } }, icon("close"))),
    h("details", { class: "faults", open: window.innerHeight > 640 }, h("summary", {}, "Break something"), this.switches), this.filters, this.body);
  }

  /** Open or close as the route says. */
  update() {
    this.node.hidden = !route.calls;
    showSwitches(this.switches);
    document.getElementById("app").classList.toggle("has-calls", route.calls);
    if (route.calls && this.#timer === null) {
      this.#timer = 0;
      this.#drawFilters();
      void this.#look();
    } else if (!route.calls && this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#timer = null;
    }
  }

  /** Something changed: look now rather than at the next turn. */
  nudge() {
    if (this.#timer) {
      clearTimeout(this.#timer);
      void this.#look();
    }
  }

  async #look() {
    this.#timer = 0;
    const since = Math.min(this.#seen, ...[...this.#pending].map((n) => n - 1));
    const answer = await get("/sandbox/journal", { since }).catch(() => null);
    if (this.#timer === null) return;
    if (answer) this.#take(answer.entries);
    this.#timer = setTimeout(() => this.#look(), PAUSE);
  }

  #take(entries) {
    const atEnd = this.body.scrollHeight - this.body.scrollTop - this.body.clientHeight < 40;
    for (const entry of entries.slice(-KEPT)) {
      this.#seen = Math.max(this.#seen, entry.n);
      const lasts = entry.ms === null || entry.ms === undefined;
      if (lasts && entries.length < KEPT) this.#pending.add(entry.n);
      else this.#pending.delete(entry.n);
      const sig = `${entry.ms}/${entry.status}`;
      const old = this.#entries.get(entry.n);
      if (old?.sig === sig) continue;
      const node = journalRow(entry);
      node.hidden = !this.#wanted(entry);
      if (old) old.node.replaceWith(node);
      else this.list.append(node);
      this.#entries.set(entry.n, { sig, entry, node });
    }
    for (const n of [...this.#entries.keys()].slice(0, -KEPT)) {
      this.#entries.get(n).node.remove();
      this.#entries.delete(n);
    }
    this.body.querySelector(".empty").hidden = this.#entries.size > 0;
    if (atEnd) this.body.scrollTop = this.body.scrollHeight;
  }

  #drawFilters() {
    const names = Object.keys(FILTERS);
    if (!this.filters.childElementCount) {
      this.filters.append(...names.map((name) => h("button", { class: "filter", type: "button", on: { click: () => { this.#filter = name; this.#drawFilters(); this.#sift(); } } }, name)),
        this.search, h("button", { class: "filter", type: "button", on: { click: () => { this.#from = this.#seen; this.#sift(); } } }, "Clear"));
    }
    names.forEach((name, at) => this.filters.children[at].setAttribute("aria-pressed", String(name === this.#filter)));
  }

  #wanted(entry) {
    return entry.n > this.#from && FILTERS[this.#filter](entry) && (!this.#sought || JSON.stringify([entry.method ?? entry.type, entry.args, entry.result]).toLowerCase().includes(this.#sought));
  }

  #sift() {
    for (const { entry, node } of this.#entries.values()) node.hidden = !this.#wanted(entry);
    this.body.scrollTop = this.body.scrollHeight;
  }
}

function journalRow(entry) {
  const error = errorOf(entry);
  const call = entry.direction === "call";
  const time = journalTime(new Date(entry.at));
  const lasts = entry.ms === null || entry.ms === undefined;
  const attempts = entry.attempt > 0 ? ` (attempt ${entry.attempt + 1})` : "";
  return h("li", { class: `entry ${call ? "call" : "delivery"}${error ? " bad" : ""}` }, h("details", {},
    h("summary", {}, h("span", { class: "e-time" }, time),
      h("span", { class: "e-way", title: call ? "The bot calls Slack" : "Slack tells the bot", role: "img", "aria-label": call ? "call" : "delivery" }, call ? "→" : "←"),
      h("span", { class: "e-name" }, entry.method ?? entry.type, attempts),
      call && entry.round > 0 && h("span", { class: "e-round", title: `Round trip ${entry.round} since somebody last did something` }, h("span", { class: "unseen" }, "round trip "), String(entry.round)),
      error && h("span", { class: "e-error" }, error),
      h("span", { class: "e-ms" }, lasts ? "…" : `${Math.round(entry.ms)} ms`)),
    call && h("div", { class: "note" }, `Round trip ${entry.round}${entry.status ? `, HTTP ${entry.status}` : ""}`),
    h("div", { class: "e-label" }, call ? "Arguments" : "Payload"), h("pre", {}, pretty(entry.args)),
    h("div", { class: "e-label" }, "Result"), h("pre", {}, pretty(entry.result))));
}

/** JSON for reading; values that are JSON themselves (blocks, metadata) are opened up. */
function pretty(value) {
  const open = (_, inner) => {
    if (typeof inner !== "string" || !/^[[{]/.test(inner)) return inner;
    try { return JSON.parse(inner); } catch { return inner; }
  };
  return JSON.stringify(value ?? null, open, 2);
}
