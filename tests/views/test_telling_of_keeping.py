"""How the record tells of itself: marks, corrections, who came and went, files and threads."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.deploys import Deploy, DeployNoticed
from bot.domain.events import Event
from bot.domain.ids import MessageTs, ServiceName, UserId
from bot.domain.keeping_events import MessageMarked, MessageUnmarked, RowCorrected, RowLeftOut, RowPutBack
from bot.domain.message_events import MemberMoved
from bot.domain.postmortem import compile_postmortem
from bot.domain.work import Place
from bot.views.card import incident_card
from bot.views.moments import moment
from bot.views.postmortem import postmortem_markdown
from bot.views.timeline import describe, timeline_message
from tests.views.happenings import DECLARED, EVENTS, EVERY, SAID
from tests.views.limits import check, words
from tests.views.samples import ANA, AT, BO, CLEO, INCIDENT, NAMES, NOW, POLICY, timeline

DEPLOY = Deploy(
    id=1, service=ServiceName("checkout"), version="4.2.0", environment="production", by="ci",
    url="https://ci.example/7", at=AT - timedelta(minutes=12),
)  # fmt: skip
KEPT: dict[str, tuple[Event, str]] = {
    "marked": (
        MessageMarked(at=AT, by=BO, ts=MessageTs("1.1"), how="reaction"),
        "Bo Chen marked a message as worth keeping",
    ),
    "pinned": (MessageMarked(at=AT, ts=MessageTs("1.1"), how="pin"), "A message was pinned"),
    "unmarked": (
        MessageUnmarked(at=AT, by=BO, ts=MessageTs("1.1"), how="shortcut"),
        "Bo Chen took a mark off a message",
    ),
    "unpinned": (MessageUnmarked(at=AT, ts=MessageTs("1.1"), how="pin"), "A mark was taken off a message"),
    "joined": (MemberMoved(at=AT, by=ANA, ts=MessageTs("3.1"), user=BO, joined=True), "Bo Chen joined the channel"),
    "left": (MemberMoved(at=AT, ts=MessageTs("3.2"), user=BO, joined=False), "Bo Chen left the channel"),
    "answered": (
        replace(SAID, ts=MessageTs("4.1"), thread=MessageTs("1.1"), files=()),
        "Bo Chen answered in a thread: @Ana Lima look",
    ),
    "corrected": (
        RowCorrected(at=AT, by=BO, row=7, text="traffic moved back", happened_at=AT - EVERY),
        "Bo Chen corrected row 7: 21 Nov 2026 14:20 UTC traffic moved back",
    ),
    "left out": (RowLeftOut(at=AT, by=BO, row=7), "Bo Chen left row 7 out of the timeline"),
    "put back": (RowPutBack(at=AT, by=BO, row=7), "Bo Chen put row 7 back into the timeline"),
    "deployed": (DeployNoticed(at=AT, deploy=DEPLOY), "checkout 4.2.0 was deployed to production by ci"),
    "deployed somewhere": (
        DeployNoticed(at=AT, deploy=replace(DEPLOY, environment="", by="", url=None)),
        "checkout 4.2.0 was deployed",
    ),
}


def test_each_has_its_sentence_and_none_is_said_in_the_channel() -> None:
    assert {name: describe(event, NAMES) for name, (event, _) in KEPT.items()} == {
        name: told for name, (_, told) in KEPT.items()
    }
    assert all(moment(event, INCIDENT, Place.CHANNEL) is None for event, _ in KEPT.values())


def test_a_marked_message_says_by_whom_once_and_the_marks_are_no_rows() -> None:
    marks = [MessageMarked(at=AT, by=by, ts=SAID.ts, how="reaction") for by in (CLEO, BO, ANA)]
    shown = words(timeline_message(*timeline(DECLARED, SAID, *marks)))
    assert shown.count("worth keeping") == 0
    assert "|message>, marked by <@U0CLEO> and 2 more)" in shown
    pinned = replace(marks[0], by=None, how="pin")
    assert "|message>, marked)" in words(timeline_message(*timeline(DECLARED, SAID, pinned)))


def test_what_was_kept_for_a_mark_alone_goes_with_it() -> None:
    kept = replace(SAID, only_marked=True)
    mark = MessageMarked(at=AT, by=CLEO, ts=SAID.ts, how="reaction")
    assert "look" in words(timeline_message(*timeline(DECLARED, kept, mark)))
    off = MessageUnmarked(at=AT, by=CLEO, ts=SAID.ts, how="reaction")
    assert "look" not in words(timeline_message(*timeline(DECLARED, kept, mark, off)))


def test_the_card_says_which_of_the_newest_deploys_went_out_how_long_before_or_after() -> None:
    hostile = replace(DEPLOY, id=2, version="<!channel> *1*", url=None, at=AT + timedelta(minutes=3))
    old = replace(DEPLOY, id=3, version="4.1.0", at=AT - timedelta(minutes=50))
    message = incident_card(replace(INCIDENT, deploys=(DEPLOY, hostile, old)), [], POLICY, NOW)
    check(message)
    shown = words(message)
    assert "<https://ci.example/7|checkout 4.2.0> was deployed to production by ci, 12 min before it was" in shown
    assert "3 min after it was declared" in shown
    assert "4.1.0" not in shown
    assert "<!channel>" not in shown
    assert "deployed" not in words(incident_card(INCIDENT, [], POLICY, NOW))


def test_who_came_and_went_right_after_one_another_is_one_row() -> None:
    people = [UserId(f"U{n}") for n in range(13)]
    came = [MemberMoved(at=AT, ts=MessageTs(f"5.{n}"), user=user, joined=True) for n, user in enumerate(people)]
    incident, rows = timeline(DECLARED, *came, KEPT["left"][0], EVENTS["came late"], SAID, KEPT["joined"][0])
    shown = words(timeline_message(incident, rows))
    assert shown.count("joined the channel") == 2
    assert "<@U9> and 3 more joined the channel; <@U0BO> left the channel" in shown
    draft = postmortem_markdown(compile_postmortem(incident, rows, [], POLICY), NAMES)
    assert "U9 and 3 more joined the channel; Bo Chen left the channel" in draft


def test_a_file_is_a_link_with_its_name_where_its_address_is_known() -> None:
    files, links = ("graph.png", "graph.png", "log"), ("https://a.example/1", "", "javascript:alert(1)")
    incident, rows = timeline(DECLARED, replace(SAID, files=files, links=links))
    message = timeline_message(incident, rows)
    check(message)
    assert "[<https://a.example/1|graph.png>, graph.png, log]" in words(message)
    draft = postmortem_markdown(compile_postmortem(incident, rows, [], POLICY), NAMES)
    assert "[graph.png](<https://a.example/1>)" in draft
