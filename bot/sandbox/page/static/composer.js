// Where people write. Enter sends, Shift+Enter breaks the line; a draft stays with its person, channel and thread.

import { post } from "./api.js";
import { Completion } from "./completion.js";
import { h, icon } from "./dom.js";
import { join } from "./header.js";
import { openMenu } from "./menu.js";
import { refresh } from "./refresh.js";
import { route } from "./route.js";
import { channelOf, store, titleOf } from "./store.js";
import { attempt } from "./toast.js";
import { runShortcut } from "./tools.js";
import { Waiting, chooser } from "./upload.js";

const drafts = new Map();

/** A composer for the channel, or with `inThread` for the open thread; `node` is what to put on the page. */
export class Composer {
  #key = "";

  constructor({ inThread = false, sent = () => {}, editLast = () => {} } = {}) {
    this.inThread = inThread;
    this.sent = sent;
    this.editLast = editLast;
    this.box = h("textarea", { class: "composer-box", rows: 1, "aria-label": "Message", autocomplete: "off", spellcheck: "true" });
    this.completion = new Completion(this.box, { inThread });
    this.button = h("button", { class: "send", type: "button", "aria-label": "Send", title: "Send", disabled: true, on: { click: () => this.send() } }, icon("send"));
    this.usage = h("div", { class: "usage-line", hidden: true });
    this.waiting = new Waiting({ changed: () => this.#grow() });
    this.input = chooser({ pick: (files) => this.waiting.add(files) });
    this.add = h("button", { class: "tool", type: "button", "aria-label": "Attach a file or use a shortcut", title: "Attach", "aria-haspopup": "menu", on: { click: () => this.#offer() } }, icon("plus"));
    this.also = h("input", { type: "checkbox" });
    this.alsoName = h("span", {});
    this.writing = h("div", { class: "composer" }, this.completion.list, this.usage, this.box, this.waiting.node,
      h("div", { class: "composer-foot" }, this.add, this.input,
        inThread ? h("label", { class: "note also" }, this.also, this.alsoName) : h("span", { class: "note wide-only" }, "Enter sends, Shift + Enter starts a new line"), this.button));
    this.closed = h("div", { class: "composer closed", hidden: true });
    this.node = h("div", { class: "composer-slot" }, this.writing, this.closed);
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => this.#pressed(event));
    this.box.addEventListener("blur", () => this.completion.close());
    this.box.addEventListener("click", () => this.completion.follow());
    this.box.addEventListener("paste", (event) => this.#dropped(event, event.clipboardData));
    this.writing.addEventListener("dragover", (event) => event.preventDefault());
    this.writing.addEventListener("drop", (event) => this.#dropped(event, event.dataTransfer));
  }

  #dropped(event, data) {
    if (!data?.files.length) return;
    event.preventDefault();
    void this.waiting.add([...data.files]);
  }

  #offer() {
    const shortcuts = store.shortcuts.filter((one) => one.type === "global");
    if (!shortcuts.length) this.input.click();
    else openMenu(this.add, [{ label: "Upload from this computer", choose: () => this.input.click() },
      ...shortcuts.map((one) => ({ label: one.name, note: one.description || "Shortcut of the app", choose: () => runShortcut(one) }))]);
  }

  /** Follow the route: another place has another draft; the text being written is left alone otherwise. */
  update() {
    const channel = channelOf(route.channel);
    this.node.hidden = !channel || (!this.inThread && route.home);
    if (!channel) return;
    const may = (channel.member || channel.is_im) && !channel.is_archived;
    this.writing.hidden = !may;
    this.closed.hidden = may;
    const key = [route.as, route.channel, this.inThread ? route.thread : ""].join("/");
    if (key !== this.#key) {
      this.#key = key;
      this.box.value = drafts.get(key) ?? "";
      this.waiting.set([]);
      this.also.checked = false;
      this.completion.close();
      this.#grow();
    }
    const place = channel.is_im ? titleOf(channel) : `#${channel.name}`;
    this.box.placeholder = this.inThread ? "Reply" : `Message ${place}`;
    this.alsoName.textContent = `Also send to ${place}`;
    this.box.setAttribute("aria-label", this.inThread ? "Reply in thread" : `Message ${place}`);
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
    this.button.disabled = !this.box.value.trim() && !this.waiting.files.length;
    const command = store.commands.find((one) => this.box.value.startsWith(`${one.command} `));
    this.usage.hidden = !command || this.inThread;
    if (command) this.usage.replaceChildren(h("strong", {}, command.command), " ", h("code", { class: "usage" }, command.usage_hint), h("span", { class: "note" }, command.description));
  }

  #pressed(event) {
    if (event.isComposing || this.completion.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void this.send();
    } else if (event.key === "ArrowUp" && !this.box.value) {
      event.preventDefault();
      this.editLast();
    }
  }

  async send() {
    const text = this.box.value.trim();
    const { files } = this.waiting;
    if (!text && !files.length) return;
    const key = this.#key;
    const to = { as: route.as, channel: route.channel, ...(this.inThread ? { thread_ts: route.thread, ...(this.also.checked ? { broadcast: true } : {}) } : {}),
      ...(files.length ? { files: files.map((one) => ({ id: one.id })) } : {}) };
    this.completion.close();
    this.box.value = "";
    this.also.checked = false;
    this.waiting.set([]);
    this.#typed();
    const answer = await attempt(() => post("/sandbox/say", { ...to, text }), "Your message");
    if (!answer && !drafts.get(key)) {
      drafts.set(key, text); // it did not go: what was typed is not lost
      if (key === this.#key) {
        this.box.value = text;
        this.waiting.set(files);
        this.#typed();
      }
    }
    await refresh();
    this.sent();
  }
}
