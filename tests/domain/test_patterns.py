"""Regular expressions of people: what Alertmanager reads too, and nothing that takes long."""

import pytest

from bot.domain.patterns import LONGEST_PATTERN, compiled

LONGEST_VALUE = "a" * 1_024


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("db-.*", "db-eu"),
        ("(eu|us)-(?:prod|stage)-[0-9]{1,3}", "us-stage-12"),
        ("(?i)checkout", "Checkout"),
        ("(?i:c)heckout(?P<number>[0-9]?)", "Checkout"),
        (r"[]\]x]+\.\d*?", "]x].5"),
        (".*error.*budget.*", "the error budget is gone"),
        ("(ab|cd){2}", "abcd"),
        ("a{2,}", "aaa"),
        ("a{b}", "a{b}"),
        ("(?s-i:a.b)", "a\nb"),
        ("", ""),
    ],
)
def test_an_expression_that_alertmanager_reads_is_read(text: str, value: str) -> None:
    assert compiled(text).fullmatch(value)


@pytest.mark.parametrize(
    "text",
    [
        "(a+)+",
        "(a|a)*b",
        "(a?){40}a",
        "a?" * 40 + "a" * 40,
        ".*" * 4 + "b",
        "(a|a)" * 40 + "b",
        "((a{0,9}){0,9}){0,9}b",
        "(?:(?:a*))*b",
        "(.*,)*",
    ],
)
def test_one_with_more_ways_than_there_is_time_for_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="could take very long"):
        compiled(text)


@pytest.mark.parametrize("text", ["[ab]*[ab]*[ab]*", ".*a.*a.*", "a?" * 5 + ".*.*b", "a|b*|c{1,9}d*"])
def test_one_that_is_taken_ends_on_the_longest_value(text: str) -> None:
    assert not compiled(text).fullmatch(LONGEST_VALUE + "-") or text.endswith(".*")


@pytest.mark.parametrize("text", ["(?=a)a", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", "(?P<x>a)(?P=x)", "(?#a)a"])
def test_what_re2_does_not_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Alertmanager does not read"):
        compiled(text)


@pytest.mark.parametrize("text", ["a++", "a{1,2}+", "(?>a)", "(?x) a", "(?a)a", "a{,3}", r"a\Z"])
def test_what_only_python_reads_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Alertmanager does not read"):
        compiled(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(a", r'"\(a" is no regular expression: missing \), unterminated subpattern at position 0'),
        ("[[:alpha:]]", "is no regular expression"),
        ("a{4294967296}", "is no regular expression"),
        ("a{1001}", "repeats more than 1,000 times"),
        ("a" * (LONGEST_PATTERN + 1), "longer than 1000 characters"),
        ("(" * 21 + ")" * 21, "more than 20 parentheses within each other"),
    ],
)
def test_what_cannot_be_used_is_refused_and_told(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        compiled(text)
