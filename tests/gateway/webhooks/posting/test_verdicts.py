"""What the outcome of a post means, and how long to wait after it."""

import pytest

from gateway.webhooks.posting import Outcome, verdict_of, wait_of
from gateway.webhooks.posting.verdicts import RETRY_AFTER_SECONDS_MAX, WAIT_SECONDS_MAX


@pytest.mark.parametrize(
    ("outcome", "verdict", "without_keys"),
    [
        (Outcome(200), "done", "done"),
        (Outcome(202), "done", "done"),
        (Outcome(204), "done", "done"),
        (Outcome(301), "refused", "refused"),
        (Outcome(400), "refused", "refused"),
        (Outcome(401), "again", "again"),
        (Outcome(403), "refused", "refused"),
        (Outcome(404), "refused", "refused"),
        (Outcome(408), "again", "lost"),
        (Outcome(409), "again", "again"),
        (Outcome(410), "refused", "refused"),
        (Outcome(422), "refused", "refused"),
        (Outcome(425), "again", "again"),
        (Outcome(429), "again", "again"),
        (Outcome(500), "again", "lost"),
        (Outcome(502), "again", "lost"),
        (Outcome(503), "again", "again"),
        (Outcome(504), "again", "lost"),
        (Outcome(error="ConnectError"), "again", "again"),
        (Outcome(is_lost=True, error="ReadTimeout"), "again", "lost"),
    ],
)
def test_an_outcome_has_its_verdict(outcome: Outcome, verdict: str, without_keys: str) -> None:
    assert verdict_of(outcome) == verdict
    assert verdict_of(outcome, honours_keys=False) == without_keys


def test_waits_grow_up_to_a_limit_and_are_not_all_the_same() -> None:
    for attempt, seconds in (
        (1, 1),
        (2, 2),
        (5, 16),
        (10, 512),
        (11, WAIT_SECONDS_MAX),
        (30_000, WAIT_SECONDS_MAX),
    ):
        waits = {wait_of(attempt, Outcome(500)).total_seconds() for _ in range(50)}
        assert len(waits) > 10
        assert seconds <= min(waits)
        assert max(waits) <= 1.5 * seconds


def test_a_receiver_may_ask_for_a_longer_wait_but_not_for_ever() -> None:
    asked = wait_of(1, Outcome(503, retry_after_seconds=120)).total_seconds()
    assert 120 <= asked <= 180
    for_ever = wait_of(1, Outcome(429, retry_after_seconds=99_999)).total_seconds()
    assert for_ever <= 1.5 * RETRY_AFTER_SECONDS_MAX
