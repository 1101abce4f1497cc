// A scrolling list of rows that is patched, not rebuilt: rows that did not change keep their nodes, the reader keeps their place.

import { h, icon, rememberFocus } from "./dom.js";

const NEAR = 60; // pixels from the end that still count as "at the end"

/** A list in `container`; `patch` shows rows of {key, sig, build}. */
export class Timeline {
  #rows = new Map();
  #place = null;
  #following = true;
  #top = 0;

  constructor(container) {
    this.container = container;
    this.body = h("div", { class: "rows" });
    this.pill = h("button", { class: "new-pill", type: "button", hidden: true, on: { click: () => this.toEnd() } }, icon("down"), "New messages");
    container.append(this.body, this.pill);
    container.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    // Images that arrive late and bars that open above must not push the newest message out of sight.
    const sizes = new ResizeObserver(() => { if (this.#following) this.toEnd(); });
    sizes.observe(container);
    sizes.observe(this.body);
  }

  /** Only the reader scrolls up; the rows growing below them is no reason to stop following. */
  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.container;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.#following = true;
    else if (scrollTop < this.#top) this.#following = false;
    this.#top = scrollTop;
    if (this.#following) this.pill.hidden = true;
  }

  /** Bring the row of this message into sight and mark it for a moment; false when it is not here. */
  show(ts) {
    const node = this.#rows.get(ts)?.node;
    if (!node || this.container.hidden || !node.isConnected) return false;
    this.#following = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("flash");
    node.addEventListener("animationend", () => node.classList.remove("flash"), { once: true });
    return true;
  }

  toEnd() {
    this.#following = true;
    this.container.scrollTop = this.container.scrollHeight;
  }

  /** Show these rows; a `place` other than last time's starts at the end. */
  patch(rows, place) {
    const moved = place !== this.#place;
    this.#place = place;
    const follow = moved || this.#following;
    const anchor = follow ? null : this.#anchor();
    const last = [...this.#rows.keys()].at(-1);
    const restore = rememberFocus(this.container);
    const next = new Map();
    for (const row of rows) {
      const old = this.#rows.get(row.key);
      next.set(row.key, old && old.sig === row.sig && !moved ? old : { sig: row.sig, node: row.build() });
    }
    this.#rows = next;
    this.#arrange([...next.values()].map((one) => one.node));
    restore();
    if (follow) this.toEnd();
    else if (anchor) this.#settle(anchor);
    const news = !follow && last !== undefined && rows.at(-1)?.key !== last;
    if (news) this.pill.hidden = false;
    if (follow) this.pill.hidden = true;
  }

  /** Put the nodes in order with as few moves as possible: a node that stays keeps its focus and its open menus. */
  #arrange(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.body.children]) if (!wanted.has(child)) child.remove();
    let at = this.body.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.body.insertBefore(node, at);
    }
  }

  #anchor() {
    const top = this.container.getBoundingClientRect().top;
    for (const [key, { node }] of this.#rows) {
      const box = node.getBoundingClientRect();
      if (box.bottom > top) return { key, offset: box.top };
    }
    return null;
  }

  #settle({ key, offset }) {
    const node = this.#rows.get(key)?.node;
    if (node) this.container.scrollTop += node.getBoundingClientRect().top - offset;
  }
}
