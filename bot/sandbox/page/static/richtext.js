// The rich_text block as DOM (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block).

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, groupMention, link, mention } from "./links.js";
import { fullTime, slackDate } from "./time.js";

/** A rich_text block as one element; neighbouring lists of different indent become one nested list. */
export function richText(block) {
  const nodes = [];
  let stack = [];
  for (const element of block.elements ?? []) {
    if (element.type === "rich_text_list") stack = addList(nodes, stack, element);
    else {
      stack = [];
      nodes.push(part(element));
    }
  }
  return h("div", { class: "rich" }, nodes);
}

function addList(nodes, open, element) {
  const indent = element.indent ?? 0;
  const list = h(element.style === "ordered" ? "ol" : "ul", {
    class: `level-${indent % 3}`, start: element.style === "ordered" && element.offset ? element.offset + 1 : null,
  }, (element.elements ?? []).map((item) => h("li", {}, leaves(item))));
  const parents = open.filter((one) => one.indent < indent);
  const host = parents.at(-1)?.list.lastElementChild;
  if (host) host.append(list);
  else nodes.push(list);
  return [...parents, { indent, list }];
}

function part(element) {
  switch (element.type) {
    case "rich_text_quote": return h("blockquote", {}, leaves(element));
    case "rich_text_preformatted": return h("pre", {}, leaves(element));
    default: return h("div", { class: "lines" }, leaves(element));
  }
}

const leaves = (element) => (element.elements ?? []).map(leaf);

function leaf(element) {
  return styled(raw(element), element.style ?? {});
}

function raw(element) {
  switch (element.type) {
    case "text": return element.text ?? "";
    case "link": return link(element.url, element.text || element.url);
    case "user": return mention(element.user_id);
    case "usergroup": return groupMention(element.usergroup_id);
    case "channel": return channelMention(element.channel_id);
    case "broadcast": return broadcast(element.range);
    case "emoji": return emoji(element.name);
    case "color": return h("span", {}, h("span", { class: "swatch", css: { "background-color": element.value } }), element.value);
    case "date": return date(element);
    default: return element.text ?? element.fallback ?? "";
  }
}

function date(element) {
  const shown = h("time", { class: "date", title: fullTime(element.timestamp) },
    slackDate(element.timestamp, element.format ?? "{date} at {time}", element.fallback));
  return element.url ? link(element.url, shown) : shown;
}

function styled(node, style) {
  let result = node;
  if (style.code) result = h("code", {}, result);
  if (style.bold) result = h("strong", {}, result);
  if (style.italic) result = h("em", {}, result);
  if (style.strike) result = h("s", {}, result);
  if (style.underline) result = h("u", {}, result);
  return result;
}

/** Typed text as a rich_text value, and back to text. */
export const richOf = (typed) => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: typed }] }] });
export const plainOf = (value) => (value?.elements ?? []).map((part) => (part.elements ?? []).map((one) => one.text ?? one.url ?? "").join("")).join("\n");
