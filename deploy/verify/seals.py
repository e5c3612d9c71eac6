"""Invariant 1, seals: the chain over ledger and audit rows is unbroken, reckoned here anew."""

import hashlib

from psycopg import sql

from deploy.verify.checks import Check, Finding, Snapshots

SEALED = {
    "registry": ("audit_log",),
    "contributions": ("ledger_entries", "audit_log"),
    "benefits": ("ledger_entries", "audit_log"),
    "gateway": ("audit_log",),
}


def _chain(part: str, table: str) -> Check:
    def check(snapshots: Snapshots) -> Finding:
        links = snapshots.rows(
            part,
            "SELECT id, below_xid::text, row_count, previous, sha256 FROM seals WHERE kind = %s ORDER BY id",
            table,
        )
        since, previous, rows = "0", b"", 0
        offending: list[str] = []
        for link, below, row_count, noted_previous, noted in links:
            count, digest = _digest(snapshots, part, table, since, below, previous)
            if (count, digest, previous) != (row_count, bytes(noted), bytes(noted_previous)):
                offending.append(
                    f"{part}.{table}: seal {link} covers {row_count} rows and finds {count}, changed"
                )
            since, previous, rows = below, bytes(noted), rows + count
        return Finding(1, f"the seals over {part}.{table} are unbroken", rows, offending)

    return check


def _digest(
    snapshots: Snapshots, part: str, table: str, since: str, below: str, previous: bytes
) -> tuple[int, bytes]:
    """SHA-256 over the previous seal and the rows as `COPY` writes them, by transaction, then id."""
    query = sql.SQL(
        "COPY (SELECT t FROM {} t WHERE xid >= {}::xid8 AND xid < {}::xid8 ORDER BY xid, id) TO STDOUT"
    ).format(sql.Identifier(table), sql.Literal(since), sql.Literal(below))
    hashed, count = hashlib.sha256(previous), 0
    with snapshots.connection(part).cursor().copy(query) as copy:
        for block in copy:
            hashed.update(block)
            count += bytes(block).count(b"\n")
    return count, hashed.digest()


CHECKS: list[Check] = [_chain(part, table) for part, tables in SEALED.items() for table in tables]
