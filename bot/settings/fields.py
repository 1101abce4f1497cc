"""The kinds of value that `muster.yaml` holds, each with a fault that says what to write instead."""

import re
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, PlainValidator

from bot.domain.matchers import Matcher, matchers_of
from bot.domain.mirroring import Sharing
from bot.domain.patterns import compiled
from bot.domain.silent import NEVER
from bot.domain.spans import span_of
from bot.inbound.amazon_sns import TOPIC
from bot.inbound.authentication import DEFAULT_INTEGRATION
from bot.inbound.mapping import Path, Paths, path_of
from bot.settings.faults import quoted

LONGEST_WAIT = timedelta(days=30)
SHORTEST_SILENCE = timedelta(minutes=1)
LONGEST_TEXT = 3000
LONGEST_NAME = 100

# https://docs.slack.dev/reference/objects/user-object: U… or, in Enterprise Grid, W…
USER = re.compile("[UW][A-Z0-9]{2,20}")
_CHANNEL_ID = re.compile("[CG][A-Z0-9]{2,20}")
_CHANNEL_NAME = re.compile(r"#?[^\W_A-Z][\w-]{0,79}")
_PREFIX = re.compile("[a-z0-9][a-z0-9_-]{0,19}")
_POLICY = re.compile("[A-Z0-9]{5,20}")
_INTEGRATION = re.compile("[a-z0-9][a-z0-9_-]{0,39}")
_HEADER = re.compile("[A-Za-z][A-Za-z0-9-]{0,75}")
_VARIABLE = re.compile("[A-Z][A-Z0-9_]{2,80}")


def duration(value: object) -> timedelta:
    """Read "90s", "10m", "1h30m", "1d".

    Raises:
        ValueError: it is none, or not between one second and thirty days.
    """
    if not isinstance(value, str):
        raise ValueError('must be a duration such as "10m", "1h30m" or "1d"')  # noqa: TRY004 - pydantic's way to refuse
    given = span_of(value)
    if given is None:
        raise ValueError(f'{quoted(value)} is no duration; write it as "10m", "1h30m" or "1d"')
    if not timedelta(0) < given <= LONGEST_WAIT:
        raise ValueError(f"{quoted(value)} is out of range: more than nothing, at most 30d")
    return given


def silence(value: object) -> timedelta:
    """Read how long a sender may say nothing of an alert, or "never".

    Raises:
        ValueError: it is neither, or shorter than a minute.
    """
    if value == "never":
        return NEVER
    given = duration(value)
    if given < SHORTEST_SILENCE:
        raise ValueError('must be at least "1m", or "never"')
    return given


def pattern(value: object) -> re.Pattern[str]:
    """Read a regular expression; it is matched against a whole value, so it needs no ^ and $.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str) or not value:
        shown = f": {quoted(str(value))}" if isinstance(value, int | float) and not isinstance(value, bool) else ""
        raise ValueError(f"must be text, a regular expression, in quotes{shown}")
    return compiled(value)


def _user(value: str) -> str:
    if not USER.fullmatch(value):
        raise ValueError(
            f'{quoted(value)} is no Slack user id; write one such as "U024BE7LH" (profile in Slack, "Copy member ID")'
        )
    return value


def _channel(value: str) -> str:
    if not (_CHANNEL_ID.fullmatch(value) or (_CHANNEL_NAME.fullmatch(value) and value == value.lower())):
        raise ValueError(
            f'{quoted(value)} is no Slack channel; write a name such as "alerts" (lower case, no spaces) or an id'
        )
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = (
            parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>|\x00-\x1f]", value)
        )
    except ValueError:
        usable = False
    if not usable or len(value) > LONGEST_TEXT:
        raise ValueError(f'{quoted(value)} is no web address; write one that begins with "https://"')
    return value


def web_addresses(value: object) -> tuple[str, ...]:
    """Read a list of web addresses, or one; without a user's name and password, which belong into the environment.

    Raises:
        ValueError: something else stands there.
    """
    found = []
    for one in value if isinstance(value, list) and value else [value]:
        if not isinstance(one, str):
            raise ValueError("must be a web address or a list of them")  # noqa: TRY004 - pydantic's way to refuse
        if "@" in urlsplit(_web_address(one)).netloc:
            raise ValueError("must not hold a password; name its variable with token_env, and the user with user")
        found.append(one.rstrip("/"))
    return tuple(found)


def sharing(value: object) -> Sharing:
    """Read whose silences count for whom.

    Raises:
        ValueError: something else stands there.
    """
    try:
        return Sharing(str(value))
    except ValueError:
        raise ValueError(
            "must be both (Muster's silences are made there, too), read (only theirs count here) or off"
        ) from None


def _prefix(value: str) -> str:
    if not _PREFIX.fullmatch(value):
        raise ValueError(f'{quoted(value)} cannot begin a channel name; use a-z, 0-9, "-" and "_", at most 20')
    return value


def _policy(value: str) -> str:
    if not _POLICY.fullmatch(value):
        raise ValueError('is no PagerDuty id; write the end of the escalation policy\'s address, such as "PT20YPA"')
    return value


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("is empty")
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"longer than {LONGEST_TEXT} characters")
    return value.strip()


def _service(value: str) -> str:
    if len(value) > LONGEST_NAME:
        raise ValueError(f"longer than {LONGEST_NAME} characters")
    return value


def variables(value: object) -> tuple[str, ...]:
    """Read the name of an environment variable, or a list of them. A wrong one is not repeated: it may be the token.

    Raises:
        ValueError: something else stands there.
    """
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) and _VARIABLE.fullmatch(name) for name in names):
        raise ValueError(
            "must be the name of an environment variable such as MUSTER_ALERTS_TOKEN (or a list), not the token itself"
        )
    return tuple(names)


def variable(value: object) -> str:
    """Read the name of one environment variable; raises as `variables`."""
    (name,) = variables([value])
    return name


def _integration(value: str) -> str:
    if not _INTEGRATION.fullmatch(value):
        raise ValueError(f'{quoted(value)} cannot name an integration; use a-z, 0-9, "-" and "_", at most 40')
    if value == DEFAULT_INTEGRATION:
        raise ValueError("is the sender whose token_env stands beside `integrations`; write it there")
    return value


def topics(value: object) -> tuple[str, ...]:
    """Read a list of topics of Amazon SNS, or one.

    Raises:
        ValueError: something else stands there.
    """
    names = value if isinstance(value, list) else [value]
    for name in names:
        if not isinstance(name, str) or not TOPIC.fullmatch(name):
            raise ValueError(
                f"{quoted(str(name))} is no topic's ARN; write such as arn:aws:sns:eu-west-1:123456789012:alarms"
            )
    return tuple(names)


def header(value: object) -> str:
    """Read the name of an e-mail's header.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str) or not _HEADER.fullmatch(value):
        raise ValueError('must be the name of a header, such as "X-Alert-Id"')
    return value.lower()


def headers(value: object) -> tuple[str, ...]:
    """Read the names of headers, or one."""
    return tuple(header(one) for one in (value if isinstance(value, list) else [value]))


def matchers(value: object) -> tuple[Matcher, ...]:
    """Read label matchers.

    Raises:
        ValueError: there are none, or something else stands there.
    """
    if not isinstance(value, str):
        raise ValueError("must be matchers such as 'alertname=\"Watchdog\"', in quotes")  # noqa: TRY004 - pydantic's way to refuse
    return matchers_of(value)


def path(value: object) -> Path:
    """Read where something stands in JSON.

    Raises:
        ValueError: it is no path.
    """
    if not isinstance(value, str):
        raise ValueError('must be a path such as "check.name", in quotes')  # noqa: TRY004 - pydantic's way to refuse
    return path_of(value)


def paths(value: object) -> Paths:
    """Read a path, or a list of them."""
    return tuple(path(one) for one in (value if isinstance(value, list) else [value]))


def labels(value: object) -> Paths | dict[str, Paths]:
    """Read where an object with labels stands, or where each of them does."""
    return {name: paths(one) for name, one in value.items()} if isinstance(value, dict) else paths(value)


def values(value: object) -> frozenset[str]:
    """Read words that a sender says, or one; how they are written does not matter.

    Raises:
        ValueError: one is a list or a mapping, or there is none.
    """
    given = value if isinstance(value, list) else [value]
    if not given or not all(isinstance(one, str | bool | int) for one in given):
        raise ValueError('must be a word or a list of words, such as ["ok", "closed"]')
    return frozenset(str(one).strip().lower() for one in given)


Duration = Annotated[timedelta, BeforeValidator(duration)]
Silence = Annotated[timedelta, BeforeValidator(silence)]
Pattern = Annotated[re.Pattern[str], BeforeValidator(pattern)]
User = Annotated[str, AfterValidator(_user)]
Channel = Annotated[str, AfterValidator(_channel)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
WebAddresses = Annotated[tuple[str, ...], BeforeValidator(web_addresses)]
Silences = Annotated[Sharing, PlainValidator(sharing)]
Prefix = Annotated[str, AfterValidator(_prefix)]
EscalationPolicy = Annotated[str, AfterValidator(_policy)]
Text = Annotated[str, AfterValidator(_text)]
Service = Annotated[Text, AfterValidator(_service)]
IntegrationName = Annotated[str, AfterValidator(_integration)]
JsonPath = Annotated[Path, BeforeValidator(path)]
JsonPaths = Annotated[Paths, BeforeValidator(paths)]
JsonLabels = Annotated[Paths | dict[str, Paths], BeforeValidator(labels)]
Values = Annotated[frozenset[str], BeforeValidator(values)]
Topics = Annotated[tuple[str, ...], BeforeValidator(topics)]
Matchers = Annotated[tuple[Matcher, ...], PlainValidator(matchers)]
Header = Annotated[str, BeforeValidator(header)]
Headers = Annotated[tuple[str, ...], BeforeValidator(headers)]
Variable = Annotated[str, BeforeValidator(variable)]
Variables = Annotated[tuple[str, ...], BeforeValidator(variables)]
