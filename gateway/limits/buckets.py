"""Token buckets: each asker's fills at a steady rate, and each request takes one drop.

They live in the process. Several gateway processes count for themselves, so together they let
through as many times the rate; an exact limit for all of them belongs to the proxy before them.
"""

import math
import threading
import time
from collections import OrderedDict
from functools import lru_cache

from gateway.settings import settings
from services.kit.problems import TooManyRequests

_ASKERS_MAX = 20_000


class Buckets:
    """One bucket for each asker, full at first; the longest unused are forgotten (and full again)."""

    def __init__(self, per_second: float, size: float) -> None:
        self.per_second = per_second
        self.size = size
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, asker: str) -> None:
        """Take one drop. Raises TooManyRequests, which says when there will be one again."""
        now = time.monotonic()
        with self._lock:
            level, at = self._levels.pop(asker, (self.size, now))
            level = min(self.size, level + (now - at) * self.per_second)
            allowed = level >= 1
            self._levels[asker] = (level - 1 if allowed else level, now)
            if len(self._levels) > _ASKERS_MAX:
                self._levels.popitem(last=False)
        if not allowed:
            raise TooManyRequests(max(1, math.ceil((1 - level) / self.per_second)))


@lru_cache
def requests() -> Buckets:
    """By principal: everything that is asked with a token."""
    rate = settings().requests_per_second
    return Buckets(rate, 2 * rate)


@lru_cache
def openings() -> Buckets:
    """By address: what is asked with no token, or with one that must be checked first."""
    rate = settings().openings_per_second
    return Buckets(rate, 10 * rate)


@lru_cache
def guesses() -> Buckets:
    """By address: passwords and one-time codes."""
    return Buckets(per_second=1, size=30)
