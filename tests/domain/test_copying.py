"""Our quick `replace` makes the same as the standard one, of everything there is in the domain."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.domain
from bot.domain.copying import replace
from bot.domain.groups_model import News
from bot.domain.matchers import Matcher, Operator


def kinds() -> Iterator[type[Any]]:
    """Yield every dataclass of the domain whose constructor takes whatever it is given."""
    for found in pkgutil.iter_modules(bot.domain.__path__):
        module = importlib.import_module(f"bot.domain.{found.name}")
        for kind in vars(module).values():
            is_ours = isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
            if is_ours and not hasattr(kind, "__post_init__"):
                yield kind


KINDS = sorted(kinds(), key=lambda kind: kind.__name__)


@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_it_makes_what_the_standard_one_makes(data: st.DataObject, kind: type[Any]) -> None:
    names = [field.name for field in dataclasses.fields(kind)]
    value = kind(**{name: f"the {name} before" for name in names})
    changes = {
        name: f"the {name} after" for name in data.draw(st.sets(st.sampled_from(names)) if names else st.just(()))
    }
    changed = replace(value, **changes)
    assert changed == dataclasses.replace(value, **changes)
    assert type(changed) is kind
    assert value == kind(**{name: f"the {name} before" for name in names})


def test_what_a_constructor_works_out_is_worked_out_again() -> None:
    matcher = Matcher("pod", Operator.MATCHES, "a.*")
    assert replace(matcher, value="b.*").matches({"pod": "bc"})


def test_what_a_constructor_refuses_is_refused() -> None:
    with pytest.raises(ValueError, match="1 to"):
        replace(Matcher("pod", Operator.EQUAL, "a"), name="")


def test_a_field_that_there_is_not_is_an_error() -> None:
    change: dict[str, Any] = {"colour": "red"}
    with pytest.raises(TypeError, match="News has no field colour"):
        replace(News(), **change)
