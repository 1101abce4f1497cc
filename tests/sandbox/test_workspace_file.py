"""The workspace file: what it may hold, that every fault is told at once and where, and that Northwind is one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.clock import SeededChance, SystemClock
from bot.sandbox.facts import ALL_BOT_SCOPES
from bot.sandbox.setup.build import build
from bot.sandbox.setup.nodes import FileError
from bot.sandbox.setup.plan import Plan
from bot.sandbox.setup.read import read_plans
from bot.sandbox.state.accounts import ShortcutKind, Standing, TokenKind
from bot.sandbox.state.ids import Maker
from bot.sandbox.state.preferences import Plan as PaidOrFree
from bot.sandbox.state.records import ChannelKind
from bot.sandbox.state.seed import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, northwind

RICH = Path(__file__).with_name("acme.yaml").read_text()


def faults_of(text: str) -> list[str]:
    """Return what is wrong with a file called acme.yaml."""
    with pytest.raises(FileError) as caught:
        read_plans(text, "acme.yaml")
    return caught.value.faults


def only(text: str) -> Plan:
    (plan,) = read_plans(text, "acme.yaml")
    return plan


def test_northwind_is_such_a_file_and_its_tokens_are_the_known_ones() -> None:
    workspace = northwind(Maker(SystemClock(), SeededChance(1)))
    assert workspace.team.id == "T0SANDBOX"
    assert workspace.team.url == "https://northwind.slack.com/"
    assert list(workspace.people) == ["U0ANA", "U0BO", "U0CLEO", "U0DMITRI", "U0EVE", "U0MUSTER"]
    assert workspace.bot == "U0MUSTER"
    assert workspace.app.bot_id == "B0MUSTER"
    assert workspace.app.signing_secret == SIGNING_SECRET
    assert workspace.tokens.keys() == {BOT_TOKEN, APP_TOKEN}
    assert workspace.tokens[BOT_TOKEN].scopes == ALL_BOT_SCOPES
    assert {one.id: len(one.members) for one in workspace.channels.values()} == {
        "C0GENERAL": 6,
        "C0ALERTS": 5,
        "C0PAYMENTS": 5,
        "C0INCIDENTS": 5,
        "C0ADMIN": 5,
    }


def test_a_rich_file_says_who_is_who() -> None:
    acme, partner = read_plans(RICH, "acme.yaml")
    people = {person.name: person for person in acme.people}
    assert people["gus"].standing is Standing.GUEST
    assert people["sal"].standing is Standing.SINGLE_CHANNEL_GUEST
    assert (people["xena"].standing, people["xena"].home) == (Standing.STRANGER, "T0VENDOR")
    assert people["old"].deleted
    assert people["ana"].admin
    assert people["bo"].away
    assert (people["pagerduty"].is_bot, people["pagerduty"].bot_id) == (True, "B0PAGERDUTY")
    channels = {channel.name: channel for channel in acme.channels}
    assert channels["war-room"].kind is ChannelKind.PRIVATE
    assert channels["war-room"].members == ["U0ANA", "U0BO", "U0HELPER"]
    assert channels["with-vendor"].shared_with == ["T0VENDOR"]
    assert channels["old-times"].archived
    assert channels["war-room"].topic == "Nothing burns"
    # Without `members:` it is everybody but guests, strangers, the deactivated and other apps' bots.
    assert channels["general"].members == ["U0ANA", "U0BO", "U0HELPER"]
    assert [(one.callback_id, one.kind) for one in acme.shortcuts] == [
        ("report", ShortcutKind.GLOBAL),
        ("escalate", ShortcutKind.MESSAGE),
    ]
    tokens = {token.value: token for token in acme.tokens}
    assert (tokens["xoxp-ana"].kind, tokens["xoxp-ana"].user) == (TokenKind.USER, "U0ANA")
    assert tokens["xoxb-old"].expired
    assert tokens["xoxb-org"].org
    assert tokens["xoxb-few"].scopes == {"chat:write", "commands"}
    assert {token.value for token in partner.tokens} == {"xoxb-sandbox-bot-2"}
    assert (acme.team.enterprise, partner.team.enterprise) == ("E0ACME", "E0ACME")
    # Somebody of an organisation has one id in all of its workspaces; channels are each workspace's own.
    assert [person.id for person in partner.people] == ["U0ANA", "U0HELPER"]
    assert [channel.id for channel in partner.channels] == ["C1GENERAL"]
    allowed = partner.preferences
    assert (allowed.plan, acme.preferences.plan) == (PaidOrFree.FREE, PaidOrFree.PAID)
    assert (allowed.channels_by_all, allowed.guests_by_all, allowed.usergroups_by_all) == (False, False, True)
    workspace = build(acme, Maker(SystemClock(), SeededChance(1)))
    assert workspace.usergroups["S0ONCALL"].users == ["U0BO"]
    assert workspace.channels[channels["war-room"].id].topic.creator == "U0BO"


WRONG = """\
app:
  nmae: Helper
  commands:
    - command: incident
workspaces:
  - name: Acme
    users:
      - {name: ana, time_zone: Europe/Berln}
      - {name: Bo}
      - {name: sal, kind: single_channel_guest}
      - {name: ana}
      - {name: xena, kind: stranger}
      - {name: gone, deactivated: true}
    channels:
      - {name: Big News, members: [anna, gone]}
      - {name: one, members: [sal]}
      - {name: two, members: [sal], private: maybe}
    user_groups:
      - {handle: nobody}
    tokens:
      - {token: xoxp-lost}
      - {token: xoxb-1, scopes: [chat:wirte]}
"""


def test_every_fault_is_told_at_once_with_line_and_column_and_what_to_change() -> None:
    faults = faults_of(WRONG)
    assert [fault.partition(" ")[0] for fault in faults] == sorted(
        (fault.partition(" ")[0] for fault in faults), key=lambda place: [int(part) for part in place.split(":")[1:]]
    )
    assert faults == [
        "acme.yaml:2:3 nmae is unknown here; did you mean name?",
        "acme.yaml:4:16 command 'incident' must be a slash and at most 31 small letters, digits, - or _",
        "acme.yaml:8:9 time_zone Europe/Berln is none that the tz database knows; did you mean Europe/Berlin?",
        "acme.yaml:9:16 name 'Bo' must be 1 to 80 small letters, digits, dots, - or _",
        "acme.yaml:10:9 sal is a guest of one channel but is in #one and #two: `kind: guest`?",
        "acme.yaml:11:9 the name ana is there twice",
        "acme.yaml:12:9 xena is a stranger: say the id of the workspace that they come from, with `home:`",
        "acme.yaml:15:9 Slack would refuse the channel name 'Big News': invalid_name_specials",
        "acme.yaml:15:36 members of Big News: there is no anna; did you mean ana?",
        "acme.yaml:15:42 members of Big News: gone is deactivated and can be in nothing",
        "acme.yaml:17:46 private must be true or false, not 'maybe'",
        "acme.yaml:19:9 user group nobody needs at least one user: Slack keeps no empty group",
        "acme.yaml:21:9 xoxp-lost is a person's token: say whose, with `user:`",
        "acme.yaml:22:34 Slack has no scope chat:wirte; did you mean chat:write?",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("workspaces: [", "acme.yaml:1:14 this is no YAML: "),
        ("- a list", "acme.yaml:1:1 the file must hold fields: "),
        ("app: {}", "acme.yaml:1:1 workspaces is missing: a list with at least one workspace"),
        ("workspaces:\n  - name: A\n    name: B", "acme.yaml:3:5 this is no YAML: found duplicate key"),
        ("workspaces: [7]", "acme.yaml:1:14 an item of workspaces must hold fields"),
        ("workspaces:\n  - name: A", "acme.yaml:2:5 users is missing: a workspace has at least one person"),
        (
            "workspaces:\n  - {name: A, users: [{name: a}], plan: gratis}",
            "acme.yaml:2:41 plan 'gratis' is unknown; there are free, paid",
        ),
        (
            "workspaces:\n  - {name: A, users: [{name: a}], admins_only: [channel]}",
            "acme.yaml:2:49 admins_only: channel is unknown; did you mean channels?",
        ),
        ("app: 3\nworkspaces: []", "acme.yaml:1:6 app must hold fields"),
        ("workspaces:\n  - {name: A, users: [{name: muster}]}", "acme.yaml:2:23 the name muster is the app's bot"),
        ("workspaces:\n  - {name: 3, users: [{name: a}]}", "acme.yaml:2:12 name must be text, not 3; put it in quotes"),
        ("workspaces:\n  - {name: A, users: {name: a}}", "acme.yaml:2:22 users must be a list"),
        (
            "workspaces:\n  - {name: A, users: [{name: a}]}\n  - {name: A, users: [{name: a}]}",
            "acme.yaml:3:5 domain a is there twice; every id, domain and token of the file must be another one",
        ),
    ],
)
def test_a_broken_file_says_where_it_breaks(text: str, fault: str) -> None:
    assert any(one.startswith(fault) for one in faults_of(text)), faults_of(text)


def test_two_lines_are_enough() -> None:
    plan = only("workspaces:\n  - {name: Acme Corp, users: [{name: ana}]}")
    assert (plan.team.id, plan.team.domain, plan.team.url) == ("T0ACMECORP", "acmecorp", "https://acmecorp.slack.com/")
    assert [token.value for token in plan.tokens] == [BOT_TOKEN, APP_TOKEN]
    assert plan.people[0].tz == "Etc/UTC"


def test_workspaces_without_an_organisation_have_people_of_their_own() -> None:
    one, two = read_plans("workspaces:\n  - {name: A, users: [{name: ana}]}\n  - {name: B, users: [{name: ana}]}", "ab")
    assert [person.id for person in one.people] == ["U0ANA", "U0MUSTER"]
    assert [person.id for person in two.people] == ["U1ANA", "U1MUSTER"]
    assert [token.value for token in two.tokens] == ["xoxb-sandbox-bot-2"]


def test_what_is_written_once_and_used_twice_is_read_and_its_faults_have_a_place() -> None:
    text = (
        "workspaces:\n"
        "  - name: A\n"
        "    users:\n"
        "      - &one {name: ana, time_zone: Europe/Berlin}\n"
        "      - {<<: *one, name: bo}\n"
    )
    assert [(one.name, one.tz) for one in only(text).people[:2]] == [("ana", "Europe/Berlin"), ("bo", "Europe/Berlin")]
    assert faults_of(text.replace("Berlin", "Berln"))[-1].startswith("acme.yaml:5:9 time_zone Europe/Berln")


# Values that stand where something else is expected.
ODD: tuple[object, ...] = (
    None,
    True,
    7,
    "",
    "everyone",
    "xoxb-1",
    "2026-01-01",
    [],
    {},
    [[]],
    [{}],
    {"ana": 1},
    [None],
    ["ana", "ana"],
)
# Every fifth place of the file gets one of them in its turn; all of them in all places take minutes.
STRIDE = 5


def places(document: object) -> Iterator[tuple[dict[str, object], str]]:
    """Yield every field of a document, with the fields around it."""
    if isinstance(document, dict):
        for key, value in document.items():
            yield document, key
            yield from places(value)
    for one in document if isinstance(document, list) else ():
        yield from places(one)


def test_whatever_stands_in_a_field_the_file_is_read_or_its_faults_are_told() -> None:
    document = YAML(typ="safe").load(RICH)
    refused = 0
    for turn, (where, key) in enumerate(list(places(document))[::STRIDE]):
        right, where[key] = where[key], ODD[turn % len(ODD)]
        try:
            plans = read_plans(json.dumps(document), "odd.yaml")  # JSON is YAML
        except FileError as error:
            refused += 1
            assert [one for one in error.faults if not re.match(r"odd\.yaml:\d+:\d+ \S", one)] == []  # noqa: PT017
        else:
            assert [build(plan, Maker(SystemClock(), SeededChance(1))).team for plan in plans]
        where[key] = right
    assert refused > STRIDE
