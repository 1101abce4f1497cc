// "Are you sure?": the confirm dialog of Block Kit, over whatever is open.

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
