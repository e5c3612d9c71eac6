"""Invariant 1, seals: the chain over ledger and audit rows is unbroken, reckoned here anew.

With the secret key each seal's signature is reckoned too: whoever rewrites rows and seals alike has not
got it.
"""

import hashlib
import hmac

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
            """
            SELECT id, below_xid::text, row_count, previous, sha256, signature FROM seals
            WHERE kind = %(table)s ORDER BY id
            """,
            {"table": table},
        )
        since, previous, rows = "0", b"", 0
        offending: list[str] = []
        for link, below, row_count, noted_previous, noted, signature in links:
            count, digest = _digest(snapshots, part, table, since, below, previous)
            name = f"{part}.{table}: seal {link}"
            if bytes(noted_previous) != previous:
                offending.append(f"{name} does not follow the seal before it")
            if (count, digest) != (row_count, bytes(noted)):
                changed = f"covers {row_count} rows and finds {count}, changed"
                offending.append(f"{name} {changed}: transactions {since} to {below}")
            if not _is_signed(snapshots.secret_key, table, below, row_count, bytes(noted), signature):
                offending.append(f"{name} was not signed with this installation's key")
            since, previous, rows = below, bytes(noted), rows + count
        return Finding(1, f"the seals over {part}.{table} are unbroken", rows, offending)

    return check


def _digest(
    snapshots: Snapshots, part: str, table: str, since: str, below: str, previous: bytes
) -> tuple[int, bytes]:
    """SHA-256 over the previous seal and the rows as `COPY` writes them, by transaction, then id."""
    query = sql.SQL(
        """
        COPY (SELECT t FROM {} t WHERE xid >= {}::xid8 AND xid < {}::xid8 ORDER BY xid, id) TO STDOUT
        """
    ).format(sql.Identifier(table), sql.Literal(since), sql.Literal(below))
    hashed, count = hashlib.sha256(previous), 0
    with snapshots.connection(part).cursor().copy(query) as copy:
        for block in copy:
            hashed.update(block)
            count += bytes(block).count(b"\n")
    return count, hashed.digest()


def _is_signed(
    key: str | None, table: str, below: str, row_count: int, digest: bytes, signature: str
) -> bool:
    """Whether a seal's head bears the key's HMAC-SHA256; without the key nobody can tell."""
    if key is None:
        return True
    head = f"{table}|{below}|{row_count}|{digest.hex()}".encode()
    return hmac.compare_digest(hmac.new(key.encode(), head, hashlib.sha256).hexdigest(), signature)


CHECKS: list[Check] = [_chain(part, table) for part, tables in SEALED.items() for table in tables]
