"""The control API's addresses: `/sandbox/...`. GETs only read; everything else is POSTed as a JSON object.

Refused requests are answered with 400 and {"ok": false, "error": why}, done ones with {"ok": true, ...}.

| GET                    | query               | answer                                                             |
|------------------------|---------------------|--------------------------------------------------------------------|
| people                 |                     | people, team                                                       |
| view                   | as                  | me, channels, commands, shortcuts, version                         |
| channels/{id}/messages | as                  | messages, oldest first                                             |
| modal, home            | as                  | view (null without one), errors                                    |
| changes                | since, wait         | version, once it is above `since`; after 20 s at the latest        |
| journal                | since, format=jsonl | entries: every call of the app and delivery to it                  |
| posts                  | marker              | count: posts whose metadata.event_payload.k is the marker          |
| oracle                 |                     | markers: {marker: posts, standing, distinct}; repeated             |
| faults                 |                     | rules in force                                                     |
| delivery               |                     | enabled, hourly_limit, spared_below, delayed_events, sockets       |

What people do names them under `as` (id or name; the first person without it), channels by id, #name or @name:

| POST                            | fields                                                                       |
|---------------------------------|------------------------------------------------------------------------------|
| say                             | channel, text (a command begins with /), thread_ts, broadcast,               |
|                                 | files: [{id}] or [{name, text}]                                              |
| upload                          | name, content (base64); answers file                                         |
| edit, delete                    | channel, ts, text                                                            |
| react, unreact                  | channel, ts, name                                                            |
| pin, unpin                      | channel, ts                                                                  |
| read                            | channel                                                                      |
| click                           | channel, ts, action_id, block_id, value                                      |
| suggest                         | channel, ts, action_id, block_id, typed; answers options or option_groups    |
| home/suggest, modal/suggest     | action_id, block_id, typed                                                   |
| shortcut, message_shortcut      | callback_id; channel, ts                                                     |
| modal/act                       | action_id, block_id, value, values                                           |
| modal/submit                    | values: {block_id: {action_id: value}}                                       |
| modal/close                     | everything: the cross instead of "Cancel"                                    |
| home/act, open_home, open_im    | action_id, block_id, value; tab; with                                        |
| create                          | name, is_private                                                             |
| join, leave, archive, unarchive | channel                                                                      |
| rename, topic                   | channel, name; topic                                                         |
| invite, kick                    | channel, user (the bot without it)                                           |

What admins do, below admin/:

| POST                                  | fields                                                                 |
|---------------------------------------|------------------------------------------------------------------------|
| delete_channel                        | channel                                                                |
| lose_message                          | channel, ts: gone without an event                                     |
| join_team, rename_person              | name, real_name, id, email, tz; user                                   |
| deactivate, reactivate                | user                                                                   |
| snooze                                | user, minutes: their notifications are paused so long; 0 ends it       |
| scopes                                | grant, revoke: lists                                                   |
| expire_token                          | expired (false makes it good again)                                    |
| revoke_token, uninstall, reinstall    |                                                                        |

What tests set; each answers how things then stand:

| POST          | fields                                                                                         |
|---------------|------------------------------------------------------------------------------------------------|
| faults        | rules: [{when, method, times, probability, skip, from, until, delay, retry_after, error}];     |
|               | seed; clear: all others end                                                                    |
| limits        | enabled, commercial (history and replies once a minute)                                        |
| delivery      | enabled, hourly_limit, spared_below, delayed_events                                            |
| subscriptions | events (null: all), domains: of links to hear of                                               |
| sockets       | reason, deaf, cut (with count: the oldest ones); enabled, mute                                 |
| verify        | the request URL is challenged                                                                  |
| dedupe        | client_msg_id: whether Slack drops what it has seen                                            |
| script        | steps: [{at, do, ...}]: any of the addresses above, when their time comes (see script.py)      |

DELETE faults ends all faults. What each `when` does stands in faults.py.
"""

from aiohttp import web

from bot.clock import Clock
from bot.sandbox.control.acts import Acts
from bot.sandbox.control.doing import posts, switches
from bot.sandbox.control.forms_hands import FormHands
from bot.sandbox.control.hands import Hands
from bot.sandbox.control.housework import Housework
from bot.sandbox.control.looks import Looks
from bot.sandbox.control.offers import Offers
from bot.sandbox.control.presses import Presses
from bot.sandbox.control.script import Script
from bot.sandbox.control.switches import Switches
from bot.sandbox.delivery.channel_sockets import SocketChannel
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.faults import Faults
from bot.sandbox.journal import Journal
from bot.sandbox.limits import Limits
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.tasks import Tasks

_ROOT = "/sandbox/"


class Control:
    """Answers `/sandbox/...`.

    For tests in the same process there are `hands`, `forms` and `presses`, and by name what people and admins do:
    `acts` and `admin`, and the `script`.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        clock: Clock,
        courier: Courier,
        journal: Journal,
        faults: Faults,
        limits: Limits,
        sockets: SocketChannel,
        tasks: Tasks,
    ) -> None:
        offers = Offers(workspace, courier)
        self.hands = Hands(workspace, courier)
        self.forms = FormHands(workspace, courier, offers)
        self.presses = Presses(workspace, courier, offers)
        housework = Housework(workspace, self.hands)
        self.acts = Acts(workspace, self.hands, self.forms, self.presses).all | housework.channels
        self.admin = housework.admin
        self._looks = Looks(workspace, self.hands, journal, clock)
        self._switches = Switches(
            workspace,
            clock=clock,
            hands=self.hands,
            courier=courier,
            faults=faults,
            limits=limits,
            sockets=sockets,
        )
        everything = self.acts | {f"admin/{name}": act for name, act in self.admin.items()}
        self.script = Script(everything, self._switches.all, hands=self.hands, clock=clock, tasks=tasks)

    def routes(self) -> list[web.RouteDef]:
        """Return the addresses."""
        return [
            *(web.get(f"{_ROOT}{path}", handler) for path, handler in self._looks.all.items()),
            web.get(f"{_ROOT}faults", self._switches.faults),
            web.delete(f"{_ROOT}faults", self._switches.end_faults),
            web.get(f"{_ROOT}delivery", self._switches.delivery),
            *posts(_ROOT, self.acts, self.hands),
            *posts(f"{_ROOT}admin/", self.admin, self.hands),
            *switches(_ROOT, {**self._switches.all, "script": self.script.take}),
        ]
