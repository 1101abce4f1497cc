"""What somebody looks for among the alerts that fire: read, held against groups, and put in order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alerts_model import Acknowledgement, Alert, AlertSeverity
from bot.domain.finding import LONGEST, gravest_first, is_of, message_in, name_in, name_of, sort_out, wanted_of
from bot.domain.grouping import alone
from bot.domain.groups_model import Assignment, Group, Hush
from bot.domain.ids import AlertId, ChannelId, GroupId, MessageTs, ServiceName, UserId
from bot.domain.matchers import matchers_of
from bot.domain.policy import Policy
from tests.domain.story import reported

ANA, BO = UserId("U0ANA"), UserId("U0BO")
ALERT = Alert(
    id=AlertId("a1"),
    report=reported(),
    status=reported().status,
    first_seen_at=reported().starts_at,
    service=ServiceName("checkout"),
    channel="alerts",
)
GROUP = replace(
    alone(ALERT, Policy()),
    id=GroupId("0a1b2c3d4e5f60718293"),
    title="Checkout fails for 12% of customers",
    labels={"alertname": "CheckoutFails", "service": "checkout"},
    severities={AlertSeverity.CRITICAL: 1, AlertSeverity.WARNING: 2},
    severity=AlertSeverity.CRITICAL,
)
TAKEN = Acknowledgement(by=ANA, at=GROUP.opened_at)
GIVEN = Assignment(user=BO, by=ANA, at=GROUP.opened_at)


def finds(typed: str, group: Group = GROUP, *members: Alert) -> bool:
    return wanted_of(typed).means(group, members, ANA)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", True),
        ("checkout", True),
        ("Checkout FAILS", True),
        ("checkout search", False),
        ("“12% of”", True),
        ('"of 12%"', False),
        ("0a1b2c3", True),
        ("severity=critical", True),
        ("severity=critical, service=~checkout|search", True),
        ("severity=info", False),
        ('alertname="CheckoutFails"', True),
        ("fails severity!=warning", True),
        ("mine", False),
        ("all", True),
        ('""', True),
    ],
)
def test_words_and_labels_are_found(typed: str, found: bool) -> None:
    assert finds(typed) is found


def test_one_member_that_has_all_the_labels_is_enough_and_labels_of_several_do_not_add_up() -> None:
    one = replace(ALERT, report=reported(labels={"service": "checkout", "pod": "api-1"}))
    two = replace(ALERT, report=reported(labels={"service": "checkout", "zone": "b"}))
    assert finds("pod=api-1", GROUP, one, two)
    assert finds("pod=api-1 service=checkout", GROUP, one, two)
    assert not finds("pod=api-1 zone=b", GROUP, one, two)
    assert not finds("pod=api-1", GROUP)


def test_what_is_typed_is_cut_into_pieces() -> None:
    wanted = wanted_of("  MINE pod, severity=~critical|high; all  label=“a b” ")
    assert (wanted.words, wanted.mine, wanted.every) == (("pod",), True, True)
    assert wanted.matchers == matchers_of('severity=~"critical|high", label="a b"')
    assert wanted.typed == "MINE pod, severity=~critical|high; all label=“a b”"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("severity=~(", "is no regular expression"),
        ("severity==x", "is no comparison"),
        ("x" * (LONGEST + 1), "longer than 200 characters"),
    ],
)
def test_what_cannot_be_read_is_refused(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        wanted_of(typed)


def test_a_group_is_theirs_to_whom_it_was_given_else_theirs_who_took_it_up() -> None:
    taken = replace(GROUP, acknowledged=TAKEN)
    given = replace(taken, assigned=GIVEN)
    assert [is_of(one, ANA) for one in (GROUP, taken, given)] == [False, True, False]
    assert [is_of(one, BO) for one in (GROUP, taken, given)] == [False, False, True]
    assert finds("mine", taken)


def test_the_service_with_the_gravest_comes_first_and_in_it_the_gravest_that_nobody_has_taken_up() -> None:
    def group(name: str, service: str | None, severity: AlertSeverity, *, taken: bool = False, late: int = 0) -> Group:
        began = GROUP.began_at + timedelta(minutes=late)
        held = TAKEN if taken else None
        return replace(
            GROUP,
            id=GroupId(name),
            service=ServiceName(service) if service else None,
            severity=severity,
            acknowledged=held,
            began_at=began,
        )

    groups = [
        group("a", None, AlertSeverity.INFO),
        group("b", "checkout", AlertSeverity.WARNING),
        group("c", "search", AlertSeverity.HIGH, taken=True),
        group("d", "search", AlertSeverity.HIGH, late=2),
        group("e", "search", AlertSeverity.HIGH, late=1),
        group("f", "checkout", AlertSeverity.CRITICAL, taken=True),
    ]
    assert [one.id for one in gravest_first(groups)] == ["f", "b", "e", "d", "c", "a"]


def test_what_is_quiet_is_counted_and_shown_when_it_is_asked_for_or_ones_own() -> None:
    quiet = replace(GROUP, hushed=Hush(by=BO, at=GROUP.opened_at), acknowledged=TAKEN, id=GroupId("b"))
    groups = (GROUP, quiet)
    assert sort_out(groups, {}, wanted_of(""), ANA) == ((GROUP,), 1)
    assert sort_out(groups, {}, wanted_of("all"), ANA) == ((GROUP, quiet), 0)
    assert sort_out(groups, {}, wanted_of("mine"), ANA) == ((quiet,), 0)


PLACE = (ChannelId("C0ALERTS"), MessageTs("1700000000.000100"))
AT = "https://acme.slack.com/archives/C0ALERTS/p1700000009000200"


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("https://acme.slack.com/archives/C0ALERTS/p1700000000000100", PLACE),
        (f"{AT}?thread_ts=1700000000.000100&cid=C0ALERTS", PLACE),
        (f"{AT}?cid=C0ALERTS&thread_ts=1700000000.000100", PLACE),
        (f"{AT}?x=1", (PLACE[0], MessageTs("1700000009.000200"))),
        ("https://acme.slack.com/archives/C0ALERTS", None),
        ("checkout", None),
    ],
)
def test_a_link_means_a_message_and_of_an_answer_the_one_that_it_answers(
    typed: str, place: tuple[ChannelId, MessageTs] | None
) -> None:
    assert message_in(typed) == place


@pytest.mark.parametrize(
    ("typed", "name"), [("0a1b2c3", "0a1b2c3"), ("#0A1B", "0a1b"), ("0a1", None), ("checkout", None)]
)
def test_a_group_is_called_by_the_first_digits_of_its_id(typed: str, name: str | None) -> None:
    assert name_in(typed) == name
    assert name_of(GROUP) == "0a1b2c3"
