"""What names a thing for good: a digest of what tells it apart, joined so that no two lists of parts look alike."""

import hashlib
import json
from functools import lru_cache


def digest(*parts: str) -> str:
    """Return 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@lru_cache(maxsize=16_384)  # the same series and groups are named again with every report
def short_digest(*parts: str) -> str:
    """Return 20 hexadecimal digits, enough for what is kept by the million."""
    return digest(*parts)[:20]
