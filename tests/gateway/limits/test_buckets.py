"""Token buckets: a burst passes, then only as much as flows in."""

import pytest

from gateway.limits import buckets
from gateway.limits.buckets import Buckets
from services.kit.problems import TooManyRequests


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in its one element."""
    time = [1_000.0]
    monkeypatch.setattr("time.monotonic", lambda: time[0])
    return time


def passed(bucket: Buckets, asker: str, times: int) -> int:
    count = 0
    for _ in range(times):
        try:
            bucket.take(asker)
            count += 1
        except TooManyRequests:
            pass
    return count


def test_a_burst_passes_and_then_the_steady_rate(clock: list[float]) -> None:
    bucket = Buckets(per_second=2, size=5)
    assert passed(bucket, "a", 10) == 5
    clock[0] += 1
    assert passed(bucket, "a", 10) == 2
    clock[0] += 60
    assert passed(bucket, "a", 10) == 5, "no more than the bucket holds"


def test_askers_do_not_share(clock: list[float]) -> None:
    bucket = Buckets(per_second=1, size=1)
    assert [passed(bucket, asker, 3) for asker in "abc"] == [1, 1, 1]


def test_the_refusal_tells_how_long_to_wait(clock: list[float]) -> None:
    bucket = Buckets(per_second=0.25, size=1)
    bucket.take("a")
    with pytest.raises(TooManyRequests) as refused:
        bucket.take("a")
    assert refused.value.headers == {"Retry-After": "4"}
    clock[0] += 4
    bucket.take("a")


def test_being_refused_does_not_make_the_wait_longer(clock: list[float]) -> None:
    bucket = Buckets(per_second=1, size=1)
    bucket.take("a")
    for _ in range(10):
        clock[0] += 0.1
        passed(bucket, "a", 1)
    clock[0] += 0.1
    assert passed(bucket, "a", 1) <= 1
    assert passed(bucket, "a", 5) == 0


def test_memory_is_bounded(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "_ASKERS_MAX", 3)
    bucket = Buckets(per_second=1, size=1)
    for asker in "abcd":
        bucket.take(asker)
    assert len(bucket._levels) == 3
