"""SQL of reversals: where a member's money is now, newest first. Run it under the account's lock."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session


def undo_newest(
    session: Session, member_id: UUID, amount_minor: int, *, source_id: UUID, value_on: date
) -> dict[str, int]:
    """Unsettle `amount_minor` of a member's dues, the last allocated first; returns how much by fund.

    Each due that is touched gets a negative allocation of `source_id`. If less is settled than asked
    for, less is undone.
    """
    if amount_minor == 0:
        return {}
    rows = session.execute(
        _UNDO,
        {"member_id": member_id, "amount_minor": amount_minor, "source_id": source_id, "value_on": value_on},
    )
    return {fund: int(minor) for fund, minor in rows}


def take_credit(session: Session, member_id: UUID, amount_minor: int) -> None:
    """Lower a member's credit."""
    session.execute(
        text(
            "UPDATE member_accounts SET credit_minor = credit_minor - :amount_minor"
            " WHERE member_id = :member_id AND :amount_minor > 0"
        ),
        {"member_id": member_id, "amount_minor": amount_minor},
    )


def allocated_by_fund(session: Session, payment_id: UUID) -> dict[str, int]:
    """What a payment settled when it was posted, by fund."""
    rows = session.execute(
        text(
            "SELECT fund, sum(amount_minor)::bigint FROM allocations"
            " WHERE source = 'payment' AND source_id = :payment_id GROUP BY fund"
        ),
        {"payment_id": payment_id},
    )
    return {fund: int(minor) for fund, minor in rows}


_UNDO = text(
    """
    WITH settled AS (
        SELECT due.*, sum(settled_minor) OVER newest_first - settled_minor AS starts
        FROM dues due
        JOIN LATERAL (
            SELECT max(id) AS last_id FROM allocations
            WHERE (member_id, period, fund, sequence)
                = (due.member_id, due.period, due.fund, due.sequence)
        ) allocated ON true
        WHERE due.member_id = :member_id AND due.settled_minor > 0
        WINDOW newest_first AS (ORDER BY allocated.last_id DESC)
    ), undone AS (
        SELECT member_id, period, fund, sequence,
               least(settled_minor, :amount_minor - starts)::bigint AS amount_minor
        FROM settled WHERE starts < :amount_minor
    ), noted AS (
        INSERT INTO allocations (source, source_id, member_id, period, fund, sequence, amount_minor, value_on)
        SELECT 'reversal', :source_id, member_id, period, fund, sequence, -amount_minor, :value_on FROM undone
    ), unsettled AS (
        UPDATE dues SET settled_minor = dues.settled_minor - undone.amount_minor, settled_on = NULL
        FROM undone
        WHERE (dues.member_id, dues.period, dues.fund, dues.sequence)
            = (undone.member_id, undone.period, undone.fund, undone.sequence)
    )
    SELECT fund, sum(amount_minor) FROM undone GROUP BY fund
    """
)
