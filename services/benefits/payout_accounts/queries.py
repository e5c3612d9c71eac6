"""SQL of payout accounts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from services.benefits.db import among
from services.benefits.payout_accounts.models import PayoutAccount


def lock_account(session: Session, account_id: UUID) -> PayoutAccount:
    return session.exec(
        select(PayoutAccount)
        .where(PayoutAccount.id == account_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def lock_accounts_of(session: Session, member_id: UUID) -> None:
    """Let nobody else change this member's accounts until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('payout accounts ' || :member_id, 0))"),
        {"member_id": str(member_id)},
    )


def accounts_of(session: Session, member_id: UUID) -> list[PayoutAccount]:
    query = select(PayoutAccount).where(PayoutAccount.member_id == member_id)
    return list(session.exec(query.order_by(col(PayoutAccount.id).desc())))


def in_force(session: Session, member_ids: Sequence[UUID]) -> dict[UUID, PayoutAccount]:
    """The account in force of each of these members that has one."""
    found = session.exec(
        select(PayoutAccount).where(
            among(PayoutAccount.member_id, member_ids), PayoutAccount.state == "in_force"
        )
    )
    return {account.member_id: account for account in found}


def end_others(session: Session, account: PayoutAccount) -> None:
    """Take the account that was in force until now out of force."""
    session.execute(
        update(PayoutAccount)
        .where(
            col(PayoutAccount.member_id) == account.member_id,
            col(PayoutAccount.state) == "in_force",
            col(PayoutAccount.id) != account.id,
        )
        .values(state="replaced")
    )
