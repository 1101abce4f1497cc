"""The postmortem draft: facts filled in, the rest asked for, and nothing that anybody wrote is live in it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from hypothesis import example, given, settings
from inline_snapshot import snapshot
from markdown_it import MarkdownIt
from markdown_it.token import Token
from ruamel.yaml import YAML

from bot.domain.events import DeliveryFailed, Event, SeverityChanged, UpdateSent
from bot.domain.ids import UserId
from bot.domain.model import Severity
from bot.domain.policy import Policy
from bot.domain.postmortem import compile_postmortem
from bot.domain.text import clean
from bot.views.markdown import inline, quote
from bot.views.postmortem import postmortem_markdown
from tests.domain.test_postmortem import (
    ATTACHED,
    DECLARED,
    EVERY,
    HANDED,
    LINK,
    MITIGATED,
    OVER,
    TOOK,
    after,
    said,
)
from tests.views.samples import ALERT, BO, NAMES, timeline
from tests.views.test_blocks import TEXT

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")


def draft(*events: Event) -> str:
    """Return the draft of a timeline."""
    incident, rows = timeline(*events)
    return postmortem_markdown(compile_postmortem(incident, rows, [ALERT], Policy()), NAMES)


def tokens(markdown: str) -> Iterator[Token]:
    """Return every token of a document, however deep."""
    for token in MARKDOWN.parse(markdown.partition("\n---\n")[2]):
        yield token
        yield from token.children or ()


def front_matter(markdown: str) -> dict[str, object]:
    """Return the front matter, read as YAML."""
    read: dict[str, object] = YAML(typ="safe").load(markdown.split("---\n")[1])
    return read


def section(markdown: str, heading: str) -> str:
    """Return what stands under a heading of the second level."""
    return markdown.split(f"\n## {heading}\n")[1].split("\n## ", maxsplit=1)[0].strip()


STORY = (
    DECLARED,
    ATTACHED,
    TOOK,
    said(3, "I see *errors* in <@U0ANA>'s release", "1"),
    SeverityChanged(at=after(5), by=BO, severity=Severity.SEV1, previous=Severity.SEV2, update_every=EVERY),
    UpdateSent(at=after(10), by=BO, text="We are rolling back.", update_every=EVERY),
    MITIGATED,
    HANDED,
    OVER,
)


def test_the_front_matter_has_stable_keys_and_machine_readable_values() -> None:
    assert front_matter(draft(*STORY)) == snapshot(
        {
            "incident": "INC-42",
            "title": "checkout is down",
            "status": "draft",
            "date": "2026-11-21",
            "severity": "sev1",
            "services": ["checkout"],
            "commanders": ["Bo Chen", "Ana Lima"],
            "started_at": "2026-11-21T14:25:00Z",
            "detected_at": "2026-11-21T14:26:00Z",
            "declared_at": "2026-11-21T14:30:00Z",
            "acknowledged_at": "2026-11-21T14:32:00Z",
            "mitigated_at": "2026-11-21T15:00:00Z",
            "resolved_at": "2026-11-21T15:35:00Z",
            "duration_minutes": 70.0,
            "minutes_to_detect": 1.0,
            "minutes_to_acknowledge": 6.0,
            "minutes_to_mitigate": 35.0,
            "minutes_to_resolve": 70.0,
        }
    )


def test_what_is_not_known_is_null() -> None:
    found = front_matter(draft(DECLARED))
    assert found.keys() == front_matter(draft(*STORY)).keys()
    assert [found[key] for key in ("resolved_at", "minutes_to_resolve", "started_at", "commanders")] == [
        None,
        None,
        None,
        [],
    ]


def test_the_draft_has_every_section_of_a_postmortem() -> None:
    assert re.findall(r"^#+ .*$", draft(*STORY), re.MULTILINE) == snapshot(
        [
            "# Postmortem: checkout is down (INC-42)",
            "## Summary",
            "## Impact",
            "## Measures",
            "## People and roles",
            "## Timeline (UTC)",
            "### 2026-11-21",
            "## Detection",
            "## Response",
            "## Resolution",
            "## Contributing factors",
            "## Lessons",
            "### What went well",
            "### What did not go well",
            "### Where we got lucky",
            "## Action items",
        ]
    )


def test_the_timeline_tells_when_who_did_what_with_links_to_the_messages() -> None:
    assert section(draft(*STORY), "Timeline (UTC)").split("\n") == snapshot(
        [
            "### 2026-11-21",
            "",
            "- **14:25** The alert began: Checkout fails",
            "- **14:30** Ana Lima declared INC-42 as SEV-2: checkout is down",
            "- **14:32** Bo Chen took command",
            "- **14:33** Bo Chen wrote: I see \\*errors\\* in @Ana Lima's release ([message](<https://northwind.slack.com/archives/C1/p1>))",
            "- **14:35** Bo Chen raised the severity from SEV-2 to SEV-1",
            "- **14:40** Bo Chen sent an update: We are rolling back.",
            "- **15:00** Bo Chen moved the status from Investigating to Monitoring",
            "- **15:10** Bo Chen handed over command to Ana Lima",
            "- **15:35** Ana Lima resolved the incident: Rolled back.",
        ]
    )


def test_the_measures_say_between_what_they_run() -> None:
    assert section(draft(*STORY), "Measures").split("\n") == snapshot(
        [
            "| Measure | Value | From → to |",
            "| --- | --- | --- |",
            "| Time to detect | 1 min | start of the first alert → first heard of, or declared |",
            "| Time to acknowledge | 6 min | detection → first acknowledgement or commander |",
            "| Time to mitigate | 35 min | start → monitoring |",
            "| Time to resolve | 1 h 10 min | start → resolved |",
        ]
    )
    assert "detection (the start is not known) → resolved" in draft(DECLARED, OVER)


def test_what_a_rule_declared_says_so() -> None:
    ruled = draft(replace(DECLARED, by=None, rule="checkout_critical"), *STORY[1:])
    assert "Rule checkout\\_critical declared the incident at 2026-11-21 14:30 UTC." in section(ruled, "Detection")
    assert "Muster declared the incident" in section(draft(replace(DECLARED, by=None), *STORY[1:]), "Detection")


def test_roles_are_told_by_name_over_time() -> None:
    assert section(draft(*STORY), "People and roles").split("\n") == snapshot(
        [
            "| Role | Who | From | Until |",
            "| --- | --- | --- | --- |",
            "| Incident Commander | Bo Chen | 2026-11-21 14:32 UTC | 2026-11-21 15:10 UTC |",
            "| Incident Commander | Ana Lima | 2026-11-21 15:10 UTC | 2026-11-21 15:35 UTC |",
            "",
            "Took part: Ana Lima, U0CLEO, Bo Chen.",
        ]
    )


def test_detection_response_and_resolution_are_drafted_from_the_facts() -> None:
    text = draft(*STORY, DeliveryFailed(at=after(66), what="slack.topic", reason="missing_scope"))
    assert section(text, "Detection").split("\n") == snapshot(
        [
            "By an alert. Ana Lima declared the incident at 2026-11-21 14:30 UTC.",
            "",
            "- Checkout fails: began 2026-11-21 14:25 UTC ([Alertmanager](<http://prometheus.example:9090/graph?g0.expr=a%20%3E%201&g0.tab=1>))",
            "",
            "_Could it have been noticed sooner, or by a machine? Which alert was missing or too noisy?_",
        ]
    )
    assert section(text, "Response").split("\n") == snapshot(
        [
            "- 1 update sent.",
            "- Taken up 6 min after detection.",
            "- Muster could not set the channel's topic: missing\\_scope.",
            "",
            "_What was tried, in which order, and what did it tell us?_",
        ]
    )
    assert section(text, "Resolution").split("\n") == snapshot(
        [
            "Resolved at 2026-11-21 15:35 UTC by Ana Lima:",
            "",
            "> Rolled back.",
            "",
            "_Is the fix for good, or is something temporary still in place?_",
        ]
    )


def test_an_incident_that_is_not_over_is_a_draft_all_the_same() -> None:
    text = draft(DECLARED)
    assert "Not resolved yet." in text
    assert "| **Duration** | not over yet |" in text
    assert "Nobody took a role." in text


def test_who_has_no_name_is_named_by_the_id() -> None:
    assert "U0CLEO" in draft(DECLARED)


@settings(max_examples=250)
@given(TEXT)
@example("![x](https://evil.example/x.png)")
@example("<img src=x onerror=alert(1)> <script>alert(1)</script>")
@example("[click](javascript:alert(1)) <https://evil.example> https://evil.example www.evil.example")
@example("a\n---\n# heading\n- item\n1. one\n| a | b |\n> q\n    code\n\n```\nx\n```")
@example("\\")
@example("`a` \\` $x$ ~~b~~")
def test_nothing_that_anybody_wrote_is_live(text: str) -> None:
    written = draft(
        replace(DECLARED, title=text),
        replace(ATTACHED, title=text, source_url=None),
        replace(said(1, text, "1"), files=(text,)),
        UpdateSent(at=after(2), by=BO, text=text, update_every=EVERY),
        DeliveryFailed(at=after(3), what=text, reason=text),
        replace(OVER, resolution=text),
    )
    written.encode()
    plain = kinds_of_plain_words()
    found = list(tokens(written))
    assert not [token for token in found if token.type in {"html_block", "html_inline", "image", "fence", "code_block"}]
    assert {token.attrs["href"] for token in found if token.type == "link_open"} <= {LINK}
    headings = [token.type for token in found if token.type == "heading_open"]
    assert len(headings) == plain.count("heading_open")
    assert [one.type for one in found].count("list_item_open") == plain.count("list_item_open")
    outside_links = re.sub(r"\(<[^>]*>\)", "", written.partition("\n---\n")[2])
    assert not re.search(r"(?<!\\)://|\bwww\.", outside_links), "GitHub would make a link of it"
    assert front_matter(written)["incident"] == "INC-42"


@cache
def kinds_of_plain_words() -> list[str]:
    """Return what kinds of things are in the draft of the same timeline with nothing but words in it."""
    written = draft(
        DECLARED,
        replace(ATTACHED, source_url=None),
        said(1, "word", "1"),
        UpdateSent(at=after(2), by=BO, text="word", update_every=EVERY),
        DeliveryFailed(at=after(3), what="word", reason="word"),
        replace(OVER, resolution="word"),
    )
    return [token.type for token in MARKDOWN.parse(written.partition("\n---\n")[2])]


@settings(max_examples=500)
@given(TEXT)
def test_escaped_text_reads_as_it_was_written(text: str) -> None:
    (shown,) = [token for token in MARKDOWN.parse(f"- x {inline(text)} x") if token.type == "inline"]
    seen = "".join(child.content for child in shown.children or ())
    assert seen.split() == ["x", *clean(text).split(), "x"]


def test_a_quotation_keeps_its_lines() -> None:
    assert quote("one\n- two\n\n1. three\\") == "> one\\\n> \\- two\n>\n> 1\\. three\\\\"


def test_names_and_titles_cannot_break_the_front_matter() -> None:
    incident, rows = timeline(replace(DECLARED, title='"\n---\nx: !!python/object'), TOOK)
    names = {BO: "Bo: [x]\n---", UserId("U0ANA"): "é"}
    text = postmortem_markdown(compile_postmortem(incident, rows, [], Policy()), names)
    found = front_matter(text)
    assert found["commanders"] == ["Bo: [x] ---"]
    assert found["title"] == '" --- x: !!python/object'
