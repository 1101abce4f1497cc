// What a person has typed into one modal, kept while the view changes under it: a value belongs to its block_id and action_id.

import { initialValue, isMany } from "./controls.js";

/** The values and the errors of one view. */
export class Form {
  errors = {};
  #values = new Map();

  /** What the control shows: what was typed, else what the app wants it to start with. */
  value(block, element) {
    const key = keyOf(block, element);
    return this.#values.has(key) ? this.#values.get(key) : initialValue(element);
  }

  set(block, element, value) {
    this.#values.set(keyOf(block, element), value);
  }

  /** {block_id: {action_id: value}} of everything in the view that holds a value. */
  values(view) {
    const result = {};
    for (const [block, element] of holders(view)) {
      result[block.block_id] = { ...result[block.block_id], [element.action_id]: this.value(block, element) };
    }
    return result;
  }

  /** The errors that Slack finds itself before anything is sent: {block_id: text}. */
  faults(view) {
    const found = {};
    for (const [block, element] of holders(view)) {
      if (block.type !== "input") continue;
      const value = this.value(block, element);
      const empty = isMany(element) ? !value.length : value === null || String(value).trim() === "";
      if (empty && !block.optional) found[block.block_id] = "Please complete this required field.";
      else if (!empty) {
        const fault = CHECKS[element.type]?.(value, element);
        if (fault) found[block.block_id] = fault;
      }
    }
    return found;
  }
}

/** What Slack's client itself refuses; each gives a sentence or nothing. */
const CHECKS = {
  plain_text_input: (value, { min_length: least }) => least && value.length < least && `Please write at least ${least} characters.`,
  email_text_input: (value) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) && "Please write a valid email address.",
  url_text_input: (value) => !(URL.canParse(value) && /^https?:/.test(value)) && "Please write a valid link, with https://.",
  number_input: (value, { is_decimal_allowed: decimal, min_value: least, max_value: most }) => {
    if (!(decimal ? /^-?\d+([.,]\d+)?$/ : /^-?\d+$/).test(value)) return decimal ? "Please write a number." : "Please write a whole number.";
    if (least !== undefined && Number(value) < Number(least)) return `Please write a number of at least ${least}.`;
    return most !== undefined && Number(value) > Number(most) && `Please write a number of at most ${most}.`;
  },
};

const keyOf = (block, element) => `${block.block_id}\n${element.action_id}`;
const STATELESS = new Set(["button", "workflow_button", "overflow", "image"]);

/** All [block, element] of a view that hold a value. */
function holders(view) {
  return (view.blocks ?? []).flatMap((block) => {
    const elements = [block.element, block.accessory, ...(block.type === "actions" ? block.elements ?? [] : [])];
    return elements.filter((element) => element && !STATELESS.has(element.type)).map((element) => [block, element]);
  });
}
