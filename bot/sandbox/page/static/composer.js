// Where people write. Enter sends, Shift+Enter breaks the line; a draft stays with its person, channel and thread.

import { post } from "./api.js";
import { Completion } from "./completion.js";
import { h, icon } from "./dom.js";
import { join } from "./header.js";
import { refresh } from "./refresh.js";
import { route } from "./route.js";
import { channelOf, store, titleOf } from "./store.js";
import { attempt } from "./toast.js";

const drafts = new Map();

/** A composer for the channel, or with `inThread` for the open thread; `node` is what to put on the page. */
export class Composer {
  #key = "";

  constructor({ inThread = false, sent = () => {} } = {}) {
    this.inThread = inThread;
    this.sent = sent;
    this.box = h("textarea", { class: "composer-box", rows: 1, "aria-label": "Message", autocomplete: "off", spellcheck: "true" });
    this.completion = new Completion(this.box, { inThread });
    this.button = h("button", { class: "send", type: "button", "aria-label": "Send", title: "Send", disabled: true, on: { click: () => this.send() } }, icon("send"));
    this.usage = h("div", { class: "usage-line", hidden: true });
    this.writing = h("div", { class: "composer" }, this.completion.list, this.usage, this.box,
      h("div", { class: "composer-foot" }, h("span", { class: "note wide-only" }, "Enter sends, Shift + Enter starts a new line"), this.button));
    this.closed = h("div", { class: "composer closed", hidden: true });
    this.node = h("div", { class: "composer-slot" }, this.writing, this.closed);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#pressed(event));
    this.box.addEventListener("blur", () => this.completion.close());
    this.box.addEventListener("click", () => this.completion.follow());
  }

  /** Follow the route: another place has another draft; the text being written is left alone otherwise. */
  update() {
    const channel = channelOf(route.channel);
    this.node.hidden = !channel || (!this.inThread && route.home);
    if (!channel) return;
    const key = [route.as, route.channel, this.inThread ? route.thread : ""].join("/");
    if (key !== this.#key) {
      this.#key = key;
      this.box.value = drafts.get(key) ?? "";
      this.completion.close();
      this.#grow();
    }
    const place = channel.is_im ? titleOf(channel) : `#${channel.name}`;
    this.box.placeholder = this.inThread ? "Reply" : `Message ${place}`;
    this.box.setAttribute("aria-label", this.inThread ? "Reply in thread" : `Message ${place}`);
    const may = (channel.member || channel.is_im) && !channel.is_archived;
    this.writing.hidden = !may;
    this.closed.hidden = may;
    if (!may) this.#close(channel, place);
  }

  #close(channel, place) {
    const text = channel.is_archived ? `${place} is archived: it can be read, but nobody can write in it.` : `You are not in ${place}.`;
    if (this.closed.dataset.text === text) return;
    this.closed.dataset.text = text;
    this.closed.replaceChildren(h("span", {}, text), ...(channel.is_archived ? [] : [h("button", { class: "btn primary", type: "button", on: { click: join } }, "Join Channel")]));
  }

  #typed() {
    drafts.set(this.#key, this.box.value);
    this.#grow();
    this.completion.follow();
  }

  #grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 220)}px`;
    this.button.disabled = !this.box.value.trim();
    const command = store.commands.find((one) => this.box.value.startsWith(`${one.command} `));
    this.usage.hidden = !command || this.inThread;
    if (command) this.usage.replaceChildren(h("strong", {}, command.command), " ", h("code", { class: "usage" }, command.usage_hint), h("span", { class: "note" }, command.description));
  }

  #pressed(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void this.send();
    }
  }

  async send() {
    const text = this.box.value.trim();
    if (!text) return;
    const key = this.#key;
    const to = { as: route.as, channel: route.channel, ...(this.inThread ? { thread_ts: route.thread } : {}) };
    this.completion.close();
    this.box.value = "";
    this.#typed();
    const answer = await attempt(() => post("/sandbox/say", { ...to, text }), "Your message");
    if (!answer && !drafts.get(key)) {
      drafts.set(key, text); // it did not go: what was typed is not lost
      if (key === this.#key) {
        this.box.value = text;
        this.#typed();
      }
    }
    await refresh();
    this.sent();
  }
}
