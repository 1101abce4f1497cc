"""What only some apps use: a form with one of every field, and the blocks under an assistant's answer."""

from tests.sandbox.page.blocks import Block, declaration, field, mrkdwn, option, plain


def every_field() -> Block:
    """A modal with one of each input, as apps use them."""
    when = {"type": "datetimepicker", "action_id": "when", "initial_date_time": 1795229210}
    service = {"type": "external_select", "action_id": "service", "min_query_length": 2, "placeholder": plain("Search")}
    services = {"type": "multi_external_select", "action_id": "services", "min_query_length": 0}
    letters = {"type": "plain_text_input", "action_id": "text", "max_length": 40}
    letters["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    options = [option("Now", "now"), option("Later", "later")]
    return {
        **declaration(),
        "id": "V9",
        "title": plain("Every field"),
        "blocks": [
            field("name", "Name", letters, dispatch_action=True, optional=True),
            field("mail", "Address", {"type": "email_text_input", "action_id": "mail"}),
            field("link", "Link", {"type": "url_text_input", "action_id": "link"}, optional=True),
            field("count", "Count", {"type": "number_input", "action_id": "count", "min_value": "1"}, optional=True),
            field("when", "When", when, optional=True),
            field("day", "Day", {"type": "datepicker", "action_id": "day"}, optional=True),
            field("time", "Time", {"type": "timepicker", "action_id": "time"}, optional=True),
            field("service", "Service", service, optional=True),
            field("services", "Services", services, optional=True),
            field(
                "notes",
                "Notes",
                {"type": "rich_text_input", "action_id": "notes", "focus_on_load": True},
                optional=True,
            ),
            field("proof", "Proof", {"type": "file_input", "action_id": "proof", "max_files": 2}, optional=True),
            field("speed", "Speed", {"type": "radio_buttons", "action_id": "speed", "options": options}, optional=True),
            field("place", "Place", {"type": "channels_select", "action_id": "place"}, optional=True),
        ],
    }


def rarer() -> list[Block]:
    """The blocks that an answer of an assistant has, and what only a few apps use."""
    thumbs = {
        "type": "feedback_buttons",
        "action_id": "feedback",
        "positive_button": {"text": plain("Good answer"), "value": "good"},
        "negative_button": {"text": plain("Bad answer"), "value": "bad"},
    }
    bin_ = {"type": "icon_button", "action_id": "bin", "icon": "trash", "text": plain("Remove"), "value": "gone"}
    one = {
        "type": "card",
        "title": mrkdwn("*Rollback*"),
        "subtitle": plain("payments-api"),
        "body": mrkdwn("4.2.0 to 4.1.9"),
    }
    tasks = [
        {"type": "task_card", "task_id": "1", "title": "Look at the graph", "status": "complete"},
        {"type": "task_card", "task_id": "2", "title": "Roll back", "status": "in_progress"},
    ]
    video = {
        "type": "video",
        "title": plain("The outage, replayed"),
        "title_url": "https://example.com/video",
        "video_url": "https://example.com/video.mp4",
        "thumbnail_url": "/static/icon.svg",
        "alt_text": "a graph over time",
        "provider_name": "Grafana",
    }
    return [
        video,
        {"type": "file", "external_id": "drive-1", "source": "remote"},
        one,
        {"type": "carousel", "elements": [one, one]},
        {"type": "container", "title": plain("Details"), "is_collapsible": True, "child_blocks": [one]},
        {"type": "plan", "title": "What is next", "tasks": tasks},
        {"type": "call", "call_id": "R0CALL"},
        {
            "type": "auth_provider",
            "value": "pager",
            "name": plain("PagerDuty"),
            "is_connected": False,
            "auth_url": "https://example.com/connect",
        },
        {"type": "context_actions", "block_id": "ca", "elements": [thumbs, bin_]},
    ]
