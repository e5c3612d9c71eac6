"""SQL of payments. What is read here is what was posted; posting itself is in `posting`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from sqlmodel import Session, col, select

from services.contributions.members import Member
from services.contributions.payments import problems
from services.contributions.payments.models import Payment, PaymentReversal
from services.contributions.payments.posting import Posted
from services.kit import trees
from services.kit.principals import Principal

_POSTED = """
SELECT payment.id AS payment_id, payment.member_id, payment.organisation_id, payment.amount_minor,
       payment.credit_minor, payment.currency, payment.channel, payment.value_on, payment.receipt_number,
       payment.check_code, coalesce(owed.outstanding_minor, 0) AS outstanding_minor
FROM payments payment
LEFT JOIN LATERAL (
    SELECT sum(total_minor - settled_minor)::bigint AS outstanding_minor FROM dues
    WHERE dues.member_id = payment.member_id AND state = 'open'
) owed ON true
WHERE payment.id = ANY(%s)
"""


def posted(connection: Connection[Any], payment_ids: Sequence[UUID]) -> dict[UUID, Posted]:
    """Payments that were posted earlier, with what their members still owe now."""
    if not payment_ids:
        return {}
    with connection.cursor(row_factory=class_row(Posted)) as cursor:
        return {one.payment_id: one for one in cursor.execute(_POSTED, (list(payment_ids),))}


def ensure_in_reach(session: Session, member_id: UUID, roots: tuple[UUID, ...]) -> None:
    """Refuse a member whose organisation lies outside `roots`, as if unknown. Raises UnknownMember."""
    member = session.get(Member, member_id)
    if member is None or not trees.is_below(session, member.organisation_id, roots):
        raise problems.UnknownMember(f"No member has the id {member_id}.")


def payment(session: Session, payment_id: UUID, *, principal: Principal) -> Payment:
    """One payment in the principal's reach. Raises NoSuchPayment."""
    found = session.exec(
        select(Payment).where(Payment.id == payment_id, trees.within(col(Payment.organisation_id), principal))
    ).one_or_none()
    if found is None:
        raise problems.NoSuchPayment("Check the payment's id.")
    return found


def payments_of_member(
    session: Session, member_id: UUID, *, principal: Principal, after: UUID | None, limit: int
) -> list[Payment]:
    """A member's payments in the order they were posted, in the principal's reach."""
    query = select(Payment).where(
        Payment.member_id == member_id, trees.within(col(Payment.organisation_id), principal)
    )
    if after is not None:
        query = query.where(col(Payment.id) > after)
    return list(session.exec(query.order_by(col(Payment.id)).limit(limit)))


def reversal(session: Session, payment_id: UUID) -> PaymentReversal | None:
    """The reversal of a payment, if it was reversed."""
    return session.get(PaymentReversal, payment_id)


def reversed_among(session: Session, payment_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these payments were reversed."""
    return set(
        session.exec(
            select(PaymentReversal.payment_id).where(col(PaymentReversal.payment_id).in_(payment_ids))
        )
    )


def payment_by_check_code(session: Session, check_code: str) -> Payment:
    """The payment of a receipt. Raises NoSuchReceipt."""
    found = session.exec(select(Payment).where(Payment.check_code == check_code)).one_or_none()
    if found is None:
        raise problems.NoSuchReceipt("Check the code on the receipt: 13 letters and digits.")
    return found
