"""SQL of payouts. Several are locked in order of id, and looked at only then."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from services.benefits.cases import Case
from services.benefits.db import among
from services.benefits.payouts.models import Payout, State
from services.kit import trees
from services.kit.principals import Principal


def lock_payout(session: Session, payout_id: UUID) -> Payout | None:
    found = lock_payouts(session, [payout_id])
    return found[0] if found else None


def lock_payouts(session: Session, payout_ids: Sequence[UUID]) -> list[Payout]:
    """These payouts, in order of id, held until the transaction ends."""
    query = select(Payout).where(among(Payout.id, payout_ids)).order_by(col(Payout.id))
    return list(session.exec(query.with_for_update(key_share=True).execution_options(populate_existing=True)))


def lock_payouts_of(session: Session, disbursement_id: UUID, state: State) -> list[Payout]:
    """A disbursement's payouts in one state, in order of id, held until the transaction ends."""
    query = (
        select(Payout)
        .where(Payout.disbursement_id == disbursement_id, Payout.state == state)
        .order_by(col(Payout.id))
    )
    return list(session.exec(query.with_for_update(key_share=True).execution_options(populate_existing=True)))


def move(session: Session, payouts: Sequence[Payout], to: State, **values: Any) -> None:
    """Put locked payouts into a state by one statement; the rows in hand show it too."""
    if not payouts:
        return
    session.flush()
    payout_ids = [payout.id for payout in payouts]
    session.execute(
        update(Payout)
        .where(among(Payout.id, payout_ids))
        .values(state=to, **values)
        .execution_options(synchronize_session=False)
    )
    lock_payouts(session, payout_ids)  # read anew: `values` may be expressions


def payout(session: Session, payout_id: UUID, principal: Principal) -> Payout | None:
    """A payout that this person may see: by the organisation that its row names."""
    query = select(Payout).where(Payout.id == payout_id, trees.within(col(Payout.organisation_id), principal))
    return session.exec(query).one_or_none()


def listed(
    session: Session,
    principal: Principal,
    *,
    after: UUID | None,
    limit: int,
    **filters: Any,
) -> list[Payout]:
    """Payouts that this person may see, oldest first; filters are column names, None is no filter."""
    query = select(Payout).where(trees.within(col(Payout.organisation_id), principal))
    for name, value in filters.items():
        if value is not None:
            query = query.where(getattr(Payout, name) == value)
    if after is not None:
        query = query.where(col(Payout.id) > after)
    return list(session.exec(query.order_by(col(Payout.id)).limit(limit)))


def benefits_of(
    session: Session, member_id: UUID, principal: Principal, *, after: UUID | None, limit: int
) -> list[tuple[Payout, Case]]:
    """A member's payouts with their cases, oldest first, as far as this person may see them."""
    query = (
        select(Payout, Case)
        .join(Case, col(Case.id) == Payout.case_id)
        .where(Payout.member_id == member_id, trees.within(col(Payout.organisation_id), principal))
        .order_by(col(Payout.id))
        .limit(limit)
    )
    if after is not None:
        query = query.where(col(Payout.id) > after)
    return list(session.exec(query))
