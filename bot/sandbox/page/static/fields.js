// The input block: label, control, hint, and the error under the field.

import { control } from "./controls.js";
import { h } from "./dom.js";
import { plain } from "./mrkdwn.js";

/** An input block; its value lives in `surface.form`, its error comes from there too. */
export function field(block, surface) {
  const { element } = block;
  const { form } = surface;
  const id = `f-${block.block_id}-${element.action_id}`;
  const error = form?.errors[block.block_id];
  const described = [block.hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ") || null;
  const change = (value) => {
    form?.set(block, element, value);
    if (block.dispatch_action) dispatch(block, element, value, surface);
  };
  const body = control(element, {
    id, value: form?.value(block, element), change, label: block.label?.text, describedBy: described, invalid: Boolean(error),
    suggest: (query) => surface.suggest(element, block, query),
    key: `${block.block_id}/${element.action_id}`, optional: Boolean(block.optional),
  });
  const group = ["checkboxes", "radio_buttons"].includes(element.type);
  return h("div", { class: `b-input${error ? " invalid" : ""}` },
    h(group ? "div" : "label", { class: "label", for: group ? null : id }, plain(block.label), block.optional && h("span", { class: "optional" }, " (optional)")),
    body,
    error && h("div", { class: "field-error", id: `${id}-error`, role: "alert" }, error),
    block.hint && h("div", { class: "hint-text", id: `${id}-hint` }, plain(block.hint)));
}

const LETTERS = 300; // milliseconds without a letter before on_character_entered is told
let timer = null;

/** Is this an input that one types into? Such ones dispatch on Enter, which the modal handles, unless they ask for each letter. */
const isTyped = (element) => ["plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"].includes(element.type);

function dispatch(block, element, value, surface) {
  if (!isTyped(element)) {
    void surface.act(element, block, value);
    return;
  }
  clearTimeout(timer);
  if (!element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered")) return;
  timer = setTimeout(() => void surface.act(element, block, value), LETTERS);
}
