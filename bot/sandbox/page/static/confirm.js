// Small dialogs over whatever is open: "Are you sure?" as Block Kit has it, a question of a few words, a paper to read.

import { h } from "./dom.js";
import { plain, text } from "./mrkdwn.js";

/** Ask; gives true when the person confirms, false when they deny, press Escape or close it. */
export function confirmed(confirm) {
  return new Promise((resolve) => {
    let answer = false;
    const end = (value) => { answer = value; dialog.close(); };
    const dialog = h("dialog", { class: "dialog confirm", "aria-labelledby": "confirm-title" },
      h("h2", { id: "confirm-title" }, plain(confirm.title ?? "Are you sure?")),
      text(confirm.text),
      h("div", { class: "dialog-foot" },
        h("button", { class: "btn", type: "button", on: { click: () => end(false) } }, plain(confirm.deny ?? "Cancel")),
        h("button", { class: `btn ${confirm.style === "danger" ? "danger" : "primary"}`, type: "button", autofocus: true, on: { click: () => end(true) } },
          plain(confirm.confirm ?? "Yes"))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Ask for a few words or yes-or-no: `fields` are {name, label, value, check}. Gives {name: value}, or null when the person thinks better of it. */
export function asked({ title, fields, submit }) {
  return new Promise((resolve) => {
    let answer = null;
    const inputs = fields.map((one) => h("input", one.check ? { type: "checkbox", name: one.name } : { class: "input", name: one.name, value: one.value ?? "", autocomplete: "off" }));
    const end = (event) => {
      event.preventDefault();
      answer = Object.fromEntries(inputs.map((input) => [input.name, input.type === "checkbox" ? input.checked : input.value.trim()]));
      dialog.close();
    };
    const dialog = h("dialog", { class: "dialog confirm", "aria-labelledby": "asked-title" }, h("form", { method: "dialog", on: { submit: end } },
      h("h2", { id: "asked-title" }, title),
      fields.map((one, at) => (one.check ? h("label", { class: "choice" }, inputs[at], one.label) : h("label", { class: "b-input" }, h("span", { class: "label" }, one.label), inputs[at]))),
      h("div", { class: "dialog-foot" }, h("button", { class: "btn", type: "button", on: { click: () => dialog.close() } }, "Cancel"), h("button", { class: "btn primary", type: "submit" }, submit))));
    dialog.addEventListener("close", () => { dialog.remove(); resolve(answer); });
    document.body.append(dialog);
    dialog.showModal();
    inputs[0].focus();
  });
}

/** Show something to read, with its title; Escape or Close puts it away. */
export function showPaper(title, body) {
  const dialog = h("dialog", { class: "dialog modal paper", "aria-labelledby": "paper-title" }, h("header", { class: "dialog-head" }, h("h2", { id: "paper-title" }, title)),
    h("div", { class: "dialog-body", tabindex: 0, role: "region", "aria-label": title }, body),
    h("footer", { class: "dialog-foot" }, h("button", { class: "btn", type: "button", on: { click: () => dialog.close() } }, "Close")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
