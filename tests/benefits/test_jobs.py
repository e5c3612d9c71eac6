"""Background work, as the runtime role: seals that hold, and keys that are forgotten in time."""

from datetime import timedelta
from uuid import uuid4

from fastapi.testclient import TestClient
from sqlmodel import Session

from services.benefits import jobs
from services.kit import clock
from tests.benefits import factories


def test_the_books_and_the_audit_are_sealed(racing: TestClient, committed: Session) -> None:
    factories.funds(committed, f"TRF-{uuid4()}", 1_00)
    jobs.seal_books(timestamp=0)
    sealed = factories.rows(committed, "SELECT kind, row_count FROM seals")
    assert "ledger_entries" in {row.kind for row in sealed}
    assert all(row.row_count > 0 for row in sealed)


def test_keys_are_forgotten_after_thirty_days(racing: TestClient, committed: Session) -> None:
    insert = (
        "INSERT INTO idempotency_keys (client, route, key, content_hash, created_at)"
        " VALUES (:client, 'POST /', :key, '', :at) RETURNING key"
    )
    for key, age in (("old", 31), ("new", 29)):
        at = clock.now() - timedelta(days=age)
        factories.rows(committed, insert, client=uuid4(), key=key, at=at)
    committed.commit()
    jobs.forget_keys(timestamp=0)
    left = {row.key for row in factories.rows(committed, "SELECT key FROM idempotency_keys")}
    assert "new" in left
    assert "old" not in left
