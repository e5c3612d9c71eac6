"""What follows from the outcome of a post: it is done, it is tried again, it is refused, nobody knows.

Pure. A receiver that honours keys takes a row once however often it is posted, so a lost answer is
simply asked for again; from one that does not, a lost answer is nobody's to know.
"""

import random
from datetime import timedelta
from typing import Literal

from gateway.webhooks.posting.posts import Outcome

Verdict = Literal["done", "again", "refused", "lost"]

WAIT_SECONDS_MAX = 15 * 60.0
RETRY_AFTER_SECONDS_MAX = 60 * 60.0
_NOT_FINAL = frozenset({401, 408, 409, 425, 429})
_NOT_TAKEN = frozenset({401, 409, 425, 429, 503})
"""Answers that say: it was not taken. Other answers that are not final may come after the work was done."""


def verdict_of(outcome: Outcome, *, honours_keys: bool = True) -> Verdict:
    """What an outcome means for the row."""
    status = outcome.status
    if status is None:
        return "lost" if outcome.is_lost and not honours_keys else "again"
    if 200 <= status < 300:
        return "done"
    if status not in _NOT_FINAL and status < 500:
        return "refused"
    return "again" if honours_keys or status in _NOT_TAKEN else "lost"


def wait_of(attempt: int, outcome: Outcome) -> timedelta:
    """How long to wait after this attempt: twice as long each time, with jitter; longer if so asked."""
    grown = min(2.0 ** (min(attempt, 20) - 1), WAIT_SECONDS_MAX)
    asked = min(outcome.retry_after_seconds, RETRY_AFTER_SECONDS_MAX)
    # Jitter also on what was asked: not everybody at the same moment.
    return timedelta(seconds=max(grown, asked) * random.uniform(1, 1.5))
