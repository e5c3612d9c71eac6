"""Numbers that arrived are kept as ranges, whatever order they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from services.kit.events import seen
from tests.kit.events.stations import Station

NUMBERS = st.sets(st.integers(min_value=1, max_value=60))


def flat(spans: seen.Spans) -> set[int]:
    return {number for span in spans for number in span}


def test_neighbours_become_one_span() -> None:
    assert seen.spans([3, 1, 2, 2, 7]) == [range(1, 4), range(7, 8)]
    assert seen.spans([]) == []


@given(NUMBERS, NUMBERS)
def test_what_is_common_is_what_is_in_both(one: set[int], other: set[int]) -> None:
    common = seen.common(seen.spans(one), seen.spans(other))
    assert flat(common) == one & other
    assert common == seen.spans(one & other)


@pytest.fixture
def session(beta: Station) -> Session:
    return Session(beta.engine)


def test_what_is_missing_is_below_the_head_and_neither_seen_nor_expired(session: Session) -> None:
    with session:
        assert seen.missing(session, "alpha", head=3) == [range(1, 4)]
        seen.add(session, "alpha", [2, 5, 6])
        seen.add(session, "alpha", [9, 1])
        seen.add_expired(session, "alpha", [range(3, 4)])
        seen.add(session, "gamma", [4])
        assert seen.missing(session, "alpha", head=10) == [range(4, 5), range(7, 9), range(10, 11)]
        assert seen.missing(session, "alpha", head=2) == []
        assert seen.missing(session, "alpha", head=0) == []
        assert seen.highest(session, "alpha") == 9
        assert seen.highest(session, "nobody") == 0


def test_a_month_without_a_gap_is_one_range(session: Session, beta: Station) -> None:
    with session:
        for first in range(1, 5001, 100):
            seen.add(session, "alpha", range(first, first + 100))
        session.commit()
    assert beta.ask("SELECT numbers::text FROM inbox_seen") == "{[1,5001)}"


def test_numbers_above_a_producer_that_was_set_back_are_forgotten(session: Session) -> None:
    with session:
        seen.add(session, "alpha", [1, 2, 3, 8])
        seen.forget_above(session, "alpha", 2)
        assert seen.highest(session, "alpha") == 2
