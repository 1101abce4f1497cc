// A file in a message: name, size, link; pictures are shown, Markdown and text files can be read in place.

import { h, icon } from "./dom.js";
import { safeHref } from "./links.js";
import { markdown } from "./markdown.js";

const READABLE = /\.(md|markdown|txt|log|csv|json|ya?ml)$/i;
const PREVIEW = 40_000; // characters; more is for the link

/** A card for one file of a message. */
export function fileCard(file) {
  const href = addressOf(file);
  const name = file.title || file.name;
  const preview = READABLE.test(file.name ?? "") ? reader(file, href) : null;
  if (file.mimetype?.startsWith("image/")) {
    return h("figure", { class: "b-image file-image" }, h("figcaption", {}, h("a", { class: "file-name", href, target: "_blank", rel: "noopener" }, name)),
      h("img", { class: "large", src: href, alt: file.alt_txt || name, loading: "lazy" }));
  }
  return h("div", { class: "file" },
    h("div", { class: "file-head" }, h("span", { class: "file-icon" }, icon("file")),
      h("div", {}, h("a", { class: "file-name", href, target: "_blank", rel: "noopener" }, name),
        h("div", { class: "note" }, [String(file.filetype ?? "file").toUpperCase(), sizeOf(file.size)].filter(Boolean).join(" · ")))),
    preview);
}

/** The content on this server, whatever host the file's own address names. */
const addressOf = (file) => {
  const own = safeHref(file.url_private ?? "");
  const path = own && new URL(own).pathname.startsWith("/files/") ? new URL(own).pathname : null;
  return path ?? `/files/${encodeURIComponent(file.id)}/${encodeURIComponent(file.name ?? "file")}`;
};

function sizeOf(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function reader(file, href) {
  const body = h("div", { class: "file-body" }, "Loading");
  const load = async (event) => {
    if (!event.target.open || body.dataset.loaded) return;
    body.dataset.loaded = "1";
    const response = await fetch(href).catch(() => null);
    const content = response?.ok ? await response.text() : null;
    if (content === null) body.replaceChildren("The file could not be read.");
    else body.replaceChildren(/\.(md|markdown)$/i.test(file.name) ? markdown(content.slice(0, PREVIEW)) : h("pre", {}, content.slice(0, PREVIEW)));
  };
  const box = h("details", { class: "file-preview", on: { toggle: load } }, h("summary", { data: { key: `file/${file.id}` } }, "Preview"), body);
  return box;
}
