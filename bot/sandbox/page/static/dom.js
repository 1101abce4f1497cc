// Builds DOM nodes. The one rule of this page: text from outside becomes a text node or an attribute value, never markup.

/**
 * Create an element. `props.on` holds listeners, `props.data` dataset entries, `props.css` CSSOM styles;
 * a property that is null, undefined or false is left out, true becomes an empty attribute.
 */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

/** Create an SVG icon from path data that this page itself holds (never from outside). */
export function icon(name) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const ICONS = {
  menu: "M3 5h14M3 10h14M3 15h14",
  close: "M5 5l10 10M15 5L5 15",
  send: "M3 10L17 3l-4 14-3.5-5.5L3 10zM9.5 11.5L17 3",
  reply: "M4 4h12v9H9l-4 3v-3H4z",
  smile: "M10 3a7 7 0 100 14 7 7 0 000-14zM7.5 8.3v.2M12.500 8.300v.2M7 11.700c1.600 2 4.400 2 6 0",
  pencil: "M4 16l1-4L13.500 3.500l3 3L8 15l-4 1z",
  trash: "M4 6h12M8 6V4h4v2M6 6l.7 10h6.600L14 6",
  more: "M10 4.500v.1M10 10v.1M10 15.500v.1",
  pin: "M7 3h6l-1 5 3 3H5l3-3-1-5zM10 11v6",
  bookmark: "M6 3h8v14l-4-3-4 3z",
  people: "M7.500 9a2.500 2.500 0 100-5 2.500 2.500 0 000 5zM3 16c0-5 9-5 9 0M13 9a2 2 0 100-4M14 11.500c2 .3 3 1.800 3 4",
  lock: "M5.500 9h9v7h-9zM7.500 9V6.500a2.500 2.500 0 015 0V9",
  calls: "M3 7h12l-3-3M17 13H5l3 3",
  help: "M10 3a7 7 0 100 14 7 7 0 000-14zM8 8c0-2.600 4-2.600 4 0 0 1.500-2 1.500-2 3M10 13.800v.1",
  file: "M5 3h7l3 3v11H5zM12 3v3h3",
  check: "M4 10.500l4 4 8-9",
  eye: "M2.500 10c4-6.500 11-6.500 15 0-4 6.500-11 6.500-15 0zM10 8a2 2 0 100 4 2 2 0 000-4z",
  down: "M5 8l5 5 5-5",
  back: "M12 5l-5 5 5 5",
  plus: "M10 4v12M4 10h12",
  play: "M7 4.500v11l9-5.500z",
  circle: "M10 4a6 6 0 100 12 6 6 0 000-12z",
  turning: "M10 4a6 6 0 106 6",
  up: "M7 9l3-6c2 0 2 2 1.500 4.500H16L15 16H7zM4 9h3v7H4z",
  downward: "M7 11l3 6c2 0 2-2 1.500-4.500H16L15 4H7zM4 11h3V4H4z",
  bolt: "M11 2L5 11h4l-1 7 6-9h-4z",
  moon: "M15.500 12.500A6.500 6.500 0 017.500 4.500a6.500 6.500 0 108 8z",
  sun: "M10 6.500a3.500 3.500 0 100 7 3.500 3.500 0 000-7zM10 2v1.500M10 16.500V18M2 10h1.500M16.500 10H18M4.300 4.300l1 1M14.700 14.700l1 1M15.700 4.300l-1 1M5.300 14.700l-1 1",
  alert: "M10 3l8 14H2zM10 8v4M10 14.400v.1",
};

function fill(element, props, children) {
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [name, listener] of Object.entries(value)) element.addEventListener(name, listener);
    else if (key === "data") Object.assign(element.dataset, value);
    else if (key === "css") for (const [name, style] of Object.entries(value)) element.style.setProperty(name, style);
    else if (key !== "value") element.setAttribute(key, value === true ? "" : String(value));
  }
  append(element, children);
  if (props?.value !== null && props?.value !== undefined) element.value = props.value; // after the children: a select has none before
  return element;
}

/** Append nodes and strings, however deeply nested in lists; null, undefined and false are skipped. */
export function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child);
  }
}

/** Replace what `container` holds, and put the focus back on the element of the same `data-key`, if it had it. */
export function swap(container, ...children) {
  const restore = rememberFocus(container);
  container.replaceChildren();
  append(container, children);
  restore();
}

/** Remember which `data-key` inside `container` has the focus; the function returned puts it back there. */
export function rememberFocus(container) {
  const active = document.activeElement;
  if (!active || !container.contains(active) || !active.dataset.key) return () => {};
  const { key } = active.dataset;
  const caret = "selectionStart" in active && active.selectionStart !== null ? [active.selectionStart, active.selectionEnd] : null;
  const row = active.closest("[data-row]")?.dataset.row;
  return () => {
    const scope = row ? [...container.querySelectorAll("[data-row]")].find((node) => node.dataset.row === row) : container;
    const again = [...(scope ?? container).querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
    if (!again || again === document.activeElement) return;
    again.focus({ preventScroll: true });
    if (caret && again.selectionStart !== null && "setSelectionRange" in again) again.setSelectionRange(...caret);
  };
}

/** A round coloured square with a person's initials; the colour follows from the id, so it never changes. */
export function avatar(person, size = "medium") {
  const name = person?.real_name || person?.name || "?";
  const initials = name.split(/\s+/).slice(0, 2).map((word) => word[0] ?? "").join("").toUpperCase();
  const hue = [...String(person?.id ?? name)].reduce((sum, letter) => (sum * 131 + letter.codePointAt(0) * 47) % 360, 200);
  const bot = Boolean(person?.is_bot);
  return h("span", {
    class: `avatar ${size}${bot ? " bot" : ""}`, "aria-hidden": "true",
    css: bot ? {} : { "background-color": `hsl(${hue} 45% 33%)` },
  }, bot ? (name[0] ?? "M").toUpperCase() : initials);
}
