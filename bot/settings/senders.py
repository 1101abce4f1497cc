"""Who may hand in alerts: each integration of a source with its secrets, read from the environment.

An integration is told by its secret, so no two of a source may have the same one.
"""

from collections.abc import Iterator, Mapping

from bot.domain.model import SourceName
from bot.inbound.authentication import DEFAULT_INTEGRATION, Integration
from bot.settings.environment import alert_tokens
from bot.settings.models import SourceSettings


def senders_of(
    name: SourceName, source: SourceSettings, environment: Mapping[str, str]
) -> tuple[tuple[Integration, ...], list[str]]:
    """Return the integrations of a source that are on, and every fault in what the environment says of them."""
    if source.enabled is False:
        return (), []
    found: list[Integration] = []
    wrong: list[str] = []
    for integration, variables in source.token_variables.items():
        tokens, faults = alert_tokens(environment, variables)
        secrets = tuple(token.get_secret_value() for token in tokens)
        where = f"sources.{name}" + ("" if integration == DEFAULT_INTEGRATION else f".integrations.{integration}")
        wrong += faults
        wrong += _doubled(variables, secrets, found)
        if secrets:
            found.append(Integration(name=integration, secrets=secrets))
        elif source.enabled and not faults:
            wrong.append(f"environment {' or '.join(variables)}: is not set, but {where} is enabled")
    return tuple(found), wrong


def _doubled(variables: tuple[str, ...], secrets: tuple[str, ...], others: list[Integration]) -> Iterator[str]:
    for other in others:
        if set(secrets) & set(other.secrets):
            yield f"environment {variables[0]}: has a token of {other.name} too; each integration needs its own"
