// The page by keyboard alone, as Slack does it: F6 goes from part to part, arrows from message to message, Tab into what one can do there.

const PARTS = ["sidebar", "main", "thread", "calls"];
const FOCUSABLE = "a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), summary, [tabindex='0']";

/** F6 and Shift+F6 move between the parts of the page that are open. */
export function walkParts() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F6" || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    const open = PARTS.map((id) => document.getElementById(id)).filter((node) => node.checkVisibility({ visibilityProperty: true }));
    const at = open.findIndex((node) => node.contains(document.activeElement));
    const next = open[(at + (event.shiftKey ? open.length - 1 : 1) + open.length) % open.length] ?? open[0];
    const first = next.id === "main" ? next.querySelector("#composer textarea") : null;
    (first?.checkVisibility() ? first : next.querySelector(FOCUSABLE))?.focus();
  });
}

/** Escape closes the panel in which the focus is, and gives it to where one writes. */
export function leavePanel(panel, close) {
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.target.closest(".editing") || event.target.value) return;
    close();
    document.querySelector("#composer textarea")?.focus();
  });
}

/** One message of a list is in the order of Tab: the newest, or where the arrows have gone; its tools only while it has the focus. */
export function walkMessages(list) {
  const rows = () => [...list.querySelectorAll(".message[data-row]")];
  const enter = (row) => {
    for (const one of rows()) {
      const here = one === row;
      one.tabIndex = here ? 0 : -1;
      for (const tool of one.querySelectorAll(".tool")) tool.tabIndex = here ? 0 : -1;
    }
  };
  list.addEventListener("focusin", (event) => {
    const row = event.target.closest(".message[data-row]");
    if (row && row.tabIndex !== 0) enter(row);
    else if (row) for (const tool of row.querySelectorAll(".tool")) tool.tabIndex = 0;
  });
  list.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || !event.target.matches(".message[data-row]")) return;
    event.preventDefault();
    const all = rows();
    const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(event.target) + steps[event.key]))];
    enter(next);
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  });
  return () => {
    const all = rows();
    if (all.length && !all.some((one) => one.tabIndex === 0)) all.at(-1).tabIndex = 0;
  };
}
