"""Which properties each block, element and object has: Slack refuses what it does not know.

Source: the attributes of slack_sdk 3.47's models. `type` and, for blocks, `block_id` go without saying.
"""

from collections.abc import Mapping
from typing import Final

from bot.sandbox.faultlist import Faults
from bot.sandbox.state.ids import Obj


def _table(text: str, always: str) -> Mapping[str, frozenset[str]]:
    rows = (line.partition(":") for line in text.strip().splitlines())
    return {name: frozenset(f"{always} {properties}".split()) for name, _, properties in rows}


_BLOCKS: Final = _table(
    """
actions: elements
alert: text level
auth_provider: accessory auth_url connected_context connected_identity description disconnect_url fallback icon_url is_connected name value
call: call_id api_decoration_available call
card: actions body hero_image icon subtitle title
carousel: elements
container: child_blocks default_collapsed has_header_divider icon is_collapsible rich_text_title subtitle title width
context: elements
context_actions: elements
divider:
file: external_id source
header: text
image: alt_text image_url slack_file title
input: dispatch_action element hint label optional
markdown: text
plan: title tasks
rich_text: elements
section: accessory expand fields text
table: rows column_settings
task_card: details output sources status task_id title
video: alt_text author_name description provider_icon_url provider_name thumbnail_url title title_url video_url
""",  # noqa: E501 - a row a line
    "type block_id",
)
_SELECT: Final = "action_id confirm focus_on_load placeholder"
_INPUT: Final = "action_id dispatch_action_config focus_on_load placeholder initial_value"
_BUTTON: Final = "accessibility_label action_id alt_text confirm text value visible_to_user_ids"
_ELEMENTS: Final = _table(
    f"""
button: {_BUTTON} agent_prompt agent_prompt_display style url
channels_select: {_SELECT} initial_channel response_url_enabled
checkboxes: {_SELECT} initial_options options
conversations_select: {_SELECT} default_to_current_conversation filter initial_conversation response_url_enabled
datepicker: {_SELECT} initial_date
datetimepicker: {_SELECT} initial_date_time
email_text_input: {_INPUT}
external_select: {_SELECT} initial_option min_query_length
feedback_buttons: action_id alt_text negative_button positive_button
file_input: action_id filetypes max_files
icon_button: {_BUTTON} icon
image: alt_text image_url slack_file
multi_channels_select: {_SELECT} initial_channels max_selected_items
multi_conversations_select: {_SELECT} default_to_current_conversation filter initial_conversations max_selected_items
multi_external_select: {_SELECT} initial_options max_selected_items min_query_length
multi_static_select: {_SELECT} initial_options max_selected_items option_groups options
multi_users_select: {_SELECT} initial_users max_selected_items
number_input: {_INPUT} is_decimal_allowed max_value min_value
overflow: action_id alt_text confirm options
plain_text_input: {_INPUT} max_length min_length multiline
radio_buttons: {_SELECT} initial_option options
rich_text_input: {_INPUT} max_lines min_lines
static_select: {_SELECT} initial_option option_groups options
timepicker: {_SELECT} initial_time timezone
url_text_input: {_INPUT}
users_select: {_SELECT} initial_user
workflow_button: accessibility_label action_id alt_text style text workflow
""",
    "type",
)
_TEXTS: Final = _table("mrkdwn: text verbatim\nplain_text: text emoji", "type")


def check_block_properties(block: Obj, pointer: str, faults: Faults) -> None:
    """Note the properties that a block of that type does not have."""
    _check(_BLOCKS, block, pointer, faults)


def check_element_properties(element: Obj, pointer: str, faults: Faults) -> None:
    """Note the properties that an element of that type does not have."""
    _check(_ELEMENTS, element, pointer, faults)


def check_text_properties(text: Obj, pointer: str, faults: Faults) -> None:
    """Note the properties that a text object of that type does not have."""
    _check(_TEXTS, text, pointer, faults)


def _check(table: Mapping[str, frozenset[str]], one: Obj, pointer: str, faults: Faults) -> None:
    known = table.get(str(one.get("type")))
    if known is not None and not known.issuperset(one):
        for name in one.keys() - known:
            faults.add(f"invalid additional property: {name}", pointer)
