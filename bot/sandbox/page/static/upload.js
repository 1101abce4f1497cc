// Files from this computer: brought to the sandbox at once, shown as chips until they are sent.

import { Failed, post } from "./api.js";
import { h, icon } from "./dom.js";
import { route } from "./route.js";
import { attempt } from "./toast.js";

const MOST = 20_000_000; // bytes; the sandbox keeps files in memory

/** Bring one file to the sandbox; gives the file object that Slack would show. Throws `Failed`. */
async function bring(file) {
  if (file.size > MOST) throw new Failed(`${file.name} is larger than 20 MB.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return (await post("/sandbox/upload", { as: route.as, name: file.name || "pasted.png", content: btoa(binary) })).file;
}

/** Files waiting to be sent: `node` shows them, `files` are their file objects. */
export class Waiting {
  files = [];

  constructor({ changed = () => {}, most = Infinity } = {}) {
    this.changed = changed;
    this.most = most;
    this.node = h("ul", { class: "waiting", "aria-label": "Files", hidden: true });
  }

  async add(list) {
    for (const file of list) {
      if (this.files.length >= this.most) break;
      const brought = await attempt(() => bring(file), file.name);
      if (brought) this.set([...this.files, brought]);
    }
  }

  set(files) {
    this.files = files;
    this.node.hidden = !files.length;
    this.node.replaceChildren(...files.map((one) => h("li", {}, h("button", { class: "chip", type: "button", "aria-label": `Remove ${one.name}`,
      on: { click: () => this.set(this.files.filter((other) => other !== one)) } }, icon("file"), one.name, icon("close")))));
    this.changed(files);
  }
}

/** A hidden file chooser; `pick` gets the files. */
export function chooser({ accept = null, multiple = true, pick }) {
  const input = h("input", { type: "file", hidden: true, multiple, accept, tabindex: -1, "aria-hidden": "true" });
  input.addEventListener("change", () => { const files = [...input.files]; input.value = ""; void pick(files); });
  return input;
}
