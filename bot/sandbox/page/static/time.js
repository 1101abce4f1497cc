// Times as the acting person reads them: in their own time zone, as Slack does.

import { store } from "./store.js";

const LOCALE = navigator.language.startsWith("en") ? navigator.language : "en-GB";
const formatters = new Map();

function format(moment, options) {
  const timeZone = store.me?.tz || undefined;
  const key = JSON.stringify([timeZone, options]);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(LOCALE, { ...options, timeZone }));
  return formatters.get(key).format(moment);
}

/** A Slack ts ("1763693210.000100") or Unix seconds as a Date. */
export const moment = (ts) => new Date(Number(ts) * 1000);

export const clock = (ts) => format(moment(ts), { hour: "numeric", minute: "2-digit" });
export const clockSeconds = (ts) => format(moment(ts), { hour: "numeric", minute: "2-digit", second: "2-digit" });
export const fullTime = (ts) => `${format(moment(ts), { dateStyle: "full" })} at ${clockSeconds(ts)}`;

/** "14:03:07", for the journal. */
export const journalTime = (date) => format(date, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** A key that is the same for all moments of one day where the person is. */
export const dayKey = (ts) => format(moment(ts), { year: "numeric", month: "2-digit", day: "2-digit" });

/** "Today", "Yesterday" or the date, for the line between two days. */
export function dayName(ts) {
  const thisYear = format(moment(ts), { year: "numeric" }) === format(new Date(), { year: "numeric" });
  return relativeDay(ts) ?? format(moment(ts), { weekday: "long", month: "long", day: "numeric", ...(thisYear ? {} : { year: "numeric" }) });
}

function relativeDay(ts) {
  const now = Date.now() / 1000;
  if (dayKey(ts) === dayKey(now)) return "Today";
  if (dayKey(ts) === dayKey(now - 86400)) return "Yesterday";
  if (dayKey(ts) === dayKey(now + 86400)) return "Tomorrow";
  return null;
}

const DATE_PARTS = {
  date_num: (ts) => new Intl.DateTimeFormat("sv-SE", { timeZone: store.me?.tz || undefined }).format(moment(ts)),
  date: (ts) => format(moment(ts), { year: "numeric", month: "long", day: "numeric" }),
  date_slash: (ts) => format(moment(ts), { year: "numeric", month: "2-digit", day: "2-digit" }),
  date_short: (ts) => format(moment(ts), { year: "numeric", month: "short", day: "numeric" }),
  date_long: (ts) => format(moment(ts), { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  date_long_full: (ts) => format(moment(ts), { weekday: "long", year: "numeric", month: "long", day: "numeric" }),
  day_divider_pretty: dayName,
  time: clock,
  time_secs: clockSeconds,
  ago,
};

/** Slack's date templates, e.g. "{date_short_pretty} at {time}" (https://docs.slack.dev/messaging/formatting-message-text). */
export function slackDate(ts, template, fallback) {
  if (!Number.isFinite(Number(ts))) return fallback ?? "";
  return template.replace(/\{([a-z_]+)\}/g, (whole, name) => {
    const pretty = name.endsWith("_pretty") && name !== "day_divider_pretty";
    const part = DATE_PARTS[pretty ? name.slice(0, -"_pretty".length) : name];
    if (!part) return whole;
    return (pretty && relativeDay(ts)?.toLowerCase()) || part(ts);
  });
}

/** "3 minutes ago", "in 2 hours". */
export function ago(ts) {
  const seconds = Math.round(Number(ts) - Date.now() / 1000);
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? steps.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** "10:42 in Lisbon": what the clock of somebody shows. */
export function localTimeOf(person) {
  if (!person?.tz) return "";
  const time = new Intl.DateTimeFormat(LOCALE, { hour: "numeric", minute: "2-digit", timeZone: person.tz }).format(new Date());
  return `${time} in ${person.tz.split("/").at(-1).replaceAll("_", " ")}`;
}

/** "2026-11-21T10:46" where the acting person is, as a datetime-local input wants it. */
export function wallClock(ts) {
  return new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short", timeZone: store.me?.tz || undefined }).format(moment(ts)).replace(" ", "T");
}

/** The Unix seconds at which the clock where the person is shows this; asked twice, as the offset may change in between. */
export function fromWallClock(text) {
  const wanted = Date.parse(`${text}Z`) / 1000;
  const off = (ts) => Date.parse(`${wallClock(ts)}Z`) / 1000 - ts;
  return wanted - off(wanted - off(wanted));
}
