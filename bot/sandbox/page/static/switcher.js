// Ctrl+K (Command+K): jump to a channel, a person or the app by a few letters of its name, as in Slack.

import { h, icon } from "./dom.js";
import { go, route } from "./route.js";
import { openDirect } from "./sidebar.js";
import { botUser, humans, listedName, store } from "./store.js";

const MOST = 9;

function places(typed) {
  const bot = botUser();
  const all = [
    ...store.channels.filter((one) => !one.is_im).map((one) => ({ name: one.name, lead: one.is_private ? icon("lock") : "#", note: one.is_archived ? "archived" : one.member ? "" : "not joined",
      rank: Number(one.is_archived) * 2 + Number(!one.member), open: () => go({ channel: one.id, thread: null, home: false }) })),
    ...humans().filter((one) => one.id !== route.as).map((one) => ({ name: listedName(one), lead: icon("people"), note: `@${one.name}`, rank: 1, open: () => openDirect(one.id) })),
    ...(bot ? [{ name: bot.real_name, lead: icon("bolt"), note: "App", rank: 1, open: () => go({ home: true, thread: null }) }] : []),
  ];
  const letters = typed.trim().toLowerCase();
  const near = (name) => (name.toLowerCase() === letters ? 0 : name.toLowerCase().startsWith(letters) ? 1 : 2);
  return all.filter((one) => `${one.name} ${one.note}`.toLowerCase().includes(letters))
    .sort((a, b) => near(a.name) - near(b.name) || a.rank - b.rank).slice(0, MOST);
}

/** Listen for the key. */
export function listenForSwitcher() {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    open();
  });
}

function open() {
  let found = [];
  let at = 0;
  const input = h("input", { class: "input", role: "combobox", "aria-expanded": "true", "aria-controls": "switcher-list", "aria-autocomplete": "list", "aria-label": "Jump to", placeholder: "Jump to a channel or a person", autocomplete: "off" });
  const list = h("ul", { class: "completion", role: "listbox", id: "switcher-list", "aria-label": "Places" });
  const dialog = h("dialog", { class: "dialog switcher", "aria-label": "Jump to" }, input, list);
  const choose = (place) => {
    dialog.close();
    void place?.open();
  };
  const draw = () => {
    list.replaceChildren(...found.map((one, index) => h("li", { role: "option", id: `place-${index}`, class: index === at ? "current" : null, "aria-selected": String(index === at),
      on: { click: () => choose(one) } }, h("span", { class: "side-lead" }, one.lead), h("span", {}, one.name), one.note && h("span", { class: "note" }, one.note))));
    if (found.length) input.setAttribute("aria-activedescendant", `place-${at}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const look = () => { found = places(input.value); at = 0; draw(); };
  input.addEventListener("input", look);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) at = (at + step + found.length) % found.length;
    else if (event.key === "Enter") choose(found[at]);
    else return;
    event.preventDefault();
    draw();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  look();
}
