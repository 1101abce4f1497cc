// The emoji that incident work uses, by Slack's names (https://github.com/iamcal/emoji-data); others stay as :name:.

import { h } from "./dom.js";

export const EMOJI = {
  rotating_light: "🚨", fire: "🔥", fire_engine: "🚒", firefighter: "🧑‍🚒", warning: "⚠️", bell: "🔔", no_bell: "🔕", pager: "📟",
  white_check_mark: "✅", heavy_check_mark: "✔️", ballot_box_with_check: "☑️", x: "❌", no_entry: "⛔", no_entry_sign: "🚫",
  red_circle: "🔴", large_orange_circle: "🟠", orange_circle: "🟠", large_yellow_circle: "🟡", yellow_circle: "🟡",
  large_green_circle: "🟢", green_circle: "🟢", large_blue_circle: "🔵", blue_circle: "🔵", large_purple_circle: "🟣",
  purple_circle: "🟣", white_circle: "⚪", black_circle: "⚫", large_red_square: "🟥", large_orange_square: "🟧",
  large_yellow_square: "🟨", large_green_square: "🟩", large_blue_square: "🟦", eyes: "👀", pushpin: "📌", round_pushpin: "📍",
  "+1": "👍", thumbsup: "👍", "-1": "👎", thumbsdown: "👎", wave: "👋", raised_hands: "🙌", clap: "👏", pray: "🙏",
  muscle: "💪", point_right: "👉", hand: "✋", raised_hand: "✋", ok_hand: "👌", tada: "🎉", sparkles: "✨", star: "⭐", heart: "❤️",
  100: "💯", rocket: "🚀", bulb: "💡", memo: "📝", pencil: "📝", pencil2: "✏️", clipboard: "📋", page_facing_up: "📄",
  notebook: "📓", books: "📚", calendar: "📆", date: "📅", clock1: "🕐", clock3: "🕒", stopwatch: "⏱️", hourglass: "⌛",
  hourglass_flowing_sand: "⏳", alarm_clock: "⏰", timer_clock: "⏲️", mag: "🔍", link: "🔗", lock: "🔒", unlock: "🔓", key: "🔑",
  shield: "🛡️", gear: "⚙️", wrench: "🔧", hammer_and_wrench: "🛠️", construction: "🚧", package: "📦", bug: "🐛", ambulance: "🚑",
  robot_face: "🤖", telephone_receiver: "📞", phone: "☎️", loudspeaker: "📢", mega: "📣", speech_balloon: "💬", email: "📧",
  envelope: "✉️", inbox_tray: "📥", outbox_tray: "📤", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉",
  bar_chart: "📊", arrow_up: "⬆️", arrow_down: "⬇️", arrow_right: "➡️", arrow_left: "⬅️", arrows_counterclockwise: "🔄",
  repeat: "🔁", question: "❓", exclamation: "❗", information_source: "ℹ️", speaker: "🔈", mute: "🔇", zap: "⚡", boom: "💥",
  computer: "💻", desktop_computer: "🖥️", globe_with_meridians: "🌐", credit_card: "💳", moneybag: "💰", coffee: "☕", zzz: "💤",
  busts_in_silhouette: "👥", bust_in_silhouette: "👤", male_detective: "🕵️", detective: "🕵️", tools: "🛠️", thinking_face: "🤔",
  slightly_smiling_face: "🙂", smile: "😄", joy: "😂", sob: "😭", cry: "😢", sweat_smile: "😅", grimacing: "😬", scream: "😱",
  see_no_evil: "🙈", partying_face: "🥳", checkered_flag: "🏁", triangular_flag_on_post: "🚩", label: "🏷️", art: "🎨",
  microscope: "🔬", thermometer: "🌡️", seedling: "🌱", crown: "👑", medal: "🏅", dart: "🎯", compass: "🧭", map: "🗺️", movie_camera: "🎥",
};

/** The ones offered for a reaction, in this order. */
export const REACTIONS = ["eyes", "white_check_mark", "+1", "pushpin", "tada", "fire", "warning", "x", "heart", "raised_hands", "memo", "rocket",
  "heavy_check_mark", "-1", "wave", "pray", "hourglass_flowing_sand", "thinking_face"];

/** An emoji that screen readers name; one that we do not know stays as its name. */
export function emoji(name) {
  const plain = String(name).replace(/::skin-tone-\d$/, "");
  const symbol = Object.hasOwn(EMOJI, plain) ? EMOJI[plain] : null;
  if (!symbol) return document.createTextNode(`:${name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": plain.replaceAll("_", " "), title: `:${plain}:` }, symbol);
}
