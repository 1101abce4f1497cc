// The rarer blocks: video, remote files, cards, carousels, containers, plans with their tasks, and the actions under an answer.

import { confirmed } from "./confirm.js";
import { h, icon } from "./dom.js";
import { leadsTo, link } from "./links.js";
import { plain, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** A string, a text object or rich text, whatever the app sent. */
function words(thing) {
  if (!thing) return null;
  if (thing.type === "rich_text") return richText(thing);
  return typeof thing === "string" ? h("div", { class: "plain" }, plain(thing)) : text(thing);
}

/** A video is shown as its picture and a link: nothing from elsewhere is embedded here. */
export function video(block, _surface, picture) {
  const from = [block.author_name, block.provider_name].filter(Boolean).join(" · ");
  return h("div", { class: "b-video" },
    from && h("div", { class: "note" }, from),
    link(block.title_url ?? block.video_url, plain(block.title), { class: "link strong" }),
    block.description && text(block.description),
    h("a", { class: "video-frame", ...(leadsTo(block.title_url ?? block.video_url) ?? {}), "aria-label": `Play: ${block.alt_text ?? ""}` },
      picture({ image_url: block.thumbnail_url, alt_text: block.alt_text }, "large"), h("span", { class: "play" }, icon("play"))));
}

/** A file that lives elsewhere. */
export const remoteFile = (block) => h("div", { class: "file" }, h("div", { class: "file-head" }, h("span", { class: "file-icon" }, icon("file")),
  h("div", {}, h("div", { class: "file-name" }, block.title ?? "Remote file"), h("div", { class: "note" }, block.external_id ?? block.source ?? ""))));

/** One card; `draw` draws the blocks and elements inside. */
export function card(block, surface, { picture, element }) {
  return h("div", { class: "b-card" },
    block.hero_image && picture(block.hero_image, "hero"),
    h("div", { class: "card-head" }, block.icon && picture(block.icon, "context-image"),
      h("div", {}, block.title && h("div", { class: "strong" }, words(block.title)), block.subtitle && h("div", { class: "note" }, words(block.subtitle)))),
    words(block.body),
    block.actions?.length && h("div", { class: "b-actions" }, block.actions.map((one) => element(one, block, surface))));
}

/** Cards side by side. */
export const carousel = (block, surface, tools) => h("div", { class: "b-carousel", tabindex: 0, role: "group", "aria-label": "Cards" },
  (block.elements ?? []).map((one) => card({ block_id: block.block_id, ...one }, surface, tools)));

/** Blocks in a box with a title, which may fold. */
export function container(block, surface, { blocks }) {
  const inner = [block.subtitle && h("div", { class: "note" }, words(block.subtitle)), blocks(block.child_blocks, surface)];
  const title = words(block.rich_text_title ?? block.title);
  if (!block.is_collapsible) return h("div", { class: "b-card" }, h("div", { class: "strong" }, title), inner);
  return h("details", { class: "b-card", open: !block.default_collapsed }, h("summary", { class: "strong" }, title), inner);
}

const STATES = { pending: "circle", in_progress: "turning", complete: "check", error: "alert" };

/** One step of a plan, or alone. */
export function task(block) {
  return h("div", { class: `b-task ${block.status ?? "pending"}` }, icon(STATES[block.status] ?? "circle"),
    h("div", {}, h("div", { class: "strong" }, words(block.title), h("span", { class: "unseen" }, ` (${String(block.status ?? "pending").replaceAll("_", " ")})`)),
      words(block.details), words(block.output),
      (block.sources ?? []).map((one) => h("div", { class: "note" }, link(one.url, one.text ?? one.url)))));
}

/** A plan: a title and its steps. */
export const plan = (block) => h("div", { class: "b-card" }, h("div", { class: "strong" }, words(block.title)), (block.tasks ?? []).map(task));

/** A call that is going on. */
export const call = (block) => h("div", { class: "file" }, h("div", { class: "file-head" }, h("span", { class: "file-icon" }, icon("play")),
  h("div", {}, h("div", { class: "file-name" }, "Call"), h("div", { class: "note" }, block.call_id))));

/** An account elsewhere that somebody may connect. */
export function authProvider(block, surface, { element }) {
  const way = block.is_connected ? leadsTo(block.disconnect_url) : leadsTo(block.auth_url);
  return h("div", { class: "b-section" }, h("div", { class: "section-body" }, h("div", { class: "strong" }, words(block.name)), words(block.description),
    block.is_connected && h("div", { class: "note" }, words(block.connected_identity), words(block.connected_context))),
  way && h("a", { class: "btn", ...way }, block.is_connected ? "Disconnect" : "Connect"), block.accessory && element(block.accessory, block, surface));
}

/** Thumbs and icons under an answer. */
export function contextActions(block, surface) {
  const press = (element, value) => async (event) => {
    const node = event.currentTarget;
    if (element.confirm && !(await confirmed(element.confirm))) return;
    node.setAttribute("aria-busy", "true");
    await surface.act(element, block, value).finally(() => node.removeAttribute("aria-busy"));
  };
  const one = (element, name, said, value) => h("button", { class: "btn plain icon-only", type: "button", "aria-label": said, title: said,
    data: { key: `${block.block_id ?? ""}/${element.action_id ?? ""}/${name}` }, on: { click: press(element, value) } }, icon(name));
  const draw = (element) => {
    if (element.type === "icon_button") return one(element, "trash", element.accessibility_label ?? element.text?.text ?? element.icon, element.value);
    return [["up", element.positive_button, "Good"], ["downward", element.negative_button, "Bad"]].map(([name, way, said]) =>
      way && one(element, name, way.accessibility_label ?? way.text?.text ?? said, way.value));
  };
  return h("div", { class: "b-actions b-context-actions" }, (block.elements ?? []).map(draw));
}
