// A select whose options the app gives while somebody types (external_select): a combobox with its list, one choice or several.

import { h, icon } from "./dom.js";
import { plain } from "./mrkdwn.js";

const PAUSE = 250; // milliseconds without a letter before the app is asked
const ENOUGH = 3; // letters before it is asked, unless the element says otherwise
let serial = 0;

const said = (option) => h("span", {}, plain(option?.text)).textContent;

/** The control; `how.suggest(query)` gives {options, option_groups}, `how.change` gets the option object, or a list of them. */
export class Combo {
  #found = [];
  #at = -1;
  #timer = null;
  #asked = 0;

  constructor(element, how, shared) {
    this.element = element;
    this.how = how;
    this.many = element.type.startsWith("multi_");
    this.chosen = [how.value ?? []].flat();
    const id = `combo-${serial += 1}`;
    this.input = h("input", { ...shared, class: "input", type: "text", role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-controls": id,
      "aria-autocomplete": "list", placeholder: element.placeholder?.text ?? "Type to search" });
    this.list = h("ul", { class: "combo-list", role: "listbox", id, "aria-label": how.label, hidden: true });
    this.note = h("div", { class: "note combo-note", role: "status" });
    this.chips = h("div", { class: "multi", hidden: true });
    this.node = h("div", { class: "combo" }, this.chips, this.input, this.list, this.note);
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("focus", () => { if (!this.#least) this.#typed(); });
    this.input.addEventListener("blur", () => this.#leave());
    this.input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#show();
  }

  get #least() {
    return this.element.min_query_length ?? ENOUGH;
  }

  #show() {
    this.chips.hidden = !this.many || !this.chosen.length;
    this.chips.replaceChildren(...(this.many ? this.chosen : []).map((one) => h("button", { class: "chip", type: "button", "aria-label": `Remove ${said(one)}`,
      on: { click: () => this.#set(this.chosen.filter((other) => other !== one)) } }, said(one), icon("close"))));
    this.input.value = this.many ? "" : said(this.chosen[0]);
  }

  #set(next) {
    this.chosen = next;
    this.#close();
    this.#show();
    this.input.focus();
    this.how.change(this.many ? next : next[0] ?? null);
  }

  #typed() {
    clearTimeout(this.#timer);
    const query = this.input.value.trim();
    if (!this.many && !query && this.chosen.length) {
      this.#set([]);
      return;
    }
    if (query.length < this.#least) {
      this.#close();
      this.note.textContent = query ? `Type at least ${this.#least} letters.` : "";
      return;
    }
    this.#timer = setTimeout(() => void this.#ask(query), PAUSE);
  }

  /** Only the newest question's answer counts. */
  async #ask(query) {
    const number = this.#asked += 1;
    this.note.textContent = "Searching";
    let answer;
    try {
      answer = await this.how.suggest(query);
    } catch (error) {
      if (number === this.#asked) this.#close(`The app gave no options (${error.message}).`);
      return;
    }
    if (number !== this.#asked || document.activeElement !== this.input) return;
    const groups = answer.option_groups ?? [{ options: answer.options ?? [] }];
    const taken = new Set(this.many ? this.chosen.map((one) => one.value) : []);
    this.#found = groups.flatMap((group) => group.options.map((option) => ({ option, group: group.label && h("span", {}, plain(group.label)).textContent }))).filter(({ option }) => !taken.has(option.value));
    this.#at = this.#found.length ? 0 : -1;
    this.note.textContent = this.#found.length ? `${this.#found.length} found` : "Nothing found";
    this.#draw();
  }

  #draw() {
    const full = this.many && this.chosen.length >= (this.element.max_selected_items ?? Infinity);
    this.list.hidden = !this.#found.length || full;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.list.replaceChildren(...this.#found.map(({ option, group }, at) => h("li", { role: "option", id: `${this.list.id}-${at}`, "aria-selected": String(at === this.#at),
      class: at === this.#at ? "current" : null, on: { pointerdown: (event) => { event.preventDefault(); this.#choose(at); } } },
    plain(option.text), option.description && h("span", { class: "note" }, plain(option.description)), group && h("span", { class: "note" }, group))));
    if (this.#at >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
    if (!this.list.hidden) this.list.scrollIntoView({ block: "nearest" });
  }

  #choose(at) {
    const { option } = this.#found[at];
    this.#set(this.many ? [...this.chosen, option] : [option]);
  }

  #pressed(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Backspace" && this.many && !this.input.value && this.chosen.length) this.#set(this.chosen.slice(0, -1));
    else if (this.list.hidden) return;
    else if (event.key in steps) {
      this.#at = (this.#at + steps[event.key] + this.#found.length) % this.#found.length;
      this.#draw();
    } else if (event.key === "Enter") this.#choose(this.#at);
    else if (event.key === "Escape") this.#close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #close(note = "") {
    this.#found = [];
    this.#at = -1;
    this.note.textContent = note;
    this.#draw();
  }

  #leave() {
    clearTimeout(this.#timer);
    this.#close();
    if (!this.many) this.input.value = said(this.chosen[0]);
  }
}
