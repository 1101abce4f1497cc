"""The scene that the stub shows: people, channels and messages of one morning at Northwind."""

from typing import Any

from tests.sandbox.page import blocks

Json = dict[str, Any]

PEOPLE = [
    {
        "id": f"U0{name.upper()}",
        "name": name,
        "real_name": real,
        "tz": tz,
        "email": f"{name}@northwind.example",
        "is_bot": False,
    }
    for name, real, tz in (
        ("ana", "Ana Lima", "Europe/Lisbon"),
        ("bo", "Bo Chen", "Asia/Singapore"),
        ("cleo", "Cleo Okafor", "Africa/Lagos"),
        ("dmitri", "Dmitri Haas", "Europe/Berlin"),
        ("eve", "Eve Sato", "Asia/Tokyo"),
    )
] + [{"id": "U0MUSTER", "name": "muster", "real_name": "Muster", "tz": "Etc/UTC", "email": "", "is_bot": True}]
TEAM = {"id": "T0SANDBOX", "name": "Northwind", "url": "https://northwind.slack.com/"}
COMMANDS = [
    {"command": "/incident", "description": "Declare and run an incident", "usage_hint": "declare | status | help"}
]
SHORTCUTS = [
    {"callback_id": "declare", "name": "Declare an incident", "description": "Opens the form", "type": "global"},
    {
        "callback_id": "to_timeline",
        "name": "Add to the timeline",
        "description": "Notes this message",
        "type": "message",
    },
]
SERVICES = [blocks.option(name, name) for name in ("payments-api", "payments-worker", "checkout")]
EVERYBODY = [str(person["id"]) for person in PEOPLE]
ALERT, CARD, ROOT, WHISPER = "1795229210.000100", "1795229400.000200", "1795229500.000300", "1795229900.000900"
TIMELINE_FILE = "# Timeline\n\n* 10:46 **alert**\n* 10:49 declared by Bo\n"


def channel(id_: str, name: str, **more: object) -> Json:
    return {
        "id": id_,
        "name": name,
        "is_private": False,
        "is_im": False,
        "with": None,
        "topic": "",
        "purpose": "",
        "is_archived": False,
        "members": EVERYBODY,
        "unread": 0,
        "bookmarks": [],
        "pins": [],
        **more,
    }


def channels() -> list[Json]:
    return [
        channel("C0GENERAL", "general", purpose="Announcements for the whole company."),
        channel("C0ALERTS", "alerts", unread=4),
        channel(
            "C0PAYMENTS",
            "payments-alerts",
            purpose="Alerts of the payments services.",
            members=[one for one in EVERYBODY if one != "U0EVE"],
        ),
        channel("C0INCIDENTS", "incidents"),
        channel(
            "C0INC",
            "inc-42-checkout",
            topic="SEV2 · Investigating · lead <@U0ANA>",
            pins=[CARD],
            members=["U0ANA", "U0BO", "U0MUSTER"],
            bookmarks=[
                {"id": "B1", "title": "Status page", "link": "https://status.example.com", "emoji": ":loudspeaker:"},
                {"id": "B2", "title": "Payments dashboard", "link": "https://grafana.example.com/d/1", "emoji": ""},
            ],
        ),
        channel("C0OLD", "inc-41-search", is_archived=True),
        channel("D0BO", "", is_im=True, **{"with": "U0BO"}, members=["U0ANA", "U0BO"]),
        channel("D0BOT", "", is_im=True, **{"with": "U0MUSTER"}, members=["U0ANA", "U0MUSTER"]),
    ]


def from_bot(ts: str, text: str, **more: object) -> Json:
    return {"type": "message", "ts": ts, "user": "U0MUSTER", "bot_id": "B0MUSTER", "text": text, **more}


def said(ts: str, user: str, text: str, **more: object) -> Json:
    return {"type": "message", "ts": ts, "user": user, "text": text, **more}


def note(number: int) -> Json:
    return said(f"17952{26000 + number * 60}.000001", "U0CLEO" if number % 2 else "U0BO", f"Note number {number}")


def messages() -> dict[str, list[Json]]:
    return {"C0PAYMENTS": alerting(), "C0INC": incident(), "C0GENERAL": [note(number) for number in range(40)]}


def alerting() -> list[Json]:
    return [
        said(
            "1795142800.000001",
            "U0CLEO",
            "Morning! The *card retries* change goes out today, see <https://example.com/1|the change>.",
        ),
        from_bot(ALERT, "Checkout error rate above 5%", blocks=blocks.alert()),
        said(
            "1795229300.000101",
            "U0BO",
            "Looking. <@U0ANA> did we ship something in <#C0GENERAL|general>?",
            reactions=[{"name": "eyes", "count": 2, "users": ["U0ANA", "U0CLEO"]}],
        ),
        said(
            "1795229330.000102",
            "U0BO",
            "Ah: `payments-api` at 10:42 :facepalm:",
            edited={"user": "U0BO", "ts": "1795229390.000000"},
        ),
    ]


def incident() -> list[Json]:
    return [
        said("1795229390.000001", "U0MUSTER", "<@U0MUSTER> has joined the channel", subtype="channel_join"),
        from_bot(CARD, "INC-42: Checkout fails for card payments", blocks=blocks.card()),
        said(
            ROOT,
            "U0ANA",
            "What do the logs say?\n> upstream timed out\n```\nPOST /charge 504 &lt;gateway&gt;\n```",
            thread_ts=ROOT,
            reply_count=2,
            latest_reply="1795229620.000302",
        ),
        said("1795229560.000301", "U0BO", "The new pool size is *too small*.", thread_ts=ROOT),
        said("1795229620.000302", "U0ANA", "Rolling back then.", thread_ts=ROOT),
        from_bot(
            "1795229700.000400",
            "The timeline so far",
            files=[
                {
                    "id": "F1",
                    "name": "timeline.md",
                    "title": "timeline.md",
                    "size": 2431,
                    "filetype": "md",
                    "url_private": "/files/F1/timeline.md",
                }
            ],
        ),
        from_bot("1795229800.000500", "One of each", blocks=blocks.everything()),
        from_bot(WHISPER, "Only Ana sees that you are the lead now.", ephemeral_for="U0ANA"),
    ]


def journal() -> list[Json]:
    def entry(n: int, direction: str, name: str, status: int | None, result: Json) -> Json:
        key = "method" if direction == "call" else "type"
        return {
            "n": n,
            "at": f"2026-11-21T10:46:{n:02}+00:00",
            "direction": direction,
            key: name,
            "args": {"channel": "C0INC", "blocks": '[{"type":"divider"}]'},
            "attempt": 0,
            "result": result,
            "status": status,
            "ms": 12.5 * n,
            "round": n,
        }

    return [
        entry(1, "delivery", "block_actions", None, {"outcome": "acked"}),
        entry(2, "call", "conversations.create", 200, {"ok": True}),
        entry(3, "call", "conversations.invite", 200, {"ok": False, "error": "already_in_channel"}),
        entry(4, "call", "chat.postMessage", None, {"fault": "lost"}),
        entry(5, "delivery", "pin_added", None, {"outcome": "http_timeout"}),
    ]
