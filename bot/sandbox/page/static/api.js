// The control API of the sandbox's server: the only thing this page talks to.

/** The server refused, or was not there; `message` is for people. */
export class Failed extends Error {}

/** GET a path of the control API; throws `Failed`. */
export function get(path, params = {}, options = {}) {
  const query = new URLSearchParams(Object.entries(params).filter(([, value]) => value !== null && value !== undefined));
  return send(`${path}${[...query].length ? `?${query}` : ""}`, options);
}

/** POST JSON to a path of the control API; throws `Failed`, also when the answer says `ok: false`. */
export function post(path, body = {}) {
  return send(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
}

/** As `post`, for what the app must answer: that it did not answer (`error` in the reply) throws `Failed` too. */
export async function postToApp(path, body) {
  const answer = await post(path, body);
  if (answer.error) throw new Failed(answer.error);
  return answer;
}

/** DELETE a path of the control API; throws `Failed`. */
export const remove = (path) => send(path, { method: "DELETE" });

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Failed("The sandbox does not answer.");
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok || body.ok === false) throw new Failed(body.error || body.message || `HTTP ${response.status}`);
  return body;
}
