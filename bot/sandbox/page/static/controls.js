// The form controls of Block Kit, native wherever the browser has one, so that keyboards, phones and screen readers just work.
//
// control(element, {value, change, label, key, id, describedBy, optional}): `change(value)` is called with
// a string, or a list of strings for the multi selects and checkboxes; null when nothing is chosen.

import { Combo } from "./combo.js";
import { h, icon } from "./dom.js";
import { plain, text } from "./mrkdwn.js";
import { plainOf, richOf } from "./richtext.js";
import { route } from "./route.js";
import { store, titleOf } from "./store.js";
import { fromWallClock, wallClock } from "./time.js";
import { Waiting, chooser } from "./upload.js";

const TEXT_INPUTS = { plain_text_input: "text", email_text_input: "email", url_text_input: "url", number_input: "number" };
const PICKERS = { datepicker: "date", timepicker: "time" };
const LISTS = { checkboxes: "checkbox", radio_buttons: "radio" };

/** Does this element hold a list of values? */
export const isMany = (element) => ["checkboxes", "file_input"].includes(element.type) || element.type.startsWith("multi_");

const isExternal = (element) => element.type.endsWith("external_select");

/** The value the app wants an element to start with. */
export function initialValue(element) {
  if (isExternal(element)) return isMany(element) ? element.initial_options ?? [] : element.initial_option ?? null;
  if (element.default_to_current_conversation && !isMany(element)) return route.channel;
  if (isMany(element)) {
    return element.initial_options?.map((option) => option.value)
      ?? element.initial_users ?? element.initial_channels ?? element.initial_conversations ?? [];
  }
  return element.initial_value ?? element.initial_option?.value ?? element.initial_user ?? element.initial_channel
    ?? element.initial_conversation ?? element.initial_date ?? element.initial_time
    ?? element.initial_date_time ?? null;
}

/** The control itself; an element that we do not know says so. */
export function control(element, how) {
  if (element.type in TEXT_INPUTS) return textInput(element, how);
  if (element.type in PICKERS) return picker(element, how, PICKERS[element.type]);
  if (element.type === "datetimepicker") return datetime(element, how);
  if (element.type in LISTS) return choices(element, how);
  if (isExternal(element)) return new Combo(element, how, shared(element, how)).node;
  if (element.type === "rich_text_input") return richInput(element, how);
  if (element.type === "file_input") return fileInput(element, how);
  if (element.type.startsWith("multi_")) return multi(element, how);
  if (element.type.endsWith("_select")) return select(element, how);
  return h("span", { class: "unknown-block" }, `An element of type “${element.type}” is not drawn in the sandbox.`);
}

const shared = (element, how) => ({
  id: how.id, "aria-label": how.id ? null : how.label, "aria-describedby": how.describedBy, "aria-invalid": how.invalid ? "true" : null,
  data: { key: how.key, actionId: element.action_id ?? "" },
});

function textInput(element, how) {
  const props = {
    ...shared(element, how), class: "input", placeholder: element.placeholder?.text, value: how.value ?? "",
    maxlength: element.max_length, on: { input: (event) => how.change(event.target.value || null) },
  };
  if (element.multiline) return h("textarea", { ...props, rows: 4 });
  const type = TEXT_INPUTS[element.type];
  return h("input", { ...props, type, min: element.min_value, max: element.max_value,
    step: type === "number" ? (element.is_decimal_allowed ? "any" : 1) : null, autocomplete: "off" });
}

function picker(element, how, type) {
  return h("input", { ...shared(element, how), class: "input short", type, value: how.value ?? "",
    on: { change: (event) => how.change(event.target.value || null) } });
}

/** Slack's value is Unix seconds; what is shown and typed is the time where the acting person is. */
function datetime(element, how) {
  const change = (event) => how.change(event.target.value ? fromWallClock(event.target.value) : null);
  return h("input", { ...shared(element, how), class: "input short", type: "datetime-local", value: how.value ? wallClock(how.value) : "", on: { change } });
}

/** Plain text is enough to try an app: it travels as rich text of one section. */
function richInput(element, how) {
  return h("textarea", { ...shared(element, how), class: "input", rows: 4, placeholder: element.placeholder?.text, value: plainOf(how.value),
    on: { input: (event) => how.change(event.target.value ? richOf(event.target.value) : null) } });
}

function fileInput(element, how) {
  const most = element.max_files ?? 10;
  const waiting = new Waiting({ most });
  const kinds = element.filetypes?.map((one) => `.${one}`).join(",") ?? null;
  const input = chooser({ accept: kinds, multiple: most > 1, pick: (files) => waiting.add(files) });
  waiting.set(how.value ?? []);
  waiting.changed = how.change;
  return h("div", { class: "file-input" }, h("button", { ...shared(element, how), class: "btn", type: "button", on: { click: () => input.click() } }, "Choose files"), input, waiting.node);
}

/** All options as {value, label, note}, with `group` where they are grouped. */
function optionsOf(element) {
  const { type } = element;
  if (type.endsWith("users_select")) return [...store.people.values()].map((one) => ({ value: one.id, label: one.real_name }));
  if (/(channels|conversations)_select$/.test(type)) {
    const wanted = type.endsWith("channels_select") ? ["public"] : element.filter?.include ?? ["public", "private"];
    const kind = (one) => (one.is_im ? "im" : one.is_private ? "private" : "public");
    return store.channels.filter((one) => !one.is_archived && wanted.includes(kind(one)))
      .map((one) => ({ value: one.id, label: one.is_im ? titleOf(one) : `#${one.name}` }));
  }
  const groups = element.option_groups ?? [{ options: element.options ?? [] }];
  return groups.flatMap((group) => group.options.map((option) => ({
    value: option.value, label: textOf(option.text), note: option.description && textOf(option.description), group: group.label && textOf(group.label),
  })));
}

const textOf = (object) => plain(object).map((part) => (typeof part === "string" ? part : part.textContent)).join("");

function optionNodes(options) {
  const node = ({ value, label, note }) => h("option", { value }, note ? `${label} – ${note}` : label);
  const groups = [...new Set(options.map((option) => option.group))];
  return groups.flatMap((group) => {
    const nodes = options.filter((option) => option.group === group).map(node);
    return group ? [h("optgroup", { label: group }, nodes)] : nodes;
  });
}

function select(element, how) {
  const empty = h("option", { value: "", disabled: !how.optional, hidden: !how.optional }, element.placeholder?.text ?? "Choose an option");
  return h("select", { ...shared(element, how), class: "input select", value: how.value ?? "",
    on: { change: (event) => how.change(event.target.value || null) } }, empty, optionNodes(optionsOf(element)));
}

/** Chips of what is chosen, and a select that adds one. */
function multi(element, how) {
  const options = optionsOf(element);
  let chosen = [...(how.value ?? [])];
  const box = h("div", { class: "multi" });
  const set = (next) => {
    chosen = next;
    draw();
    how.change(chosen);
  };
  const chip = (value) => {
    const label = options.find((option) => option.value === value)?.label ?? value;
    return h("button", { class: "chip", type: "button", "aria-label": `Remove ${label}`,
      on: { click: () => set(chosen.filter((one) => one !== value)) } }, label, icon("close"));
  };
  const draw = () => {
    const had = box.contains(document.activeElement);
    const left = options.filter((option) => !chosen.includes(option.value));
    const full = chosen.length >= (element.max_selected_items ?? Infinity) || !left.length;
    const add = h("select", { ...shared(element, how), class: "input select", disabled: full, value: "",
      on: { change: (event) => set([...chosen, event.target.value]) } },
      h("option", { value: "", disabled: true, hidden: true }, full ? "Nothing more to add" : element.placeholder?.text ?? "Choose options"), optionNodes(left));
    box.replaceChildren(...chosen.map(chip), add);
    if (had) add.focus();
  };
  draw();
  return box;
}

function choices(element, how) {
  const type = LISTS[element.type];
  let chosen = new Set(type === "checkbox" ? how.value ?? [] : [how.value].filter(Boolean));
  const change = (option, checked) => {
    if (type === "radio") chosen = new Set([option.value]);
    else if (checked) chosen.add(option.value);
    else chosen.delete(option.value);
    const order = element.options.map((one) => one.value).filter((value) => chosen.has(value));
    how.change(type === "radio" ? option.value : order);
  };
  return h("div", { class: "choices", role: type === "radio" ? "radiogroup" : "group", id: how.id, "aria-label": how.label, "aria-describedby": how.describedBy },
    (element.options ?? []).map((option, index) => h("label", { class: "choice" },
      h("input", { type, name: how.key, value: option.value, checked: chosen.has(option.value), data: { key: `${how.key}/${index}` },
        on: { change: (event) => change(option, event.target.checked) } }),
      h("span", {}, text(option.text, "span"), option.description && h("span", { class: "note" }, text(option.description, "span"))))));
}
