// A small menu that opens at a button: arrow keys move, Enter chooses, Escape closes and gives the focus back.

import { h } from "./dom.js";

let close = () => {};

/** Open a menu below `anchor`; items are {label, note?, choose, danger?}. */
export function openMenu(anchor, items, { grid = false } = {}) {
  close();
  const menu = h("div", { class: `menu${grid ? " grid-menu" : ""}`, role: "menu" }, items.map((item) => h("button", {
    class: `menu-item${item.danger ? " danger" : ""}`, role: "menuitem", type: "button", title: item.title, "aria-label": item.title,
    on: { click: () => { finish(true); void item.choose(); } },
  }, item.label, item.note && h("span", { class: "note" }, item.note))));
  const outside = (event) => { if (!menu.contains(event.target) && !anchor.contains(event.target)) finish(false); };
  const finish = (refocus) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    if (refocus) anchor.focus();
    close = () => {};
  };
  close = () => finish(false);
  menu.addEventListener("keydown", (event) => move(event, menu, () => finish(true)));
  document.addEventListener("pointerdown", outside, true);
  anchor.setAttribute("aria-expanded", "true");
  (anchor.closest("dialog") ?? document.body).append(menu);
  place(menu, anchor);
  menu.firstElementChild?.focus();
}

function move(event, menu, finish) {
  const items = [...menu.children];
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (event.key in steps) items[(at + steps[event.key] + items.length) % items.length].focus();
  else if (event.key === "Home") items[0].focus();
  else if (event.key === "End") items.at(-1).focus();
  else if (event.key === "Escape" || event.key === "Tab") finish();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function place(menu, anchor) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(box.left, window.innerWidth - width - 8));
  const below = box.bottom + 4 + height < window.innerHeight;
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${below ? box.bottom + 4 : Math.max(8, box.top - height - 4)}px`);
}
