// What the page knows: the workspace as one person sees it. Only refresh.js writes it; everybody else reads.

export const store = {
  team: { id: "", name: "", url: "" },
  people: new Map(),      // user id -> person
  me: null,               // the person acted for
  channels: [],           // as /sandbox/view gives them
  commands: [],
  shortcuts: [],          // {callback_id, name, description, type: "global" | "message"}
  faults: [],             // the rules in force
  version: 0,
  messages: [],           // of the open channel, oldest first
  home: null,
  modal: { view: null, errors: {} },
  online: true,
};

/** The channel of this id, as the acting person sees it, or undefined. */
export const channelOf = (id) => store.channels.find((channel) => channel.id === id);

/** The person of this id; somebody unknown is shown by their id rather than not at all. */
export const personOf = (id) => store.people.get(id) ?? { id, name: id, real_name: id, is_bot: false };

/** The bot's user, or undefined before the people are known. */
export const botUser = () => [...store.people.values()].find((person) => person.is_bot);

/** What a channel is called in lists: a direct message goes by the other person's name. */
export function titleOf(channel) {
  return channel.is_im ? personOf(channel.with).real_name : channel.name;
}
