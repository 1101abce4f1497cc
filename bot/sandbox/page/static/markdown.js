// A reasonable subset of standard Markdown as DOM, for the markdown block and for previews of Markdown files.
// Headings, paragraphs, lists (nested, ordered, tasks), quotes, fenced code, tables, rules; bold, italic, strike, code, links, emoji.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, link, mention } from "./links.js";

const BLOCK = /^(#{1,6} |```|~~~|>|\s*(?:[-*+]|\d+[.)])\s|(?:[-*_]\s*){3,}$|\|)/;
const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

/** Markdown as one element. */
export function markdown(source) {
  return h("div", { class: "markdown" }, blocks(String(source ?? "").replaceAll("\r\n", "\n").split("\n")));
}

function blocks(rows) {
  const nodes = [];
  const queue = [...rows];
  while (queue.length) {
    const row = queue[0];
    if (!row.trim()) queue.shift();
    else nodes.push((fence(queue) ?? heading(queue) ?? rule(queue) ?? quote(queue) ?? table(queue) ?? list(queue) ?? paragraph(queue)));
  }
  return nodes;
}

function fence(queue) {
  const open = /^(```+|~~~+)/.exec(queue[0]);
  if (!open) return null;
  queue.shift();
  const body = [];
  while (queue.length && !queue[0].startsWith(open[1])) body.push(queue.shift());
  queue.shift();
  return h("pre", {}, body.join("\n"));
}

function heading(queue) {
  const found = /^(#{1,6}) +(.*?)\s*#*$/.exec(queue[0]);
  if (!found) return null;
  queue.shift();
  return h("div", { class: `md-h md-h${found[1].length}`, role: "heading", "aria-level": found[1].length + 2 }, spans(found[2]));
}

function rule(queue) {
  if (!/^\s*(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,})$/.test(queue[0])) return null;
  queue.shift();
  return h("hr");
}

function quote(queue) {
  if (!queue[0].startsWith(">")) return null;
  const body = [];
  while (queue.length && queue[0].startsWith(">")) body.push(queue.shift().replace(/^> ?/, ""));
  return h("blockquote", {}, blocks(body));
}

function table(queue) {
  if (!queue[0].includes("|") || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(queue[1] ?? "")) return null;
  const cells = (row) => row.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => spans(cell.trim().replaceAll("\\|", "|")));
  const head = cells(queue.shift());
  queue.shift();
  const body = [];
  while (queue.length && queue[0].includes("|")) body.push(cells(queue.shift()));
  return h("div", { class: "table-scroll" }, h("table", { class: "grid" },
    h("thead", {}, h("tr", {}, head.map((cell) => h("th", { scope: "col" }, cell)))),
    h("tbody", {}, body.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))));
}

function list(queue) {
  const first = ITEM.exec(queue[0]);
  if (!first) return null;
  const indent = first[1].length;
  const ordered = /\d/.test(first[2]);
  const items = [];
  while (queue.length) {
    const item = ITEM.exec(queue[0]);
    if (!item || item[1].length !== indent || /\d/.test(item[2]) !== ordered) break;
    queue.shift();
    const inner = [];
    while (queue.length && queue[0].trim() && /^\s*/.exec(queue[0])[0].length > indent) inner.push(queue.shift());
    const depth = Math.min(...inner.map((row) => /^\s*/.exec(row)[0].length));
    items.push(listItem(item[3], blocks(inner.map((row) => row.slice(depth)))));
  }
  return h(ordered ? "ol" : "ul", { start: ordered ? Number.parseInt(first[2], 10) : null }, items);
}

function listItem(source, inner) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(source);
  if (!task) return h("li", {}, spans(source), inner);
  const done = task[1] !== " ";
  return h("li", { class: "task" }, h("input", { type: "checkbox", disabled: true, checked: done, "aria-label": done ? "done" : "to do" }), spans(task[2]), inner);
}

function paragraph(queue) {
  const body = [queue.shift()];
  while (queue.length && queue[0].trim() && !BLOCK.test(queue[0])) body.push(queue.shift());
  return h("p", {}, spans(body.join("\n")));
}

const SPANS = [
  [/^\\([\\`*_{}[\]()#+\-.!~|<>])/, (m) => m[1]],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (m) => h("code", {}, m[2])],
  [/^!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], m[1] || "image")],
  [/^\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^)\s]+)[^)]*\)/, (m) => link(m[2], spans(m[1]))],
  [/^<@([UW][A-Z0-9]+)(?:\|([^>]*))?>/, (m) => mention(m[1], m[2])],
  [/^<#(C[A-Z0-9]+)(?:\|([^>]*))?>/, (m) => channelMention(m[1], m[2])],
  [/^<!(channel|here|everyone)>/, (m) => broadcast(m[1])],
  [/^<((?:https?:\/\/|mailto:)[^\s<>|]+)(?:\|([^>]*))?>/, (m) => link(m[1], m[2] || m[1])],
  [/^https?:\/\/[^\s<>()]*[^\s<>().,;:!?]/, (m) => link(m[0], m[0])],
  [/^\*\*\*(?=\S)([\s\S]*?\S)\*\*\*/, (m) => h("strong", {}, h("em", {}, spans(m[1])))],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, (m) => h("strong", {}, spans(m[2]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (m) => h("s", {}, spans(m[1]))],
  [/^\*(?=\S)([^*]*?[^\s*])\*/, (m) => h("em", {}, spans(m[1]))],
  [/^_(?=\S)([^_]*?[^\s_])_(?![\p{L}\p{N}])/u, (m) => h("em", {}, spans(m[1]))],
  [/^:([a-z0-9_+-]+):/, (m) => emoji(m[1])],
  [/^&(amp|lt|gt|quot|nbsp);/, (m) => ({ amp: "&", lt: "<", gt: ">", quot: '"', nbsp: "\u00a0" })[m[1]]],
];

function spans(source) {
  const out = [];
  let pending = "";
  for (let at = 0; at < source.length;) {
    const found = span(source, at);
    if (!found) {
      pending += source[at];
      at += 1;
      continue;
    }
    out.push(pending, found.node);
    pending = "";
    at += found.length;
  }
  return [...out, pending];
}

function span(source, at) {
  if (/[\p{L}\p{N} ]/u.test(source[at]) && source[at] !== "h") return null;
  if (/[_h]/.test(source[at]) && /[\p{L}\p{N}]/u.test(source[at - 1] ?? "")) return null; // snake_case, "xhttp"
  const rest = source.slice(at);
  for (const [pattern, make] of SPANS) {
    const match = pattern.exec(rest);
    if (match) return { node: make(match), length: match[0].length };
  }
  return null;
}
