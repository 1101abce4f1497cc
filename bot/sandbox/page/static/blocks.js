// Block Kit as DOM (https://docs.slack.dev/reference/block-kit/blocks): what each block looks like. What can be pressed is in elements.js.
//
// A `surface` says where the blocks are: {kind: "message"|"modal"|"home", act(element, block, value), form} - `form` only in modals.

import { authProvider, call, card, carousel, contextActions, container, plan, remoteFile, task, video } from "./cards.js";
import { append, h } from "./dom.js";
import { actionElement } from "./elements.js";
import { field } from "./fields.js";
import { safeHref } from "./links.js";
import { markdown } from "./markdown.js";
import { plain, text } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** All blocks of a message or a view as one element. */
export function renderBlocks(blocks, surface) {
  return h("div", { class: `blocks on-${surface.kind}` }, (blocks ?? []).map((block) => renderBlock(block, surface)));
}

function renderBlock(block, surface) {
  const draw = BLOCKS[block.type];
  const node = draw ? draw(block, surface) : h("div", { class: "unknown-block" }, `A block of type “${block.type}” is not drawn in the sandbox.`);
  node.classList.add("block");
  if (block.block_id) node.dataset.blockId = block.block_id;
  return node;
}

const BLOCKS = {
  header: (block) => h("div", { class: "b-header", role: "heading", "aria-level": block.level ?? 3 }, plain(block.text)),
  section,
  context: (block) => h("div", { class: "b-context" }, (block.elements ?? []).map((element) =>
    (element.type === "image" ? picture(element, "context-image") : text(element, "span")))),
  divider: () => h("hr", { class: "b-divider" }),
  actions: (block, surface) => h("div", { class: "b-actions" }, (block.elements ?? []).map((element) => actionElement(element, block, surface))),
  image,
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  table,
  data_table: table,
  input: field,
  alert: (block) => h("div", { class: `b-alert ${block.level ?? "default"}`, role: block.level === "error" ? "alert" : null }, text(block.text)),
  video: (block, surface) => video(block, surface, picture),
  file: remoteFile,
  context_actions: contextActions,
  card: (block, surface) => card(block, surface, { picture, element: actionElement }),
  carousel: (block, surface) => carousel(block, surface, { picture, element: actionElement }),
  container: (block, surface) => container(block, surface, { blocks: renderBlocks }),
  plan,
  call,
  auth_provider: (block, surface) => authProvider(block, surface, { element: actionElement }),
  task_card: task,
};

function section(block, surface) {
  const body = h("div", { class: "section-body" },
    block.text && text(block.text),
    block.fields && h("div", { class: "fields" }, block.fields.map((one) => text(one))));
  const side = block.accessory && h("div", { class: `accessory a-${block.accessory.type}` },
    block.accessory.type === "image" ? picture(block.accessory, "thumbnail") : actionElement(block.accessory, block, surface));
  return h("div", { class: "b-section" }, body, side);
}

function image(block) {
  return h("figure", { class: "b-image" },
    block.title && h("figcaption", {}, plain(block.title)), picture(block, "large"));
}

function picture(element, size) {
  const source = ownFile(element.slack_file) ?? safeHref(element.image_url);
  if (!source) return h("span", { class: "no-image" }, element.alt_text ?? "image");
  const shown = h("img", { class: size, src: source, alt: element.alt_text ?? "", loading: "lazy", referrerpolicy: "no-referrer" });
  shown.addEventListener("error", () => shown.replaceWith(h("span", { class: "no-image" }, element.alt_text || "image")));
  return shown;
}

/** A file of the workspace, from this server whatever host its address names. */
function ownFile(file) {
  if (file?.id) return `/files/${encodeURIComponent(file.id)}/image`;
  return file?.url && URL.canParse(file.url) ? new URL(file.url).pathname : null;
}

function table(block) {
  const [head, ...body] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const cell = (tag, content, column) => h(tag, {
    scope: tag === "th" ? "col" : null, class: [settings[column]?.align, settings[column]?.is_wrapped === false && "nowrap"].filter(Boolean).join(" ") || null,
  }, content?.type === "rich_text" ? richText(content) : String(content?.text?.text ?? content?.text ?? content?.value ?? ""));
  const row = (tag, cells) => h("tr", {}, (cells.cells ?? cells).map((content, column) => cell(tag, content, column)));
  const drawn = h("table", { class: "grid" });
  const caption = block.caption?.text ?? block.caption;
  if (caption) append(drawn, [h("caption", {}, caption)]);
  if (head) append(drawn, [h("thead", {}, row("th", head)), h("tbody", {}, body.map((cells) => row("td", cells)))]);
  return h("div", { class: "b-table table-scroll", tabindex: 0, role: "region", "aria-label": caption || "Table" }, drawn);
}
