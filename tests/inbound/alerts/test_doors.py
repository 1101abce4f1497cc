"""What each source sends comes in at its own door, by each way in which that source may prove who it is."""

import pytest

from bot.domain.ids import SourceName
from bot.inbound.alerts import SOURCES
from bot.inbound.authentication import AMAZON_SNS, RECIPIENT, SECRET_PATH, Way
from tests.inbound.border import TOKEN, Border
from tests.inbound.test_authentication import KINDS

# Amazon signs with a key that nobody else has: tests/inbound/test_amazon_sns.py has one of its own.
# E-mails have another door: tests/inbound/test_smtp.py.
ELSEWHERE = (AMAZON_SNS, RECIPIENT)
DOORS = [(name, way) for name, source in SOURCES.items() for way in source.authentication if way not in ELSEWHERE]


@pytest.mark.parametrize(
    ("name", "way"), DOORS, ids=lambda part: type(part).__name__ if isinstance(part, Way) else part
)
async def test_what_a_source_sends_is_accepted_whole_and_kept_as_what_it_was_read_as(
    name: SourceName, way: Way
) -> None:
    source, border = SOURCES[name], Border(tokens={name: (TOKEN,)})
    show = next((kind.show for kind in KINDS.values() if kind.way == way), None)
    headers = show(TOKEN, source.sample) if show else {}
    path = f"/alerts/{name}/{TOKEN}" if way == SECRET_PATH else f"/alerts/{name}"
    async with border.client() as client:
        answer = await client.post(path, content=source.sample, headers=dict(headers))
    assert answer.status_code == 202
    assert answer.json() == {"accepted": len(source.parse(source.sample))}
    assert [source.parse(kept.body) for kept in border.shelf.kept] == [source.parse(source.sample)]
