"""Checks across two databases: what one part has, another must have too, once the events are through.

Rows are compared as keys, in buckets whose sums must agree, so that only what differs leaves the databases:
a million members cost two sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString

from deploy.verify.checks import Check, Finding, Snapshots

_SUMS: LiteralString = """
    SELECT hashtext(key) & 1023 AS bucket, count(*), sum(hashtextextended(key, 0)::numeric)
    FROM (SELECT DISTINCT key FROM ({query}) keyed) side GROUP BY bucket
"""
_KEYS: LiteralString = """
    SELECT DISTINCT key, at FROM ({query}) side WHERE hashtext(key) & 1023 = ANY(%(buckets)s)
"""


@dataclass(frozen=True)
class Side:
    """One part's rows: a query of `key`, in words that name the row, and `at`, when it was made, or null."""

    part: str
    query: LiteralString
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """How many rows there are on the left, and which are missing on the right."""

    checked: int
    missing: list[tuple[str, datetime | None]]


def compare(snapshots: Snapshots, left: Side, right: Side) -> Difference:
    """The left side's rows that the right side lacks."""
    ours, theirs = _sums(snapshots, left), _sums(snapshots, right)
    differing = [bucket for bucket, sums in ours.items() if theirs.get(bucket) != sums]
    checked = sum(count for count, _ in ours.values())
    if not differing:
        return Difference(checked, [])
    known = {key for key, _ in _keys(snapshots, right, differing)}
    missing = [(key, at) for key, at in _keys(snapshots, left, differing) if key not in known]
    return Difference(checked, sorted(missing, key=lambda row: row[0]))


def _sums(snapshots: Snapshots, side: Side) -> dict[int, tuple[int, Any]]:
    query = _SUMS.replace("{query}", side.query)
    return {bucket: (count, sums) for bucket, count, sums in snapshots.rows(side.part, query, side.given)}


def _keys(snapshots: Snapshots, side: Side, buckets: list[int]) -> list[tuple[str, datetime | None]]:
    query = _KEYS.replace("{query}", side.query)
    given = {**side.given, "buckets": buckets}
    return [(key, at) for key, at in snapshots.rows(side.part, query, given)]


def on_its_way_since(snapshots: Snapshots, producer: str, consumer: str) -> datetime | None:
    """When the oldest event happened that has not taken effect at its consumer; None if all have."""
    seen = snapshots.rows(
        consumer,
        "SELECT (numbers + expired)::text FROM inbox_seen WHERE producer = %(producer)s",
        {"producer": producer},
    )
    failed = snapshots.rows(
        consumer,
        "SELECT number FROM dead_letters WHERE producer = %(producer)s AND number IS NOT NULL",
        {"producer": producer},
    )
    oldest: datetime | None = snapshots.value(
        producer,
        """
        SELECT min(occurred_at) FROM outbox
        WHERE number IS NULL OR NOT number <@ %(seen)s::int8multirange OR number = ANY(%(failed)s::bigint[])
        """,
        {"seen": seen[0][0] if seen else "{}", "failed": [number for (number,) in failed]},
    )
    return oldest


def arrives(
    invariant: int, title: str, left: Side, right: Side, *, producer: str, consumer: str, lacks: str
) -> Check:
    """A check that all of the left side is on the right side, or that its event is still on its way.

    With events on their way, a row is pending unless it was made before the oldest of them; and so is one
    that was made after the other part's snapshot.
    """

    def check(snapshots: Snapshots) -> Finding:
        found = compare(snapshots, left, right)
        since = on_its_way_since(snapshots, producer, consumer) if found.missing else None
        before = snapshots.taken_at[right.part] if since is None else since
        offending = [
            f"{key}: {lacks}"
            for key, at in found.missing
            if (at is None and since is None) or (at is not None and at < before)
        ]
        return Finding(invariant, title, found.checked, offending, len(found.missing) - len(offending))

    return check
