"""Which of a producer's numbers have arrived here: what is contiguous is one range, whatever its length.

Every number is noted, also of events that nobody here reads, so that a gap means a lost message.
Numbers that the producer no longer keeps are set apart as `expired`: nobody can apply them.
"""

from collections.abc import Iterable
from typing import Any

from psycopg.types.multirange import Multirange
from psycopg.types.range import Range
from sqlalchemy import text
from sqlalchemy.orm import Session

from services.kit.db import raw

Spans = list[range]
"""Numbers, as ascending ranges that do not touch."""


def spans(numbers: Iterable[int]) -> Spans:
    """Numbers in any order as spans: 1, 2, 3, 7 is `[range(1, 4), range(7, 8)]`."""
    found: Spans = []
    for number in sorted(set(numbers)):
        if found and found[-1].stop == number:
            found[-1] = range(found[-1].start, number + 1)
        else:
            found.append(range(number, number + 1))
    return found


def add(session: Session, producer: str, numbers: Iterable[int]) -> None:
    """Note that these numbers have arrived. Locks the producer's row until the commit: do it last."""
    _add(session, producer, "numbers", spans(numbers))


def add_expired(session: Session, producer: str, numbers: Spans) -> None:
    """Note that the producer no longer keeps these numbers."""
    _add(session, producer, "expired", numbers)


def highest(session: Session, producer: str) -> int:
    """The highest number that has arrived; 0 if none has."""
    found = session.execute(
        text("SELECT upper(numbers) - 1 FROM inbox_seen WHERE producer = :producer"), {"producer": producer}
    ).scalar_one_or_none()
    return int(found or 0)


def missing(session: Session, producer: str, *, head: int) -> Spans:
    """The numbers up to `head` that have neither arrived nor expired."""
    found = raw(session).execute(
        "SELECT int8multirange(int8range(1, %s)) - coalesce("
        "  (SELECT numbers + expired FROM inbox_seen WHERE producer = %s), '{}')",
        [head + 1, producer],
    )
    absent: Any = found.fetchall()[0][0]
    return [range(span.lower, span.upper) for span in absent]


def forget_above(session: Session, producer: str, number: int) -> None:
    """Forget the numbers above one: the producer's database was set back and will give them again."""
    session.execute(
        text(
            "UPDATE inbox_seen SET numbers = numbers * int8multirange(int8range(1, :end)),"
            " expired = expired * int8multirange(int8range(1, :end)) WHERE producer = :producer"
        ),
        {"producer": producer, "end": number + 1},
    )


def common(one: Spans, other: Spans) -> Spans:
    """The numbers that are in both."""
    found: Spans = []
    ones, others = list(one), list(other)
    while ones and others:
        start, stop = max(ones[0].start, others[0].start), min(ones[0].stop, others[0].stop)
        if start < stop:
            found.append(range(start, stop))
        ends_first = ones if ones[0].stop <= others[0].stop else others
        ends_first.pop(0)
    return found


def _add(session: Session, producer: str, column: str, numbers: Spans) -> None:
    if not numbers:
        return
    added: Any = Multirange([Range(span.start, span.stop) for span in numbers])
    raw(session).execute(
        f"INSERT INTO inbox_seen AS known (producer, {column}) VALUES (%s, %s::int8multirange)"
        f" ON CONFLICT (producer) DO UPDATE SET {column} = known.{column} + excluded.{column}",
        [producer, added],
    )
