"""SQL of a month's figures. Each is read from the rows that make it true, none is derived from another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from services.kit.periods import Period

ARREARS_AGES = 3
"""Ages in months; the last holds all the longer ones too."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one period came to, in minor units, with how many members each is of."""

    period: str
    charged_minor: int
    members_charged: int
    lapsed_minor: int
    members_lapsed: int
    allocated_minor: int
    members_settled: int
    declared_minor: int
    members_declared: int
    left_out: int
    billed_minor: int
    members_billed: int
    differences_minor: int
    remitted_minor: int
    members_remitted: int
    covered: int
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Position:
    """Members' money in all: what came in and was not undone, and where it is, in minor units."""

    collected_minor: int
    allocated_minor: int
    credit_minor: int
    suspense_minor: int
    refunded_minor: int


@dataclass(frozen=True, slots=True)
class Age:
    """Members who owe so many earlier months, and what they owe of them."""

    months: int
    members: int
    minor: int


@dataclass(frozen=True, slots=True)
class Day:
    """What a period's charges were paid with, by the value date of the last payment of each."""

    on: date
    minor: int


def figures(connection: Connection[Any], periods: Sequence[Period]) -> list[Figures]:
    """The figures of each of these periods, in the order given."""
    with connection.cursor(row_factory=class_row(Figures)) as cursor:
        return cursor.execute(_FIGURES, {"periods": [str(period) for period in periods]}).fetchall()


_FIGURES = """
SELECT period,
       coalesce(charged.minor, 0)::bigint AS charged_minor, coalesce(charged.members, 0) AS members_charged,
       coalesce(owed.lapsed_minor, 0)::bigint AS lapsed_minor,
       coalesce(owed.members_lapsed, 0) AS members_lapsed,
       coalesce(owed.settled_minor, 0)::bigint AS allocated_minor,
       coalesce(owed.members_settled, 0) AS members_settled,
       coalesce(declared.minor, 0)::bigint AS declared_minor,
       coalesce(declared.members, 0) AS members_declared, coalesce(declared.left_out, 0) AS left_out,
       coalesce(billed.minor, 0)::bigint AS billed_minor, coalesce(billed.members, 0) AS members_billed,
       coalesce(differing.minor, 0)::bigint AS differences_minor,
       coalesce(remitted.minor, 0)::bigint AS remitted_minor,
       coalesce(remitted.members, 0) AS members_remitted,
       coalesce(granted.members, 0) AS covered,
       EXISTS (SELECT FROM period_closings closing
               WHERE closing.period = asked.period AND closing.state = 'closed') AS is_closed
FROM unnest(%(periods)s::text[]) WITH ORDINALITY AS asked (period, place)
LEFT JOIN (
    SELECT period, sum(total_minor) AS minor, sum(members_charged)::bigint AS members
    FROM charge_runs WHERE period = ANY(%(periods)s::text[]) GROUP BY period
) charged USING (period)
LEFT JOIN (
    SELECT period, sum(total_minor) FILTER (WHERE state = 'lapsed') AS lapsed_minor,
           count(*) FILTER (WHERE state = 'lapsed' AND fund = 'contributions') AS members_lapsed,
           sum(settled_minor) AS settled_minor,
           count(*) FILTER (WHERE state = 'open' AND fund = 'contributions'
                            AND settled_minor = total_minor) AS members_settled
    FROM dues WHERE period = ANY(%(periods)s::text[]) GROUP BY period
) owed USING (period)
LEFT JOIN (
    SELECT period, sum(total_minor) AS minor, sum(lines)::bigint AS members, sum(left_out)::bigint AS left_out
    FROM declarations WHERE period = ANY(%(periods)s::text[]) AND state IN ('filed', 'accepted')
    GROUP BY period
) declared USING (period)
LEFT JOIN (
    SELECT period, sum(total_minor) AS minor, sum(lines)::bigint AS members
    FROM notices WHERE period = ANY(%(periods)s::text[]) AND state = 'compared' GROUP BY period
) billed USING (period)
LEFT JOIN (
    SELECT notice.period, sum(difference.amount_minor) AS minor
    FROM notices notice JOIN notice_differences difference ON difference.notice_id = notice.id
    WHERE notice.period = ANY(%(periods)s::text[]) GROUP BY notice.period
) differing USING (period)
LEFT JOIN (
    SELECT remittance.period, sum(remittance.amount_minor) AS minor, sum(notice.lines)::bigint AS members
    FROM remittances remittance JOIN notices notice ON notice.id = remittance.notice_id
    WHERE remittance.period = ANY(%(periods)s::text[]) AND remittance.state = 'confirmed'
    GROUP BY remittance.period
) remitted USING (period)
LEFT JOIN (
    SELECT period, count(*) AS members FROM coverages
    WHERE period = ANY(%(periods)s::text[]) AND state = 'covered' GROUP BY period
) granted USING (period)
ORDER BY place
"""


def position(connection: Connection[Any]) -> Position:
    """Members' money in all. What came in is on payments; where it is, on dues, accounts and bank lines."""
    with connection.cursor(row_factory=class_row(Position)) as cursor:
        found = cursor.execute(_POSITION).fetchone()
    assert found is not None
    return found


# Nothing is refunded yet: money leaves a member's account by a reversal, or for the State.
_POSITION = """
SELECT (paid.minor - undone.minor + waiting.minor)::bigint AS collected_minor,
       settled.minor::bigint AS allocated_minor, kept.minor::bigint AS credit_minor,
       waiting.minor::bigint AS suspense_minor, 0::bigint AS refunded_minor
FROM (SELECT coalesce(sum(amount_minor), 0) AS minor FROM payments) paid,
     (SELECT coalesce(sum(payment.amount_minor), 0) AS minor
      FROM payment_reversals reversal JOIN payments payment ON payment.id = reversal.payment_id) undone,
     (SELECT coalesce(sum(amount_minor), 0) AS minor FROM bank_lines WHERE state = 'suspense') waiting,
     (SELECT coalesce(sum(settled_minor), 0) AS minor FROM dues) settled,
     (SELECT coalesce(sum(credit_minor), 0) AS minor FROM member_accounts) kept
"""


def days(connection: Connection[Any], period: Period) -> list[Day]:
    """What came in for a period, day by day, in order."""
    query = (
        'SELECT coalesce(settled_on, booked_on) AS "on", sum(settled_minor)::bigint AS minor FROM dues'
        " WHERE period = %s AND settled_minor > 0 GROUP BY 1 ORDER BY 1"
    )
    with connection.cursor(row_factory=class_row(Day)) as cursor:
        return cursor.execute(query, (str(period),)).fetchall()


def arrears(connection: Connection[Any], before: Period) -> list[Age]:
    """Who owes earlier months than this, by how many."""
    query = (
        "SELECT least(months, %(ages)s)::int AS months, count(*) AS members, sum(minor)::bigint AS minor"
        " FROM (SELECT member_id, count(DISTINCT period) AS months, sum(total_minor - settled_minor) AS minor"
        "       FROM dues WHERE period < %(before)s AND state = 'open' AND settled_minor < total_minor"
        "       GROUP BY member_id) owing"
        " GROUP BY 1 ORDER BY 1"
    )
    with connection.cursor(row_factory=class_row(Age)) as cursor:
        return cursor.execute(query, {"before": str(before), "ages": ARREARS_AGES}).fetchall()
