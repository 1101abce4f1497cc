// What the page knows: the workspace as one person sees it. Only refresh.js writes it; everybody else reads.

export const store = {
  team: { id: "", name: "", url: "" },
  people: new Map(),      // user id -> person
  usergroups: new Map(),  // id -> {handle, name}
  me: null,               // the person acted for
  channels: [],           // as /sandbox/view gives them
  commands: [],
  shortcuts: [],          // {callback_id, name, description, type: "global" | "message"}
  faults: [],             // the rules in force
  version: 0,
  messages: [],           // of the open channel, oldest first
  canvases: [],           // of the open channel: {id, title, markdown}
  home: null,
  modal: { view: null, errors: {} },
  online: true,
};

/** The channel of this id, as the acting person sees it, or undefined. */
export const channelOf = (id) => store.channels.find((channel) => channel.id === id);

/** The person of this id; somebody unknown is shown by their id rather than not at all. */
export const personOf = (id) => store.people.get(id) ?? { id, name: id, real_name: id, is_bot: false };

/** The bot of the app that is tried here, or undefined before the people are known; other apps may have bots too. */
export function botUser() {
  const everybody = [...store.people.values()];
  return everybody.find((person) => person.is_app) ?? everybody.find((person) => person.is_bot);
}

/** The people one can act as or write to. */
export const humans = () => [...store.people.values()].filter((person) => !person.is_bot && !person.deleted);

const STANDINGS = { guest: "guest", single_channel_guest: "guest", stranger: "other company" };

/** A person's name in lists, with what sets them apart: "Noa Levi (guest)". */
export const listedName = (person) => (STANDINGS[person.standing] ? `${person.real_name} (${STANDINGS[person.standing]})` : person.real_name);

/** What a channel is called in lists: a direct message goes by the other person's name. */
export function titleOf(channel) {
  if (!channel.is_im) return channel.name;
  if (channel.with) return personOf(channel.with).real_name;
  const others = channel.members.filter((id) => id !== store.me?.id);
  return others.map((id) => personOf(id).real_name).join(", ") || "Notes to yourself";
}
