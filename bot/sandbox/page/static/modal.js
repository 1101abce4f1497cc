// The modal that the acting person has open: one native dialog that follows what the server says is on top of their stack.
//
// Escape closes, Ctrl/Cmd+Enter submits, Tab stays inside. Typed values outlive updates of the view.

import { post, postToApp } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { h, icon, swap } from "./dom.js";
import { Form } from "./form.js";
import { plain } from "./mrkdwn.js";
import { refresh } from "./refresh.js";
import { route } from "./route.js";
import { store } from "./store.js";
import { attempt } from "./toast.js";

const FOCUSABLE = "button:not([disabled]), [href], input:not([disabled]), select:not([disabled]), textarea:not([disabled])";
const forms = new Map(); // view id -> Form; views below the top keep theirs
let dialog = null;
let shown = "";
let busy = false;
let complaint = "";
let told = "";
let hadFields = false;
let refused = false; // the last submit brought errors: the first wrong field shall get the focus

/** Make the page show what the store says about modals. */
export function showModal() {
  const { view } = store.modal;
  if (!view) {
    hide();
    return;
  }
  const fresh = !forms.has(view.id);
  if (fresh) forms.set(view.id, new Form());
  const form = forms.get(view.id);
  const said = JSON.stringify(store.modal.errors ?? {});
  if (said !== told) form.errors = { ...store.modal.errors };
  told = said;
  const now = JSON.stringify([view.id, view.hash, view.blocks, view.title, view.submit, view.close, form.errors, complaint, busy, store.people.size]);
  if (now === shown) return;
  shown = now;
  draw(view, form, fresh);
}

function hide() {
  forms.clear();
  hadFields = false;
  shown = told = complaint = "";
  dialog?.close();
  dialog = null;
}

function draw(view, form, fresh) {
  const opening = !dialog;
  if (opening) dialog = frame();
  const scrolled = dialog.querySelector(".dialog-body")?.scrollTop ?? 0;
  const surface = { kind: "modal", form, act: (element, block, value) => act(view, element, block, value),
    suggest: (element, block, typed) => postToApp("/sandbox/modal/suggest", { as: route.as, action_id: element.action_id, block_id: block.block_id, typed }) };
  const submit = view.submit && h("button", { class: "btn primary", type: "submit", data: { key: "submit" }, "aria-busy": busy ? "true" : null }, plain(view.submit));
  swap(dialog, h("form", { class: "modal-form", novalidate: true, on: { submit: (event) => { event.preventDefault(); void send(view, form); } } },
    h("header", { class: "dialog-head" },
      view.previous_view_id && h("button", { class: "btn plain icon-only", type: "button", "aria-label": "Back", title: "Back", data: { key: "back" }, on: { click: () => leave() } }, icon("back")),
      h("h2", { id: "modal-title" }, plain(view.title ?? "")),
      h("button", { class: "btn plain icon-only", type: "button", "aria-label": "Close", data: { key: "x" }, on: { click: () => leave(true) } }, icon("close"))),
    h("div", { class: "dialog-body", tabindex: -1 },
      complaint && h("div", { class: "b-alert error", role: "alert" }, complaint),
      renderBlocks(view.blocks, surface)),
    h("footer", { class: "dialog-foot" },
      h("button", { class: "btn", type: "button", data: { key: "close" }, on: { click: () => leave() } }, plain(view.close ?? (view.submit ? "Cancel" : "Close"))), submit)));
  if (opening) {
    document.getElementById("modals").append(dialog);
    dialog.showModal();
  }
  dialog.querySelector(".dialog-body").scrollTop = fresh ? 0 : scrolled;
  focusOn(view, fresh);
}

function frame() {
  const node = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title" });
  node.addEventListener("cancel", (event) => { event.preventDefault(); void leave(); });
  node.addEventListener("close", () => node.remove());
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      node.querySelector("form")?.requestSubmit();
    } else if (event.key === "Enter" && event.target.tagName === "INPUT") onEnter(event);
    else if (event.key === "Tab") trap(event, node);
  });
  return node;
}

function trap(event, node) {
  const all = [...node.querySelectorAll(FOCUSABLE)];
  const [first, last] = [all[0], all.at(-1)];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

/** Enter in a text input whose block dispatches: the app hears of it, and nothing is submitted. */
function onEnter(event) {
  const { view } = store.modal;
  const block = view?.blocks.find((one) => one.dispatch_action && one.element?.action_id === event.target.dataset.actionId
    && (one.element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes("on_enter_pressed"));
  if (!block) return;
  event.preventDefault();
  void act(view, block.element, block, event.target.value);
}

/** After an error the first wrong field has the focus; in a new view the one with focus_on_load, or the first. */
function focusOn(view, fresh) {
  const body = dialog.querySelector(".dialog-body");
  const wrong = body.querySelector(".invalid [data-key]");
  if (wrong && refused && !busy) {
    refused = false;
    wrong.focus();
    return;
  }
  const fields = body.querySelector("input, select, textarea");
  const arrived = fields && !hadFields; // a form that took the place of "loading"
  hadFields = Boolean(fields);
  if (!fresh && !arrived) return;
  const wanted = view.blocks?.find((block) => block.element?.focus_on_load);
  const target = wanted && [...body.querySelectorAll("[data-key]")].find((node) => node.dataset.key === `${wanted.block_id}/${wanted.element.action_id}`);
  (target ?? fields ?? dialog.querySelector("[data-key=submit], [data-key=close]"))?.focus();
}

async function act(view, element, block, value) {
  await attempt(() => postToApp("/sandbox/modal/act", {
    as: route.as, action_id: element.action_id, block_id: block.block_id, value, values: forms.get(view.id)?.values(view) ?? {},
  }));
  await refresh();
}

async function send(view, form) {
  if (busy) return;
  form.errors = form.faults(view);
  complaint = "";
  if (!Object.keys(form.errors).length) {
    busy = true;
    showModal();
    try {
      const answer = await postToApp("/sandbox/modal/submit", { as: route.as, values: form.values(view) });
      form.errors = answer.errors ?? {};
      told = JSON.stringify(form.errors);
    } catch (error) {
      complaint = `We had some trouble connecting. Try again? (${error.message})`;
    }
    busy = false;
  }
  refused = Object.keys(form.errors).length > 0;
  if (refused || complaint) showModal();
  await refresh();
}

/** "Cancel" and Escape close the view on top, the cross all that lie on one another. */
async function leave(everything = false) {
  complaint = "";
  await attempt(() => post("/sandbox/modal/close", { as: route.as, ...(everything ? { everything } : {}) }));
  await refresh();
}
