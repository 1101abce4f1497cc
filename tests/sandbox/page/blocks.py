"""Blocks of the stub's scene: an alert, an incident's card, a modal, a Home tab, and one message with everything."""

from typing import Any

Block = dict[str, Any]  # JSON, as Slack has it


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def button(text: str, action_id: str, **more: object) -> Block:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "v1", **more}


def option(text: str, value: str) -> Block:
    return {"text": plain(text), "value": value}


SURE = {
    "title": plain("Resolve this incident?"),
    "text": mrkdwn("The channel hears of it, and *paging stops*."),
    "confirm": plain("Resolve Incident"),
    "deny": plain("Go Back"),
    "style": "danger",
}


def alert() -> list[Block]:
    return [
        {
            "type": "section",
            "text": mrkdwn(":rotating_light: *Checkout error rate above 5%*\n`payments-api` in eu-west-1"),
        },
        {"type": "section", "fields": [mrkdwn("*Severity*\nCritical"), mrkdwn("*Now*\n7.3 % of 1,240 req/s")]},
        {
            "type": "actions",
            "block_id": "alert-1",
            "elements": [
                button("Declare Incident", "declare", style="primary"),
                button("Acknowledge", "ack"),
                button("Runbook", "runbook", url="https://example.com/runbook"),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [option("Silence for an hour", "silence"), option("Not an incident", "dismiss")],
                },
            ],
        },
        {
            "type": "context",
            "elements": [
                mrkdwn("Prometheus · <!date^1795229210^{date_short_pretty} at {time}|10:46 UTC> · fired 3 times")
            ],
        },
    ]


def card(phase: str = "Investigating") -> list[Block]:
    return [
        {"type": "header", "text": plain("INC-42: Checkout fails for card payments")},
        {
            "type": "section",
            "fields": [
                mrkdwn("*Severity*\n:large_orange_circle: SEV2"),
                mrkdwn(f"*Phase*\n{phase}"),
                mrkdwn("*Lead*\n<@U0ANA>"),
                mrkdwn("*Channel*\n<#C0INC|inc-42-checkout>"),
            ],
        },
        {
            "type": "section",
            "text": mrkdwn("*Impact*\nAbout 7 % of card payments in Europe fail; PayPal is not affected."),
        },
        {
            "type": "actions",
            "block_id": "card-7",
            "elements": [
                button("Post Update", "update", style="primary"),
                {
                    "type": "static_select",
                    "action_id": "severity",
                    "placeholder": plain("Change severity"),
                    "options": [option("SEV1", "sev1"), option("SEV2", "sev2"), option("SEV3", "sev3")],
                },
                {"type": "users_select", "action_id": "lead", "placeholder": plain("Hand over the lead")},
                button("Resolve", "resolve", style="danger", confirm=SURE),
            ],
        },
        {
            "type": "context",
            "elements": [mrkdwn("Declared by <@U0BO> · next update due <!date^1795231010^{time}|11:16 UTC>")],
        },
    ]


def field(block_id: str, label: str, element: Block, **more: object) -> Block:
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def title_field() -> Block:
    element = {
        "type": "plain_text_input",
        "action_id": "text",
        "focus_on_load": True,
        "initial_value": "Checkout fails",
    }
    hint = plain("One line that a customer would understand.")
    return field("title", "What is happening?", element, hint=hint)


def severity_field() -> Block:
    choices = [option("SEV1: everything is down", "sev1"), option("SEV2: a part fails", "sev2")]
    element = {"type": "static_select", "action_id": "choice", "options": choices, "initial_option": choices[1]}
    return field("severity", "Severity", element)


def declaration() -> Block:
    summary = {"type": "plain_text_input", "action_id": "text", "multiline": True, "initial_value": ""}
    who = {"type": "multi_users_select", "action_id": "who", "placeholder": plain("Choose people")}
    private = {**option("Private channel", "private"), "description": plain("Only those invited see it")}
    flags = {"type": "checkboxes", "action_id": "flags", "options": [option("Page the on-call", "page"), private]}
    promise = "This opens a channel, invites the on-call of *payments* and pages them."
    return {
        "id": "V1",
        "hash": "1.a",
        "type": "modal",
        "title": plain("Declare Incident"),
        "submit": plain("Declare Incident"),
        "close": plain("Cancel"),
        "blocks": [
            {"type": "section", "text": mrkdwn(promise)},
            title_field(),
            severity_field(),
            field("summary", "What do we know so far?", summary, optional=True),
            field("people", "Invite", who, optional=True),
            field("options", "Options", flags, optional=True),
        ],
    }


def home() -> Block:
    return {
        "id": "V2",
        "hash": "1.b",
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Waiting for you")},
            {
                "type": "section",
                "text": mrkdwn("*INC-42* needs an update in 12 minutes"),
                "accessory": button("Post Update", "home-update", style="primary"),
            },
            {"type": "divider"},
            {"type": "context", "elements": [mrkdwn("Nothing else is open.")]},
        ],
    }


TIMELINE = """## Timeline
1. **10:42** deploy of `payments-api`
2. 10:46 alert

- [x] rolled back

| step | who |
|---|---|
| page | Bo |

> quiet since"""


def everything() -> list[Block]:
    """One of each block that the page draws, with text that tries to be markup."""
    return [
        {"type": "rich_text", "elements": rich()},
        {
            "type": "markdown",
            "text": TIMELINE,
        },
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": "Service"}, {"type": "raw_text", "text": "Errors"}],
                [{"type": "raw_text", "text": "payments-api"}, {"type": "raw_text", "text": "7.3 %"}],
            ],
            "column_settings": [{}, {"align": "right"}],
        },
        {
            "type": "image",
            "image_url": "/static/icon.svg",
            "alt_text": "error rate, rising",
            "title": plain("Error rate"),
        },
        {
            "type": "section",
            "text": mrkdwn(
                "&lt;img src=x onerror=\"document.title='broken'\"&gt; and <javascript:alert(1)|a link> stay text"
            ),
        },
        {
            "type": "section",
            "text": plain("<img src=x onerror=document.title='broken'> too"),
            "accessory": {"type": "image", "image_url": "/static/icon.svg", "alt_text": "a map"},
        },
        {"type": "somethingnew"},
    ]


def rich() -> list[Block]:
    def text(content: str, **style: bool) -> Block:
        return {"type": "text", "text": content, **({"style": style} if style else {})}

    def item(*parts: Block) -> Block:
        return {"type": "rich_text_section", "elements": list(parts)}

    return [
        item(
            text("Update ", bold=True),
            text("by "),
            {"type": "user", "user_id": "U0BO"},
            text(" at "),
            {"type": "date", "timestamp": 1795229210, "format": "{time}", "fallback": "then"},
        ),
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [item(text("rolled back")), item(text("errors fall", italic=True))],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [item({"type": "link", "url": "https://example.com", "text": "graph"})],
        },
        {"type": "rich_text_quote", "elements": [text("<b>not bold</b>")]},
        {"type": "rich_text_preformatted", "elements": [text("kubectl rollout undo deploy/payments-api")]},
    ]
