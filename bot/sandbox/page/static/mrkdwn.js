// Slack's mrkdwn as DOM (https://docs.slack.dev/messaging/formatting-message-text). Text stays text: nothing here makes markup of it.

import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelMention, groupMention, link, mention } from "./links.js";
import { fullTime, slackDate } from "./time.js";

const WORD = /[\p{L}\p{N}]/u;
const STYLES = { "*": "strong", _: "em", "~": "s" };

/** Undo the three escapes of Slack's text. */
export const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A plain_text object or string as nodes: only emoji and line breaks mean anything. */
export function plain(text) {
  const source = typeof text === "string" ? text : text?.text ?? "";
  if (typeof text === "object" && text?.emoji === false) return [decode(source)];
  return source.split(/(:[a-z0-9_+-]+:)/).map((part) => (/^:.+:$/.test(part) ? emoji(part.slice(1, -1)) : decode(part)));
}

/** A text object of either type as one element. */
export function text(object, tag = "div") {
  if (!object) return null;
  return object.type === "mrkdwn" ? mrkdwn(object.text ?? "", tag) : h(tag, { class: "plain" }, plain(object));
}

/** Mrkdwn as one element. */
export function mrkdwn(source, tag = "div") {
  const parts = String(source).split(/```([\s\S]+?)```/);
  const nodes = parts.map((part, index) => (index % 2 ? h("pre", {}, unlinked(part.replace(/^\n|\n$/g, ""))) : lines(part)));
  return h(tag, { class: "mrkdwn" }, nodes);
}

/** Text in a code block: links show as what they say, and nothing else is special. */
const unlinked = (code) => decode(code.replace(/<([^<>|\n]+)(?:\|([^<>\n]*))?>/g, (_, url, label) => label || url));

function lines(source) {
  const groups = [];
  const rest = /^(?:&gt;|>){3}\s?([\s\S]*)$/m.exec(source); // three of them quote all that follows
  if (rest) return [...lines(source.slice(0, rest.index)), h("blockquote", {}, inline(rest[1]))];
  for (const line of source.replace(/^\n|\n$/g, "").split("\n")) {
    const quote = /^(?:&gt;|>)\s?(.*)$/.exec(line);
    const bullet = /^(\s*)[•◦▪]\s+(.*)$/.exec(line);
    const [kind, body] = quote ? ["quote", quote[1]] : bullet ? ["list", bullet[2]] : ["text", line];
    if (groups.at(-1)?.kind === kind) groups.at(-1).lines.push(body);
    else groups.push({ kind, lines: [body] });
  }
  return groups.map(({ kind, lines: body }) => {
    if (kind === "list") return h("ul", {}, body.map((item) => h("li", {}, inline(item))));
    const content = inline(body.join("\n"));
    return kind === "quote" ? h("blockquote", {}, content) : source.trim() === "" ? content : h("div", { class: "lines" }, content);
  });
}

/** The inline part: styles, code, links, mentions, dates, emoji. Returns a list of nodes and strings. */
export function inline(source) {
  const out = [];
  let pending = "";
  const flush = () => {
    if (pending) out.push(decode(pending));
    pending = "";
  };
  for (let at = 0; at < source.length;) {
    const found = special(source, at);
    if (found) {
      flush();
      out.push(found.node);
      at = found.end;
    } else {
      pending += source[at];
      at += 1;
    }
  }
  flush();
  return out;
}

function special(source, at) {
  const letter = source[at];
  if (letter === "<") {
    const end = source.indexOf(">", at);
    return end > at + 1 ? { node: control(source.slice(at + 1, end)), end: end + 1 } : null;
  }
  if (letter === "`") {
    const end = source.indexOf("`", at + 1);
    const code = source.slice(at + 1, end);
    return end > at + 1 && !code.includes("\n") ? { node: h("code", {}, unlinked(code)), end: end + 1 } : null;
  }
  if (letter === ":") {
    const name = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/.exec(source.slice(at, at + 60));
    return name ? { node: emoji(name[1]), end: at + name[0].length } : null;
  }
  return letter in STYLES ? styled(source, at, letter) : null;
}

function styled(source, at, letter) {
  if (at > 0 && WORD.test(source[at - 1])) return null;
  if (!source[at + 1] || /\s/.test(source[at + 1]) || source[at + 1] === letter) return null;
  for (let end = at + 1; end < source.length && source[end] !== "\n"; end += 1) {
    if (source[end] === "<") end = Math.max(end, source.indexOf(">", end));
    else if (source[end] === letter && end > at + 1 && !/\s/.test(source[end - 1]) && !WORD.test(source[end + 1] ?? " ")) {
      return { node: h(STYLES[letter], {}, inline(source.slice(at + 1, end))), end: end + 1 };
    }
  }
  return null;
}

function control(token) {
  const bar = token.indexOf("|");
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? "" : decode(token.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) return dateOf(target, label);
  if (target.startsWith("!subteam^")) return groupMention(target.slice("!subteam^".length), label);
  if (target.startsWith("!")) return broadcast(target.slice(1).split("^")[0]);
  const url = decode(target);
  return link(url, label ? plain(label) : url.replace(/^mailto:/, ""));
}

function dateOf(target, fallback) {
  const [, ts, template = "{date} at {time}", url] = target.split("^");
  const shown = h("time", { class: "date", title: Number.isFinite(Number(ts)) ? fullTime(ts) : null }, slackDate(ts, template, fallback));
  return url ? link(decode(url), shown) : shown;
}
