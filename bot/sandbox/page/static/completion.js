// Completion in a composer: /commands at the start, @people and #channels anywhere.

import { avatar, h, icon } from "./dom.js";
import { route } from "./route.js";
import { store } from "./store.js";
import { runShortcut } from "./tools.js";

const MOST = 8;
let serial = 0;

/** What may follow the text before the caret: {start, items: [{insert, label, note, lead}], help}. */
export function suggestions(before, { inThread }) {
  const command = /^\/(\S*)$/.exec(before);
  if (command && !inThread) {
    const typed = command[1].toLowerCase();
    const commands = store.commands.filter((one) => one.command.slice(1).startsWith(typed))
      .map((one) => ({ insert: `${one.command} `, label: one.command, hint: one.usage_hint, note: one.description, lead: h("span", { class: "slash" }, "/") }));
    const shortcuts = store.shortcuts.filter((one) => one.type === "global" && one.name.toLowerCase().startsWith(typed))
      .map((one) => ({ insert: "", run: () => runShortcut(one), label: one.name, note: one.description || "Shortcut", lead: icon("bolt") }));
    return { start: 0, items: [...commands, ...shortcuts].slice(0, MOST) };
  }
  const person = /(?:^|[\s(])@([\w.-]*)$/.exec(before);
  if (person) {
    const typed = person[1].toLowerCase();
    return { start: before.length - typed.length - 1, items: [...store.people.values()]
      .filter((one) => one.name.startsWith(typed) || one.real_name.toLowerCase().split(" ").some((word) => word.startsWith(typed))).slice(0, MOST)
      .map((one) => ({ insert: `@${one.name} `, label: one.real_name, note: `@${one.name}${one.id === route.as ? " (you)" : ""}`, lead: avatar(one, "tiny") })) };
  }
  const channel = /(?:^|[\s(])#([\w-]*)$/.exec(before);
  if (channel) {
    return { start: before.length - channel[1].length - 1, items: store.channels
      .filter((one) => !one.is_im && !one.is_archived && one.name.includes(channel[1].toLowerCase())).slice(0, MOST)
      .map((one) => ({ insert: `#${one.name} `, label: `#${one.name}`, note: one.purpose, lead: "#" })) };
  }
  return { start: 0, items: [] };
}

/** The list above a text box; it follows what is typed and takes the keys that belong to it. */
export class Completion {
  #found = { start: 0, items: [] };
  #at = 0;

  constructor(box, { inThread }) {
    this.box = box;
    this.inThread = inThread;
    this.id = `completion-${serial += 1}`;
    this.list = h("ul", { class: "completion", role: "listbox", id: this.id, "aria-label": "Suggestions", hidden: true });
    box.setAttribute("aria-controls", this.id);
    box.setAttribute("aria-autocomplete", "list");
  }

  get open() {
    return !this.list.hidden;
  }

  follow() {
    const before = this.box.value.slice(0, this.box.selectionStart);
    this.#found = suggestions(before, { inThread: this.inThread });
    this.#at = 0;
    this.#draw();
  }

  close() {
    this.#found = { start: 0, items: [] };
    this.#draw();
  }

  /** Handle a key; true when it was for the list. */
  key(event) {
    if (!this.open) return false;
    const count = this.#found.items.length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#at = (this.#at + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.#draw();
    } else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" || (event.key === "Enter" && !this.#complete())) this.#choose(this.#at);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Is what stands there already all of the suggestion? Then Enter sends. */
  #complete() {
    const { insert, run } = this.#found.items[this.#at] ?? {};
    return !run && insert?.trim() === this.box.value.slice(this.#found.start, this.box.selectionStart);
  }

  #choose(at) {
    const { insert, run } = this.#found.items[at];
    this.box.setRangeText(insert, this.#found.start, this.box.selectionStart, "end");
    this.box.dispatchEvent(new Event("input"));
    this.box.focus();
    void run?.();
  }

  #draw() {
    const { items } = this.#found;
    this.list.hidden = !items.length;
    this.list.replaceChildren(...items.map((one, at) => h("li", {
      role: "option", id: `${this.id}-${at}`, class: at === this.#at ? "current" : null, "aria-selected": String(at === this.#at),
      on: { pointerdown: (event) => { event.preventDefault(); this.#choose(at); } },
    }, h("span", { class: "side-lead" }, one.lead), h("span", {}, h("strong", {}, one.label), one.hint && h("code", { class: "usage" }, one.hint)),
    one.note && h("span", { class: "note" }, one.note))));
    if (items.length) this.box.setAttribute("aria-activedescendant", `${this.id}-${this.#at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }
}
