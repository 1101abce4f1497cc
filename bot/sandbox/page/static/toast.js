// Short notes at the bottom of the page: what went wrong, and that it is known.

import { Failed } from "./api.js";
import { h } from "./dom.js";

const ERRORS = {
  dispatch_failed: "The app did not answer. Is the bot running and connected to this sandbox?",
  operation_timeout: "The app took longer than three seconds to answer. It may still do what you asked.",
  no_app: "No app is connected to this sandbox yet. Start the bot and try again.",
  not_in_channel: "You are not in this channel. Join it first.",
  is_archived: "This channel is archived.",
};

/** Show a note for some seconds; an error stays longer and is read out at once. */
export function toast(text, { error = false } = {}) {
  const note = h("div", { class: `toast${error ? " error" : ""}`, role: error ? "alert" : null }, text);
  document.getElementById("toasts").append(note);
  setTimeout(() => note.remove(), error ? 8000 : 3500);
}

/** Run something that may fail, tell the person if it does; gives undefined then. */
export async function attempt(action, subject = "") {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    const known = ERRORS[error.message];
    toast(known ? `${subject ? `${subject}: ` : ""}${known} (${error.message})` : `${subject ? `${subject} failed: ` : ""}${error.message}`,
      { error: true });
    return undefined;
  }
}
