// @slack/socket-mode and @slack/web-api alone, without Bolt: connects, acknowledges everything, prints what it saw.

import { SocketModeClient } from '@slack/socket-mode';
import { WebClient } from '@slack/web-api';

const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = process.env;
const saw = (what, more = {}) => process.stdout.write(`${JSON.stringify({ saw: what, ...more })}\n`);

const web = new WebClient(SLACK_BOT_TOKEN, { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 0 } });
const sockets = new SocketModeClient({
  appToken: SLACK_APP_TOKEN,
  logLevel: 'warn',
  // After a goodbye this version waits so long before it comes back.
  clientPingTimeout: 500,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});

for (const state of ['connecting', 'connected', 'reconnecting', 'disconnected']) {
  sockets.on(state, () => saw(state));
}

sockets.on('slack_event', async ({ ack, envelope_id: envelope, type, body, retry_num: retry }) => {
  if (type === 'slash_commands') {
    await ack({ text: `You said ${body.text}` });
  } else {
    await ack();
  }
  saw('envelope', { type, envelope: typeof envelope, retry: retry ?? null, event: body?.event?.type ?? null });
  if (body?.event?.type === 'app_mention') {
    const answer = await web.chat.postMessage({ channel: body.event.channel, text: 'Here I am' });
    saw('posted', { ok: answer.ok, scopes: (answer.response_metadata?.scopes ?? []).length > 0 });
  }
});

await sockets.start();
const me = await web.auth.test();
saw('ready', { team: me.team_id });
