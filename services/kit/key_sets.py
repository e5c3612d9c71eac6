"""Idempotency keys by the set, for paths that commit many requests at once (see `kit.idempotency`).

Each wanted key names the id that its result will have. The keys are taken by a statement that can be
sent together with the work: the work then looks for keys that name its own ids, and does the rest not
again. Whether a key was used before is asked afterwards, and seldom.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.kit.idempotency import Key, KeyReused


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to take for a result whose id is known beforehand."""

    key: Key
    content_hash: bytes
    result_id: UUID


def take(connection: Connection[Any], wanted: Sequence[Wanted]) -> None:
    """Take those of these keys (all different) that are free; fit for a pipeline.

    Raises psycopg's LockNotAvailable while a request with one of the keys is still running.
    """
    connection.execute("SET LOCAL lock_timeout = '2s'")
    connection.execute(_TAKE, _columns(wanted), prepare=True)
    connection.execute("SET LOCAL lock_timeout = '10s'")


def results(connection: Connection[Any], wanted: Sequence[Wanted]) -> list[UUID | KeyReused | None]:
    """What each key stands for now: a result's id, KeyReused for other content, None if it is free."""
    rows = connection.execute(_KNOWN, _columns(wanted), prepare=True).fetchall()
    known = {Key(*row[:3]): (bytes(row[3]), row[4]) for row in rows}
    return [_result(one, known.get(one.key)) for one in wanted]


def _result(wanted: Wanted, known: tuple[bytes, UUID] | None) -> UUID | KeyReused | None:
    if known is None:
        return None
    content_hash, result_id = known
    if content_hash != wanted.content_hash:
        return KeyReused("Use a new Idempotency-Key for another request.")
    return result_id


def _columns(wanted: Sequence[Wanted]) -> dict[str, Any]:
    return {
        "clients": [one.key.client for one in wanted],
        "routes": [one.key.route for one in wanted],
        "keys": [one.key.key for one in wanted],
        "hashes": [one.content_hash for one in wanted],
        "results": [one.result_id for one in wanted],
    }


# In order of the key, so that two sets with keys in common wait for each other and never in a ring.
_TAKE = """
INSERT INTO idempotency_keys (client, route, key, content_hash, result_id)
SELECT * FROM unnest(%(clients)s::uuid[], %(routes)s::text[], %(keys)s::text[], %(hashes)s::bytea[],
                     %(results)s::uuid[]) AS wanted (client, route, key, content_hash, result_id)
ORDER BY client, route, key
ON CONFLICT DO NOTHING
"""

_KNOWN = """
SELECT known.client, known.route, known.key, known.content_hash, known.result_id
FROM idempotency_keys known
JOIN unnest(%(clients)s::uuid[], %(routes)s::text[], %(keys)s::text[]) AS wanted (client, route, key)
    USING (client, route, key)
"""
