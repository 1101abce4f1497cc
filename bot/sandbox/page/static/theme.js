// Light or dark: what the system says, until the reader chooses; the choice is kept in this browser.

const KEY = "muster-sandbox-theme";
const system = window.matchMedia("(prefers-color-scheme: dark)");

/** "light" or "dark": what the page shows now. */
export const theme = () => document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");

/** Show what was chosen the last time; `changed` is called when the system changes its mind. */
export function restoreTheme(changed) {
  system.addEventListener("change", changed);
  const chosen = localStorage.getItem(KEY);
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}

/** The other one; choosing what the system says anyway follows the system again. */
export function switchTheme() {
  const next = theme() === "dark" ? "light" : "dark";
  if ((next === "dark") === system.matches) {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset.theme = next;
    localStorage.setItem(KEY, next);
  }
}
