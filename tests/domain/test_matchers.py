"""Label matchers: written and meant as in Alertmanager."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alerts_model import AlertSeverity
from bot.domain.matchers import Matcher, Operator, all_match, matcher_of, matchers_of, seen_labels, text_of
from bot.domain.text import clean
from tests.domain.story import reported

CHECKOUT = {"service": "checkout", "region": "eu-west-1"}
texts = st.text(max_size=40).map(clean)
operators = st.sampled_from([Operator.EQUAL, Operator.NOT_EQUAL])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("service=checkout", True),
        ("service=check", False),
        ("service!=checkout", False),
        ("service!=payments", True),
        ("region=~eu-.*", True),
        ("region=~eu", False),
        ("region=~west", False),
        ("region!~us-.*", True),
        ("region!~eu-.*", False),
        ('team=""', True),
        ("team!=payments", True),
        ("team=~.*", True),
        ("team=~.+", False),
        ("team!~.+", True),
        ('region=~"us-.*|eu-.*"', True),
    ],
)
def test_a_matcher_looks_at_the_whole_value_and_a_missing_label_is_an_empty_one(text: str, *, found: bool) -> None:
    assert matcher_of(text).matches(CHECKOUT) is found


@pytest.mark.parametrize(
    "text",
    [
        '{service="checkout", region=~"eu-.*"}',
        ' { service = "checkout" , region =~ "eu-.*" , } ',
        'service="checkout",region=~"eu-.*"',
        "{service=checkout,region=~eu-.*}",
        "{service=\u201ccheckout\u201d, region=~\u201eeu-.*\u201c}",
        '{"service"="checkout", "region"=~"eu-.*"}',
    ],
)
def test_braces_and_quotes_may_be_missing_or_be_what_slack_makes_of_them(text: str) -> None:
    expected = (Matcher("service", Operator.EQUAL, "checkout"), Matcher("region", Operator.MATCHES, "eu-.*"))
    assert matchers_of(text) == expected
    assert text_of(expected) == '{service="checkout", region=~"eu-.*"}'


def test_quotes_hold_commas_braces_and_escapes() -> None:
    (found,) = matchers_of(r'title="a, \"b\" {c}\n\td\\e=f"')
    assert found.value == 'a, "b" {c}\n\td\\e=f'


def test_a_regular_expression_needs_no_second_backslash() -> None:
    assert matcher_of(r'host=~"web-\d+\.example"').matches({"host": "web-17.example"})
    assert matcher_of(r"host=~web-\d+").matches({"host": "web-17"})


@given(name=texts.filter(bool), value=texts, operator=operators)
def test_a_matcher_is_read_as_it_was_written(name: str, value: str, operator: Operator) -> None:
    matcher = Matcher(name, operator, value)
    assert matchers_of(str(matcher)) == (matcher,)
    assert matchers_of(text_of([matcher, matcher])) == (matcher, matcher)


@given(text=st.text(alphabet='abc ="\\{}!~,|.*()[]?+\u201c\n', max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        found = matchers_of(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - most of these texts are refused, and none need be
    else:
        assert matchers_of(text_of(found)) == found


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no matcher stands there"),
        ("{}", "no matcher stands there"),
        ("checkout", "after 'checkout' one of = != =~ !~ is missing"),
        ("=checkout", "'=checkout' does not begin with a label"),
        ('""="x"', "does not begin with a label"),
        ("a" * 257 + "=x", "a label's name has 1 to 256 characters"),
        ("service==checkout", "== is no comparison"),
        ("service=~~x", "=~~ is no comparison"),
        ("service=a region=b", "'region=b' follows a matcher; put a comma between matchers"),
        ("service=two words", "'words' follows a matcher; put a comma between matchers, quotes around values"),
        ('service="checkout', "quotes that begin at '\"checkout' are not closed"),
        ("{service=checkout", "a } is missing at the end"),
        ("{service=checkout} for 2h", "'for 2h' follows the }"),
        ("service=checkout}", "'}' follows a matcher"),
        ("service=~(", "is no regular expression"),
        ("service=~(a+)+", "could take very long"),
        ("a=b," * 21, "more than 20 matchers"),
        ("a=" + "b" * 5_000, "longer than 4,000 characters"),
        ("a=" + "b" * 1_025, "the value for 'a' is longer than 1,024 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_and_told(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        matchers_of(text)


def test_where_one_matcher_is_wanted_two_are_refused() -> None:
    with pytest.raises(ValueError, match="is 2 matchers; write one here"):
        matcher_of("a=b,c=d")


def test_all_matchers_must_match_and_none_mean_everything() -> None:
    assert all_match(matchers_of("service=checkout,region=~eu.*"), CHECKOUT)
    assert not all_match(matchers_of("service=checkout,region=us"), CHECKOUT)
    assert all_match((), CHECKOUT)


def test_matchers_see_the_labels_and_who_told_the_alert_its_name_and_its_severity_on_our_scale() -> None:
    report = reported(labels={"service": "checkout", "severity": "page"}, severity=AlertSeverity.CRITICAL)
    assert seen_labels(report) == {
        "service": "checkout",
        "alertname": "CheckoutErrorBudgetBurn",
        "source": "alertmanager",
        "integration": "default",
        "severity": "critical",
    }


def test_an_alert_keeps_the_name_that_it_has_and_a_severity_that_is_not_given_is_seen_as_unknown() -> None:
    seen = seen_labels(reported(labels={"alertname": "Burn"}, severity=AlertSeverity.UNKNOWN))
    assert (seen["alertname"], seen["severity"]) == ("Burn", "unknown")
