"""SQL of the figures: sums of the books, and what waits today."""

from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

_MOVED = text(
    """
    SELECT sign.what,
           coalesce(sum(sign.value * entry.amount_minor)
                    FILTER (WHERE entry.booked_on < :first_day), 0)::bigint AS before_minor,
           coalesce(sum(sign.value * entry.amount_minor)
                    FILTER (WHERE entry.booked_on >= :first_day), 0)::bigint AS within_minor
    FROM ledger_entries entry
    JOIN (VALUES ('funds_received', 'received', 1), ('payout_paid', 'relayed', 1),
                 ('payout_bounced', 'relayed', -1), ('payout_returned', 'returned', 1),
                 ('item_returned', 'returned', 1)) AS sign (kind, what, value) ON sign.kind = entry.kind
    WHERE entry.currency = :currency AND entry.booked_on <= :last_day
    GROUP BY sign.what
    """
)

_WAITING = text(
    """
    SELECT
        (SELECT count(*) FROM disbursements WHERE state = 'announced') AS announced_count,
        (SELECT count(*) FROM disbursements WHERE state = 'completed' AND funding_id IS NULL)
            AS unfunded_count,
        (SELECT count(*) FROM items WHERE state = 'quarantined') AS quarantined_count,
        (SELECT count(*) FROM fundings funding WHERE NOT EXISTS (
            SELECT FROM disbursements WHERE funding_id = funding.id)) AS unclaimed_count,
        count(*) FILTER (WHERE state = 'releasable') AS releasable_count,
        count(*) FILTER (WHERE state = 'released') AS at_the_counter_count,
        count(*) FILTER (WHERE state = 'ordered') AS ordered_count,
        count(*) FILTER (WHERE state = 'failed') AS failed_count,
        least(
            min(releasable_on),
            (SELECT min(disbursement.funded_on) FROM items item
             JOIN disbursements disbursement ON disbursement.id = item.disbursement_id
             WHERE item.state = 'quarantined'),
            (SELECT min(funding.value_on) FROM fundings funding WHERE NOT EXISTS (
                SELECT FROM disbursements WHERE funding_id = funding.id))
        ) AS oldest_waiting_on
    FROM payouts WHERE state IN ('releasable', 'released', 'ordered', 'failed')
    """
)


def moved(session: Session, currency: str, first_day: date, last_day: date) -> dict[str, tuple[int, int]]:
    """What was received, relayed and returned, in minor units: before the first day, and since."""
    rows = session.execute(_MOVED, {"currency": currency, "first_day": first_day, "last_day": last_day})
    return {what: (before, within) for what, before, within in rows}


def waiting(session: Session) -> Row[Any]:
    """How many things wait for what today, and since when the oldest money does."""
    return session.execute(_WAITING).one()
