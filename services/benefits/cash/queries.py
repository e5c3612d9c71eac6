"""SQL of codes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from services.benefits.cash.models import CashCode


def keep(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep new codes, each in the place of its payout's old one."""
    new = insert(CashCode)
    columns = ("code_hash", "issued_at", "expires_on", "tries", "used_at")
    session.execute(
        new.on_conflict_do_update(
            index_elements=["payout_id"], set_={name: getattr(new.excluded, name) for name in columns}
        ),
        rows,
    )


def lock_code(session: Session, payout_id: UUID) -> CashCode:
    query = select(CashCode).where(CashCode.payout_id == payout_id).with_for_update(key_share=True)
    return session.exec(query.execution_options(populate_existing=True)).one()
