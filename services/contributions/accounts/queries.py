"""SQL of members' accounts, on the psycopg connection of a session."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row


@dataclass(frozen=True, slots=True)
class Balance:
    """What one member has as credit, owes, and owes since before a day."""

    member_id: UUID
    currency: str
    credit_minor: int
    due_minor: int
    overdue_minor: int
    open_periods: int
    oldest_due_on: date | None


@dataclass(frozen=True, slots=True)
class OpenDue:
    """What a member owes to one fund for one period."""

    period: str
    fund: str
    total_minor: int
    settled_minor: int
    due_on: date


@dataclass(frozen=True, slots=True)
class LastPayment:
    """A payment, with whether it was reversed since."""

    id: UUID
    amount_minor: int
    credit_minor: int
    currency: str
    channel: str
    value_on: date
    receipt_number: int
    check_code: str
    is_reversed: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry of a member's statement; what a kind has no use for is None."""

    kind: str
    on: date
    id: UUID
    period: str | None
    amount_minor: int | None
    currency: str | None
    value_on: date | None
    channel: str | None
    receipt_number: int | None
    reason: str | None
    due_on: date | None
    covered_until: date | None
    scheme: str | None


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """One line of a charge."""

    charge_id: UUID
    line: str
    base_minor: int
    rate: Decimal | None
    amount_minor: int


def balances(connection: Connection[Any], member_ids: Sequence[UUID], today: date) -> list[Balance]:
    """What these members have and owe, in order of id."""
    with connection.cursor(row_factory=class_row(Balance)) as cursor:
        return cursor.execute(_BALANCES, {"ids": list(member_ids), "today": today}).fetchall()


_BALANCES = """
SELECT account.member_id, account.currency, account.credit_minor,
       coalesce(owed.due_minor, 0) AS due_minor, coalesce(owed.overdue_minor, 0) AS overdue_minor,
       coalesce(owed.open_periods, 0) AS open_periods, owed.oldest_due_on
FROM member_accounts account
LEFT JOIN LATERAL (
    SELECT sum(total_minor - settled_minor)::bigint AS due_minor,
           (sum(total_minor - settled_minor) FILTER (WHERE due_on < %(today)s))::bigint AS overdue_minor,
           count(DISTINCT period) AS open_periods, min(due_on) AS oldest_due_on
    FROM dues
    WHERE dues.member_id = account.member_id AND state = 'open' AND settled_minor < total_minor
) owed ON true
WHERE account.member_id = ANY(%(ids)s::uuid[]) ORDER BY account.member_id
"""


def open_dues(connection: Connection[Any], member_id: UUID) -> list[OpenDue]:
    """What a member owes, oldest first."""
    query = (
        "SELECT period, fund, total_minor, settled_minor, due_on FROM dues WHERE member_id = %s"
        " AND state = 'open' AND settled_minor < total_minor ORDER BY period, rank, fund"
    )
    with connection.cursor(row_factory=class_row(OpenDue)) as cursor:
        return cursor.execute(query, (member_id,)).fetchall()


def last_payments(connection: Connection[Any], member_id: UUID, limit: int) -> list[LastPayment]:
    """A member's newest payments first."""
    query = (
        "SELECT payment.id, payment.amount_minor, payment.credit_minor, payment.currency, payment.channel,"
        " payment.value_on, payment.receipt_number, payment.check_code,"
        " reversal.payment_id IS NOT NULL AS is_reversed"
        " FROM payments payment LEFT JOIN payment_reversals reversal ON reversal.payment_id = payment.id"
        " WHERE payment.member_id = %s ORDER BY payment.id DESC LIMIT %s"
    )
    with connection.cursor(row_factory=class_row(LastPayment)) as cursor:
        return cursor.execute(query, (member_id, limit)).fetchall()


def happened(
    connection: Connection[Any], member_id: UUID, *, after: tuple[date, UUID, str] | None, limit: int
) -> list[Happened]:
    """What happened on a member's account, newest first, behind the entry `after`."""
    on, entry_id, kind = after or (None, None, None)
    given = {"member_id": member_id, "on": on, "id": entry_id, "kind": kind, "limit": limit}
    with connection.cursor(row_factory=class_row(Happened)) as cursor:
        return cursor.execute(_HAPPENED, given).fetchall()


# A lapse is known by the mirrored rows of the charge; who was left out of which payroll says why.
_HAPPENED = """
WITH happened (kind, "on", id, period, amount_minor, currency, value_on, channel, receipt_number, reason,
               due_on, covered_until, scheme) AS (
    SELECT 'charge', booked_on, id, period, total_minor, currency, NULL::date, NULL, NULL::bigint, NULL,
           due_on, NULL::date, scheme
    FROM charges WHERE member_id = %(member_id)s
    UNION ALL
    SELECT 'payment', booked_on, id, NULL, amount_minor, currency, value_on, channel, receipt_number, NULL,
           NULL, NULL, NULL
    FROM payments WHERE member_id = %(member_id)s
    UNION ALL
    SELECT 'reversal', undone.booked_on, undone.id, NULL, payment.amount_minor, payment.currency,
           payment.value_on, payment.channel, payment.receipt_number, undone.reason, NULL, NULL, NULL
    FROM payments payment JOIN payment_reversals undone ON undone.payment_id = payment.id
    WHERE payment.member_id = %(member_id)s
    UNION ALL
    SELECT 'lapse', lapse.booked_on, lapse.source_id, charge.period, sum(lapse.amount_minor)::bigint,
           lapse.currency, NULL, NULL, NULL, coalesce(left_out.reason, 'missing_from_notice'), NULL, NULL,
           NULL
    FROM ledger_entries lapse
    JOIN ledger_entries charged ON charged.id = lapse.reverses_id AND charged.member_id = lapse.member_id
    JOIN charges charge ON charge.id = charged.source_id
    LEFT JOIN left_outs left_out
        ON left_out.declaration_id = lapse.source_id AND left_out.member_id = lapse.member_id
    WHERE lapse.member_id = %(member_id)s AND lapse.kind = 'lapse' AND lapse.reverses_id IS NOT NULL
    GROUP BY lapse.booked_on, lapse.source_id, charge.period, lapse.currency, left_out.reason
    UNION ALL
    SELECT 'coverage', granted_on, remittance_id, period, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           covered_until, NULL
    FROM coverages WHERE member_id = %(member_id)s
    UNION ALL
    SELECT 'coverage_withdrawn', withdrawn_on, remittance_id, period, NULL, NULL, NULL, NULL, NULL,
           withdrawn_because, NULL, NULL, NULL
    FROM coverages WHERE member_id = %(member_id)s AND withdrawn_on IS NOT NULL
)
SELECT * FROM happened
WHERE %(on)s::date IS NULL OR ("on", id, kind) < (%(on)s::date, %(id)s::uuid, %(kind)s::text)
ORDER BY "on" DESC, id DESC, kind DESC LIMIT %(limit)s
"""


def charged_lines(connection: Connection[Any], charge_ids: Sequence[UUID]) -> list[ChargedLine]:
    """The lines of charges, in the order in which they were computed."""
    query = (
        "SELECT charge_id, line, base_minor, rate, amount_minor FROM charge_lines"
        " WHERE charge_id = ANY(%s::uuid[]) ORDER BY id"
    )
    with connection.cursor(row_factory=class_row(ChargedLine)) as cursor:
        return cursor.execute(query, (list(charge_ids),)).fetchall()
