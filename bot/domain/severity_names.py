"""What severities are called where people and scripts write them: the gravest is SEV-1, which some houses call P0."""

from collections.abc import Mapping
from typing import Final

from bot.domain.model import Severity

SEVERITY_NAMES: Final[Mapping[str, Severity]] = {
    **{severity.value: severity for severity in Severity},
    **{f"p{severity.rank - 1}": severity for severity in Severity},
}
