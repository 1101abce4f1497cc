// A small incident app on Slack's own Node packages, as anybody would write one: command, form with an external
// select, button, shortcuts, respond, events. `node app.mjs http|socket`; it prints what it saw, one JSON a line.

import bolt from '@slack/bolt';

const { SLACK_API_URL, SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, PORT } = process.env;
const overSockets = process.argv[2] === 'socket';

const saw = (what, more = {}) => process.stdout.write(`${JSON.stringify({ saw: what, ...more })}\n`);
const words = (text) => ({ type: 'plain_text', text });

const app = new bolt.App({
  token: SLACK_BOT_TOKEN,
  signingSecret: SLACK_SIGNING_SECRET,
  appToken: SLACK_APP_TOKEN,
  socketMode: overSockets,
  logLevel: bolt.LogLevel.WARN,
  clientOptions: { slackApiUrl: SLACK_API_URL, retryConfig: { retries: 0 } },
});

const form = {
  type: 'modal',
  callback_id: 'declare',
  title: words('Declare an incident'),
  submit: words('Declare'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'title',
      label: words('Title'),
      element: { type: 'plain_text_input', action_id: 'text' },
    },
    {
      type: 'input',
      block_id: 'service',
      optional: true,
      label: words('Service'),
      element: { type: 'external_select', action_id: 'service', min_query_length: 0 },
    },
  ],
};

const card = (title) => [
  { type: 'section', block_id: 'about', text: { type: 'mrkdwn', text: `*${title}*` } },
  {
    type: 'actions',
    block_id: 'card',
    elements: [{ type: 'button', action_id: 'acknowledge', value: '7', text: words('Acknowledge') }],
  },
];

app.command('/incident', async ({ ack, body, client, respond }) => {
  saw('command', { text: body.text, team: body.team_id });
  if (body.text === 'help') {
    await ack({ text: 'Try /incident declare' });
    return;
  }
  await ack();
  if (body.text === 'later') {
    await respond({ text: 'Answered later' });
    return;
  }
  const opened = await client.views.open({ trigger_id: body.trigger_id, view: form });
  saw('opened', { id: opened.view.id, blocks: opened.view.blocks.length });
});

app.options('service', async ({ ack, payload }) => {
  saw('options', { value: payload.value });
  const known = ['Checkout', 'Cart', 'Search'];
  const fits = known.filter((name) => name.toLowerCase().startsWith((payload.value ?? '').toLowerCase()));
  await ack({ options: fits.map((name) => ({ text: words(name), value: name.toLowerCase() })) });
});

app.view('declare', async ({ ack, body, view, client }) => {
  const title = view.state.values.title.text.value;
  const service = view.state.values.service.service.selected_option?.value ?? null;
  saw('submission', { title, service });
  if (title === 'bad') {
    await ack({ response_action: 'errors', errors: { title: 'Say more than that' } });
    return;
  }
  await ack();
  const posted = await client.chat.postMessage({
    channel: 'C0INCIDENTS',
    text: `${title} (declared by <@${body.user.id}>)`,
    blocks: card(title),
  });
  saw('posted', { ts: posted.ts });
});

app.view({ callback_id: 'declare', type: 'view_closed' }, async ({ ack, body }) => {
  await ack();
  saw('closed', { user: body.user.id });
});

app.action('acknowledge', async ({ ack, body, action, respond, client }) => {
  await ack();
  saw('click', { value: action.value, user: body.user.id });
  await respond({ replace_original: true, text: `Acknowledged by <@${body.user.id}>` });
  await client.reactions.add({ channel: body.channel.id, timestamp: body.message.ts, name: 'eyes' });
});

app.shortcut('report', async ({ ack, shortcut, client }) => {
  await ack();
  saw('shortcut', { type: shortcut.type, user: shortcut.user.id });
  await client.views.open({ trigger_id: shortcut.trigger_id, view: form });
});

app.shortcut('declare_from_message', async ({ ack, shortcut }) => {
  await ack();
  saw('shortcut', { type: shortcut.type, text: shortcut.message.text, channel: shortcut.channel.id });
});

app.event('app_home_opened', async ({ event, client }) => {
  saw('home', { tab: event.tab });
  await client.views.publish({
    user_id: event.user,
    view: { type: 'home', blocks: [{ type: 'header', text: words('Your incidents') }] },
  });
});

app.message(/on fire/, async ({ message, say }) => {
  saw('message', { text: message.text, user: message.user });
  await say({ text: 'Is it an incident?', thread_ts: message.ts });
});

app.event('reaction_added', async ({ event, context }) => {
  saw('reaction', { name: event.reaction, user: event.user, team: context.teamId });
});

app.error(async (error) => saw('error', { text: String(error.original ?? error) }));

await app.start(overSockets ? undefined : { port: Number(PORT), host: '127.0.0.1' });
saw('ready');
