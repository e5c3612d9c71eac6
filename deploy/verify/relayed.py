"""Invariant 4: money through. Received is relayed, returned or waiting, for each disbursement."""

from deploy.verify.across import Side, arrives
from deploy.verify.checks import sql_check

_LINES = Side(
    "contributions",
    """
    SELECT 'bank line ' || id || ' of ' || amount_minor || ' ' || currency AS key, NULL::timestamptz AS at
    FROM bank_lines WHERE state = 'benefit'
    """,
)
_FUNDINGS = Side(
    "benefits",
    """
    SELECT 'bank line ' || bank_line_id || ' of ' || amount_minor || ' ' || currency AS key,
           received_at AS at FROM fundings
    """,
)

CHECKS = [
    sql_check(
        4,
        "benefits",
        "received = relayed + returned + waiting, for each disbursement",
        counts="SELECT count(*) FROM disbursements WHERE funded_on IS NOT NULL",
        offends="""
            WITH source AS (
                SELECT id, disbursement_id FROM payouts
                UNION ALL SELECT id, disbursement_id FROM items
                UNION ALL SELECT id, id FROM disbursements
            ), moved AS (
                SELECT disbursement_id,
                       coalesce(sum(amount_minor) FILTER (WHERE kind = 'funds_assigned'), 0) AS received,
                       coalesce(sum(amount_minor) FILTER (WHERE kind = 'payout_paid'), 0)
                           - coalesce(sum(amount_minor) FILTER (WHERE kind = 'payout_bounced'), 0) AS relayed,
                       coalesce(sum(amount_minor)
                           FILTER (WHERE kind IN ('payout_returned', 'item_returned')), 0) AS returned
                FROM ledger_entries entry JOIN source ON source.id = entry.source_id
                GROUP BY disbursement_id
            ), waiting AS (
                SELECT disbursement_id, sum(minor) AS minor FROM (
                    SELECT disbursement_id, amount_minor AS minor FROM payouts
                    WHERE state NOT IN ('paid', 'returned')
                    UNION ALL
                    SELECT item.disbursement_id, item.amount_minor FROM items item
                    WHERE NOT EXISTS (SELECT FROM payouts WHERE payouts.item_id = item.id)
                      AND NOT EXISTS (SELECT FROM returns WHERE returns.item_id = item.id)
                ) part GROUP BY disbursement_id
            )
            SELECT disbursement.id AS disbursement, disbursement.reference, moved.received, moved.relayed,
                   moved.returned, waiting.minor AS waiting
            FROM disbursements disbursement LEFT JOIN moved ON moved.disbursement_id = disbursement.id
            LEFT JOIN waiting ON waiting.disbursement_id = disbursement.id
            WHERE disbursement.funded_on IS NOT NULL
              AND coalesce(moved.received, 0)
                <> coalesce(moved.relayed + moved.returned, 0) + coalesce(waiting.minor, 0)
            ORDER BY 1
        """,
        notes="""
            SELECT CASE WHEN count(*) > 0 THEN format('%s payouts wait, the oldest for %s days', count(*),
                coalesce((SELECT today FROM business_clock), current_date) - min(disbursement.funded_on)) END
            FROM payouts JOIN disbursements disbursement ON disbursement.id = payouts.disbursement_id
            WHERE disbursement.funded_on IS NOT NULL AND payouts.state NOT IN ('paid', 'returned')
        """,
    ),
    sql_check(
        4,
        "benefits",
        "a disbursement is what was declared, its items and its money",
        counts="SELECT count(*) FROM disbursements WHERE state = 'completed'",
        offends="""
            WITH item AS (
                SELECT disbursement_id, count(*) AS count, sum(amount_minor) AS minor
                FROM items GROUP BY disbursement_id
            )
            SELECT disbursement.id AS disbursement, disbursement.reference, declared_count,
                   item.count AS items, declared_total_minor, item.minor AS items_minor,
                   funding.amount_minor AS funded_minor
            FROM disbursements disbursement LEFT JOIN item ON item.disbursement_id = disbursement.id
            LEFT JOIN fundings funding ON funding.id = disbursement.funding_id
            WHERE disbursement.state = 'completed' AND (
                (declared_count, declared_total_minor) IS DISTINCT FROM (item.count, item.minor)
                OR funding_id IS NOT NULL
                AND (funding.amount_minor, funding.currency)
                    IS DISTINCT FROM (declared_total_minor, disbursement.currency))
            ORDER BY 1
        """,
    ),
    sql_check(
        4,
        "benefits",
        "each account of benefit money stands at what its rows say",
        counts="SELECT count(*) FROM ledger_entries",
        offends="""
            WITH side AS (
                SELECT credit_account AS account, amount_minor AS minor FROM ledger_entries
                UNION ALL SELECT debit_account, -amount_minor FROM ledger_entries
            ), booked AS (
                SELECT account, sum(minor) AS minor FROM side
                WHERE account NOT IN ('bank', 'cash') GROUP BY account
            ), rows AS (
                SELECT 'unassigned' AS account, sum(amount_minor) AS minor FROM fundings
                WHERE NOT EXISTS (SELECT FROM disbursements WHERE funding_id = fundings.id)
                UNION ALL
                SELECT 'unmatched', sum(item.amount_minor) FROM items item
                JOIN disbursements disbursement ON disbursement.id = item.disbursement_id
                WHERE disbursement.funding_id IS NOT NULL AND item.state IN ('waiting', 'quarantined')
                UNION ALL
                SELECT 'owed-to-members', sum(amount_minor) FROM payouts
                WHERE state IN ('releasable', 'failed')
                UNION ALL
                SELECT 'in-transit', sum(amount_minor) FROM payouts WHERE state IN ('released', 'ordered')
                UNION ALL
                SELECT 'returned', sum(amount_minor) FROM returns WHERE sent_on IS NULL
            )
            SELECT account, booked.minor AS booked_minor, rows.minor AS rows_minor
            FROM booked FULL JOIN rows USING (account)
            WHERE coalesce(booked.minor, 0) <> coalesce(rows.minor, 0) ORDER BY 1
        """,
    ),
    sql_check(
        4,
        "benefits",
        "each item is one payout to one member and case, or none",
        counts="SELECT count(*) FROM items",
        offends="""
            SELECT item.id AS item, item.reference, item.state, item.amount_minor,
                   count(payout.id) AS payouts, sum(payout.amount_minor) AS payouts_minor
            FROM items item LEFT JOIN payouts payout ON payout.item_id = item.id
            LEFT JOIN cases ON cases.id = payout.case_id AND cases.member_id = payout.member_id
            GROUP BY item.id
            HAVING count(payout.id) <> (item.state = 'matched')::int
                OR bool_or(payout.id IS NOT NULL AND (cases.id IS NULL
                           OR payout.disbursement_id <> item.disbursement_id
                           OR payout.amount_minor <> item.amount_minor))
            ORDER BY 1
        """,
    ),
    sql_check(
        4,
        "contributions",
        "benefit money never touches the accounts of contributions",
        counts="SELECT count(*) FROM bank_lines WHERE state = 'benefit'",
        offends="""
            SELECT line.id AS bank_line, line.amount_minor, line.payment_id AS payment,
                   entry.id AS ledger_entry
            FROM bank_lines line LEFT JOIN ledger_entries entry ON entry.source_id = line.id
            WHERE line.state = 'benefit' AND (entry.id IS NOT NULL OR line.payment_id IS NOT NULL)
            ORDER BY 1
        """,
    ),
    arrives(
        4,
        "benefit money on a bank line has come to benefits",
        _LINES,
        _FUNDINGS,
        producer="contributions",
        consumer="benefits",
        lacks="benefits has not received it",
    ),
    arrives(
        4,
        "what benefits received was on a bank line",
        _FUNDINGS,
        _LINES,
        producer="contributions",
        consumer="benefits",
        lacks="no such line of benefit money",
    ),
]
