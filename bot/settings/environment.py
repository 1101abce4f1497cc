"""Secrets and addresses from the environment, and only from there. A fault names the variable, never its value."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings.models import DATABASE, PAGERDUTY_API, PAGERDUTY_EVENTS, SLACK_API

ROUTING_KEY_LENGTH: Final = 32  # https://developer.pagerduty.com/docs/send-alert-event
API_TOKEN_VARIABLE: Final = "MUSTER_API_TOKEN"  # noqa: S105 - the name of a variable
DRIVERS: Final = ("sqlite+aiosqlite", "postgresql+asyncpg")


def _token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value().strip()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("holds a space or a character that no token has; copy it again")
    return SecretStr(text)


def _bot_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith(("xoxb-", "xoxe.xoxb-")):
        raise ValueError('is no bot token; it begins with "xoxb-" (your Slack app, "OAuth & Permissions")')
    return value


def _app_token(value: SecretStr) -> SecretStr:
    if not value.get_secret_value().startswith("xapp-"):
        raise ValueError('is no app-level token; it begins with "xapp-" (your Slack app, "Basic Information")')
    return value


def _routing_key(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) != ROUTING_KEY_LENGTH:
        raise ValueError(
            f"must have {ROUTING_KEY_LENGTH} characters: the integration key of an Events API v2 integration"
        )
    return value


def _address(value: str) -> str:
    """Check an address; plain http only to this computer, because a token goes with every call."""
    if _checked(value.strip()).query:
        raise ValueError('is no web address; write one that begins with "https://"')
    return value.strip().rstrip("/")


def _secret_address(value: SecretStr) -> SecretStr:
    """Check an address that is as good as a password; it may have a query, and is used as it stands."""
    text = value.get_secret_value().strip()
    _checked(text)
    return SecretStr(text)


def _checked(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError("is no web address") from None
    if parts.scheme not in {"http", "https"} or not host or port == 0 or parts.fragment or " " in address:
        raise ValueError('is no web address; write one that begins with "https://"')
    if parts.scheme == "http" and not _is_this_computer(host):
        raise ValueError("must begin with https:// (http:// only for this computer)")
    return parts


def _is_this_computer(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _database(value: str) -> str:
    try:
        driver = make_url(value.strip()).drivername
    except (ArgumentError, ValueError):
        raise ValueError("is no database URL; write one such as sqlite+aiosqlite:///muster.db") from None
    if driver not in DRIVERS:
        raise ValueError(f"must begin with {' or '.join(f'{known}://' for known in DRIVERS)}")
    return value.strip()


Token = Annotated[SecretStr, AfterValidator(_token)]
Address = Annotated[str, AfterValidator(_address)]


class Environment(BaseSettings):
    """The variables that Muster reads. One that is empty counts as not set."""

    model_config = SettingsConfigDict(env_ignore_empty=True, case_sensitive=True, extra="ignore", frozen=True)

    database_url: Annotated[str, AfterValidator(_database)] = Field(DATABASE, validation_alias="MUSTER_DATABASE_URL")
    slack_bot_token: Annotated[Token, AfterValidator(_bot_token)] = Field(validation_alias="SLACK_BOT_TOKEN")
    slack_app_token: Annotated[Token, AfterValidator(_app_token)] | None = Field(
        None, validation_alias="SLACK_APP_TOKEN"
    )
    slack_signing_secret: Token | None = Field(None, validation_alias="SLACK_SIGNING_SECRET")
    slack_api_url: Address = Field(SLACK_API, validation_alias="SLACK_API_URL")
    pagerduty_api_key: Token | None = Field(None, validation_alias="PAGERDUTY_API_KEY")
    pagerduty_routing_key: Annotated[Token, AfterValidator(_routing_key)] | None = Field(
        None, validation_alias="PAGERDUTY_ROUTING_KEY"
    )
    pagerduty_api_url: Address = Field(PAGERDUTY_API, validation_alias="PAGERDUTY_API_URL")
    pagerduty_events_url: Address = Field(PAGERDUTY_EVENTS, validation_alias="PAGERDUTY_EVENTS_URL")
    heartbeat_url: Annotated[SecretStr, AfterValidator(_secret_address)] | None = Field(
        None, validation_alias="MUSTER_HEARTBEAT_URL"
    )


class _Given(EnvSettingsSource):
    """Reads the mapping that was handed in, not the process's environment."""

    def __init__(self, settings: type[BaseSettings], environment: Mapping[str, str]) -> None:
        self._environment = {name: value for name, value in environment.items() if value.strip()}
        super().__init__(settings)

    def _load_env_vars(self) -> Mapping[str, str]:
        return self._environment


def config_path(environment: Mapping[str, str]) -> Path:
    """Return where the configuration file is: MUSTER_CONFIG, else `muster.yaml` in the working directory."""
    return Path(environment.get("MUSTER_CONFIG", "").strip() or "muster.yaml")


def read(environment: Mapping[str, str]) -> tuple[Environment | None, list[str]]:
    """Return what the environment says, and every fault in it, a line each."""

    class FromMapping(Environment):
        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
            env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
            file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return (_Given(settings_cls, environment),)

    faults = []
    found = None
    try:
        found = FromMapping()
    except ValidationError as error:
        faults += [
            f"environment {detail['loc'][0]}: {_words(detail['type'], detail.get('ctx', {}))}"
            for detail in error.errors(include_url=False, include_input=False)
        ]
    if not any(environment.get(name, "").strip() for name in ("SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")):
        faults.append(
            "environment SLACK_APP_TOKEN: is not set, nor is SLACK_SIGNING_SECRET; "
            "set the first for Socket Mode or the second for HTTP"
        )
    return found, faults


def database(environment: Mapping[str, str]) -> str:
    """Return where the database is, for what needs nothing else of the environment.

    Raises:
        ValueError: the variable does not hold a database's URL.
    """
    return _database(environment.get("MUSTER_DATABASE_URL", "").strip() or DATABASE)


def alert_tokens(environment: Mapping[str, str], variables: tuple[str, ...]) -> tuple[list[SecretStr], list[str]]:
    """Return tokens that others show us (several in a variable are parted by commas), and the faults in them."""
    tokens: list[SecretStr] = []
    faults: list[str] = []
    for variable in variables:
        for part in environment.get(variable, "").split(","):
            if not part.strip():
                continue
            try:
                tokens.append(_token(SecretStr(part)))
            except ValueError as error:
                faults.append(f"environment {variable}: {error}")
    return tokens, faults


def outgoing_token(environment: Mapping[str, str], variable: str | None) -> tuple[SecretStr | None, list[str]]:
    """Return what we show to somebody else, if anything, and the fault in it; a comma may be a part of it."""
    if variable is None:
        return None, []
    given = environment.get(variable, "").strip()
    if not given:
        return None, [f"environment {variable}: is not set"]
    try:
        return _token(SecretStr(given)), []
    except ValueError as error:
        return None, [f"environment {variable}: {error}"]


def pager_keys(
    environment: Mapping[str, str], variables: Mapping[str, str]
) -> tuple[Mapping[str, SecretStr], list[str]]:
    """Return the integration keys of who is called with their own, and the faults in them."""
    keys: dict[str, SecretStr] = {}
    faults: list[str] = []
    for callee, variable in variables.items():
        key, wrong = outgoing_token(environment, variable)
        faults += wrong
        if key:
            try:
                keys[callee] = _routing_key(key)
            except ValueError as error:
                faults.append(f"environment {variable}: {error}")
    return keys, faults


def _words(kind: str, context: Mapping[str, object]) -> str:
    match kind:
        case "missing":
            return "is not set"
        case "value_error":
            return str(context.get("error", "cannot be used"))
        case _:
            return "cannot be used"
