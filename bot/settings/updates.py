"""With what `muster.yaml` lets the form of an update begin, a severity at a time."""

from typing import Annotated

from pydantic import AfterValidator

from bot.domain.policy import Template
from bot.settings.block import Block
from bot.settings.fields import Text

LONGEST = 1000


def _fits(value: str) -> str:
    if len(value) > LONGEST:
        raise ValueError(f"is too long to begin an update with: at most {LONGEST} characters")
    return value


Beginning = Annotated[Text, AfterValidator(_fits)]


class TemplateBlock(Block):
    """The beginnings of an update's parts."""

    happening: Beginning = ""
    impact: Beginning = ""
    doing: Beginning = ""

    def template(self) -> Template:
        """Return the domain's template."""
        return Template(happening=self.happening, impact=self.impact, doing=self.doing)
