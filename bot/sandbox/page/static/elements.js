// What can be pressed or chosen outside an input block: buttons, menus, selects. Each use is delivered by `surface.act`, after its confirm.

import { confirmed } from "./confirm.js";
import { control, initialValue } from "./controls.js";
import { h, icon } from "./dom.js";
import { leadsTo } from "./links.js";
import { openMenu } from "./menu.js";
import { plain } from "./mrkdwn.js";

/** One element of an actions block, or the accessory of a section. */
export function actionElement(element, block, surface) {
  switch (element.type) {
    case "button": return button(element, block, surface);
    case "workflow_button": return button(element, block, surface);
    case "overflow": return overflow(element, block, surface);
    default: return chooser(element, block, surface);
  }
}

function button(element, block, surface) {
  const leads = element.url ? leadsTo(element.url) : null;
  const shared = {
    class: `btn ${element.style ?? ""}`, "aria-label": element.accessibility_label,
    data: { key: `${block.block_id ?? ""}/${element.action_id ?? ""}`, actionId: element.action_id ?? "" },
  };
  if (leads) {
    const press = async (event) => {
      if (!element.confirm) {
        void deliver(event.currentTarget, element, block, surface, element.value);
        return;
      }
      event.preventDefault();
      const pressed = event.currentTarget;
      if (!(await confirmed(element.confirm))) return;
      follow(leads);
      void deliver(pressed, element, block, surface, element.value);
    };
    const node = h("a", { ...shared, ...leads }, plain(element.text));
    node.addEventListener("click", press);
    return node;
  }
  const press = async (event) => {
    const pressed = event.currentTarget;
    if (pressed.getAttribute("aria-busy") === "true") return;
    if (element.confirm && !(await confirmed(element.confirm))) return;
    await deliver(pressed, element, block, surface, element.value);
  };
  return h("button", { ...shared, type: "button", on: { click: press } }, plain(element.text));
}

const follow = ({ href, target }) => (target ? window.open(href, target, "noopener") : location.assign(href));

async function deliver(node, element, block, surface, value) {
  node.setAttribute("aria-busy", "true");
  try {
    await surface.act(element, block, value);
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function overflow(element, block, surface) {
  const choose = async (option, node) => {
    if (element.confirm && !(await confirmed(element.confirm))) return;
    const leads = option.url ? leadsTo(option.url) : null;
    if (leads) follow(leads);
    await deliver(node, element, block, surface, option.value);
  };
  const open = (event) => {
    const node = event.currentTarget;
    openMenu(node, (element.options ?? []).map((option) => ({
      label: plain(option.text), note: option.description && plain(option.description), choose: () => choose(option, node),
    })));
  };
  return h("button", {
    class: "btn icon-only", type: "button", "aria-haspopup": "menu", "aria-label": element.accessibility_label ?? "More actions",
    data: { key: `${block.block_id ?? ""}/${element.action_id ?? ""}`, actionId: element.action_id ?? "" }, on: { click: open },
  }, icon("more"));
}

/** A select, date picker, radio group, ... that delivers each change; in a modal its value is part of the view's state too. */
function chooser(element, block, surface) {
  const value = surface.form ? surface.form.value(block, element) : initialValue(element);
  const label = element.accessibility_label ?? element.placeholder?.text ?? block.text?.text ?? "Choose";
  const change = async (next) => {
    if (element.confirm && !(await confirmed(element.confirm))) {
      node.replaceWith(chooser(element, block, surface)); // as it was
      return;
    }
    surface.form?.set(block, element, next);
    await deliver(node, element, block, surface, next);
  };
  const node = h("div", { class: `chooser c-${element.type}`, data: { actionId: element.action_id ?? "" } },
    control(element, { value, change, label, suggest: (query) => surface.suggest(element, block, query), key: `${block.block_id ?? ""}/${element.action_id ?? ""}`, optional: false }));
  return node;
}
