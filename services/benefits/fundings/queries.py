"""SQL of fundings. A bank reference is held while one side looks for the other."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from services.benefits.disbursements import Disbursement, DisbursementState
from services.benefits.fundings.models import Funding


def lock_reference(session: Session, reference_key: str) -> None:
    """Let nobody else look for a match under this bank reference until the transaction ends.

    Taken before any row is locked: else a bank line and a completion that come at one moment would
    each not see the other, and never meet.
    """
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('bank reference ' || :key, 0))"),
        {"key": reference_key},
    )


def add(session: Session, row: dict[str, Any]) -> Funding | None:
    """Note a bank line; None if it is known."""
    made = session.execute(
        insert(Funding).values(row).on_conflict_do_nothing().returning(col(Funding.id))
    ).scalar_one_or_none()
    return session.get_one(Funding, made) if made else None


def lock_claimant(session: Session, funding: Funding) -> Disbursement | None:
    """The oldest complete disbursement of exactly this reference and amount that has no money yet."""
    query = (
        select(Disbursement)
        .where(
            Disbursement.bank_reference_key == funding.reference_key,
            Disbursement.declared_total_minor == funding.amount_minor,
            Disbursement.currency == funding.currency,
            Disbursement.state == DisbursementState.COMPLETED,
            col(Disbursement.funding_id).is_(None),
        )
        .order_by(col(Disbursement.id))
        .limit(1)
        .with_for_update(key_share=True)
    )
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


_UNCLAIMED = ~exists().where(col(Disbursement.funding_id) == Funding.id)


def unclaimed_for(session: Session, disbursement: Disbursement) -> Funding | None:
    """The oldest bank line of exactly this disbursement's reference and amount that pays for no other."""
    query = (
        select(Funding)
        .where(
            Funding.reference_key == disbursement.bank_reference_key,
            Funding.amount_minor == disbursement.declared_total_minor,
            Funding.currency == disbursement.currency,
            _UNCLAIMED,
        )
        .order_by(col(Funding.id))
        .limit(1)
    )
    return session.exec(query).one_or_none()


def funding(session: Session, funding_id: UUID) -> tuple[Funding, UUID | None] | None:
    """A funding and the disbursement that it pays for, if any."""
    query = (
        select(Funding, col(Disbursement.id))
        .outerjoin(Disbursement, col(Disbursement.funding_id) == Funding.id)
        .where(Funding.id == funding_id)
    )
    return session.exec(query).one_or_none()


def listed(
    session: Session, *, unclaimed: bool, after: UUID | None, limit: int
) -> list[tuple[Funding, UUID | None]]:
    """Fundings, oldest first, with the disbursement that each pays for."""
    query = (
        select(Funding, col(Disbursement.id))
        .outerjoin(Disbursement, col(Disbursement.funding_id) == Funding.id)
        .order_by(col(Funding.id))
        .limit(limit)
    )
    if unclaimed:
        query = query.where(col(Disbursement.id).is_(None))
    if after is not None:
        query = query.where(col(Funding.id) > after)
    return list(session.exec(query))
