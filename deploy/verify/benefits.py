"""Invariant 4: money through. Received is relayed, returned or waiting, for each disbursement."""

from typing import LiteralString

from deploy.verify.checks import sql_check

_MOVED: LiteralString = """
    SELECT payout.disbursement_id, entry.kind, entry.amount_minor FROM ledger_entries entry
    JOIN payouts payout ON payout.id = entry.source_id
    UNION ALL
    SELECT item.disbursement_id, entry.kind, entry.amount_minor FROM ledger_entries entry
    JOIN items item ON item.id = entry.source_id
    UNION ALL
    SELECT disbursement.id, entry.kind, entry.amount_minor FROM ledger_entries entry
    JOIN disbursements disbursement ON disbursement.id = entry.source_id
"""

CHECKS = [
    sql_check(
        4,
        "benefits",
        "each ledger row moves a positive amount between two accounts",
        counts="SELECT count(*) FROM ledger_entries",
        offends="SELECT id, debit_account, credit_account, amount_minor FROM ledger_entries"
        " WHERE amount_minor <= 0 OR debit_account = credit_account",
    ),
    sql_check(
        4,
        "benefits",
        "received = relayed + returned + waiting, for each disbursement",
        counts="SELECT count(*) FROM disbursements WHERE funded_on IS NOT NULL",
        offends=f"WITH moved AS (SELECT disbursement_id,"
        " coalesce(sum(amount_minor) FILTER (WHERE kind = 'funds_assigned'), 0) AS received,"
        " coalesce(sum(amount_minor) FILTER (WHERE kind = 'payout_paid'), 0)"
        " - coalesce(sum(amount_minor) FILTER (WHERE kind = 'payout_bounced'), 0) AS relayed,"
        " coalesce(sum(amount_minor) FILTER (WHERE kind IN ('payout_returned', 'item_returned')), 0) AS returned"
        f" FROM ({_MOVED}) movement GROUP BY disbursement_id),"
        " waiting AS (SELECT disbursement_id, sum(minor) AS minor FROM ("
        "  SELECT disbursement_id, amount_minor AS minor FROM payouts WHERE state NOT IN ('paid', 'returned')"
        "  UNION ALL SELECT item.disbursement_id, item.amount_minor FROM items item"
        "  WHERE NOT EXISTS (SELECT FROM payouts WHERE payouts.item_id = item.id)"
        "  AND NOT EXISTS (SELECT FROM returns WHERE returns.item_id = item.id)) part GROUP BY disbursement_id)"
        " SELECT disbursement.id, moved.received, moved.relayed, moved.returned, waiting.minor"
        " FROM disbursements disbursement JOIN moved ON moved.disbursement_id = disbursement.id"
        " LEFT JOIN waiting ON waiting.disbursement_id = disbursement.id"
        " WHERE disbursement.funded_on IS NOT NULL"
        " AND moved.received <> moved.relayed + moved.returned + coalesce(waiting.minor, 0)",
    ),
    sql_check(
        4,
        "benefits",
        "a funded disbursement received exactly what was declared, and its items sum to it",
        counts="SELECT count(*) FROM disbursements WHERE funded_on IS NOT NULL",
        offends="SELECT disbursement.id, declared_total_minor, item_total_minor, sum(item.amount_minor)"
        " FROM disbursements disbursement JOIN items item ON item.disbursement_id = disbursement.id"
        " WHERE funded_on IS NOT NULL GROUP BY disbursement.id, declared_total_minor, item_total_minor"
        " HAVING (declared_total_minor, declared_total_minor)"
        " <> (item_total_minor::numeric, sum(item.amount_minor))",
    ),
    sql_check(
        4,
        "benefits",
        "what is owed to members is the sum of their payouts that wait",
        counts="SELECT count(*) FROM payouts",
        offends="WITH booked AS (SELECT coalesce(sum(CASE WHEN credit_account = 'owed-to-members'"
        " THEN amount_minor ELSE -amount_minor END), 0) AS minor FROM ledger_entries"
        " WHERE 'owed-to-members' IN (debit_account, credit_account)),"
        " waiting AS (SELECT coalesce(sum(amount_minor), 0) AS minor FROM payouts"
        " WHERE state IN ('releasable', 'failed'))"
        " SELECT booked.minor, waiting.minor FROM booked, waiting WHERE booked.minor <> waiting.minor",
    ),
    sql_check(
        4,
        "benefits",
        "no payout was made for an item that belongs to nobody, and none twice",
        counts="SELECT count(*) FROM items",
        offends="SELECT item_id, count(*) FROM payouts GROUP BY item_id HAVING count(*) > 1"
        " UNION ALL SELECT id, 0 FROM payouts WHERE member_id IS NULL OR case_id IS NULL",
    ),
]
