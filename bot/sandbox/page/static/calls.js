// The Calls panel: every Web API call and every delivery as the server's journal has them, and the switches for faults.

import { get, post, remove } from "./api.js";
import { h, icon } from "./dom.js";
import { go, route } from "./route.js";
import { journalTime } from "./time.js";
import { attempt } from "./toast.js";

const KEPT = 400; // rows on the page
const PAUSE = 1500; // milliseconds between looks at the journal while the panel is open

const FAULTS = [
  { name: "Slack is down", note: "Every call is answered with 503.", rule: { method: "*", when: "down" } },
  { name: "429", note: "Two calls in three are told to wait for two seconds.", rule: { method: "*", when: "429", probability: 0.66, retry_after: 2 } },
  { name: "Lose replies", note: "Every other call is done, but its answer is lost.", rule: { method: "*", when: "lost", probability: 0.5 } },
];
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
  #rules = [];

  constructor(node) {
    this.node = node;
    this.list = h("ol", { class: "journal", "aria-label": "Journal" });
    this.switches = h("div", { class: "faults", role: "group", "aria-label": "Faults" });
    this.filters = h("div", { class: "filters", role: "group", "aria-label": "Show" });
    this.body = h("div", { class: "journal-scroll", tabindex: 0, role: "region", "aria-label": "Calls and deliveries" },
      h("p", { class: "empty small" }, "Nothing yet. What the bot calls and what it is told appears here."), this.list);
    node.append(h("header", { class: "panel-head" }, h("div", {}, h("h2", {}, "Calls"), h("span", { class: "note" }, "What the bot and Slack say to each other")),
      h("button", { class: "btn plain icon-only", type: "button", "aria-label": "Close calls", on: { click: () => go({ calls: false }) } }, icon("close"))),
    this.switches, this.filters, this.body);
  }

  /** Open or close as the route says. */
  update() {
    this.node.hidden = !route.calls;
    document.getElementById("app").classList.toggle("has-calls", route.calls);
    if (route.calls && this.#timer === null) {
      this.#timer = 0;
      this.#drawFilters();
      void this.#look();
      void this.#readFaults();
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
      node.hidden = !FILTERS[this.#filter](entry);
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
    this.filters.replaceChildren(...Object.keys(FILTERS).map((name) => h("button", {
      class: "filter", type: "button", "aria-pressed": String(name === this.#filter),
      on: { click: () => { this.#filter = name; this.#drawFilters(); this.#sift(); } },
    }, name)));
  }

  #sift() {
    for (const { entry, node } of this.#entries.values()) node.hidden = !FILTERS[this.#filter](entry);
    this.body.scrollTop = this.body.scrollHeight;
  }

  async #readFaults() {
    this.#rules = (await get("/sandbox/faults").catch(() => ({ rules: [] }))).rules ?? [];
    const others = this.#rules.filter((rule) => !FAULTS.some((fault) => same(fault.rule, rule)));
    const sum = [others.length && `${others.length} more from elsewhere`, this.#rules.length && "Reset ends them."].filter(Boolean).join(". ");
    this.switches.replaceChildren(h("h3", {}, "Break something"), h("div", { class: "fault-row" }, FAULTS.map((fault) => this.#switch(fault)),
      h("button", { class: "btn", type: "button", disabled: !this.#rules.length, on: { click: () => this.#set([]) } }, "Reset")),
    h("p", { class: "note", role: "status" }, FAULTS.filter((fault) => this.#on(fault)).map((fault) => `${fault.name}: ${fault.note} `), sum));
  }

  #on(fault) {
    return this.#rules.some((rule) => same(fault.rule, rule));
  }

  #switch(fault) {
    const on = this.#on(fault);
    const kept = this.#rules.filter((rule) => !same(fault.rule, rule));
    return h("button", { class: `btn fault${on ? " on" : ""}`, type: "button", "aria-pressed": String(on), title: fault.note,
      on: { click: () => this.#set(on ? kept : [...kept, fault.rule]) } }, fault.name);
  }

  async #set(rules) {
    await attempt(async () => {
      await remove("/sandbox/faults");
      if (rules.length) await post("/sandbox/faults", { rules });
    }, "The switch");
    await this.#readFaults();
  }
}

const same = (mine, theirs) => mine.method === theirs.method && mine.when === theirs.when;

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
