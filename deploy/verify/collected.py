"""Invariant 2: members' money. What was collected is where the books say, and is there."""

from deploy.verify.checks import sql_check
from deploy.verify.sides import BALANCES

CHECKS = [
    sql_check(
        2,
        "contributions",
        "collected = allocated + credit + suspense + refunded",
        counts="SELECT count(*) FROM payments",
        # What came in on banks and tills, less what of it turned out not to be members' money. Nothing is
        # refunded yet: there is no account for it, and none of these movements could be one.
        offends=f"""
            WITH balance AS ({BALANCES}), came_in AS (
                SELECT coalesce(sum(CASE WHEN debit_account ~ '^(bank|cash):' THEN amount_minor
                                    ELSE -amount_minor END), 0) AS minor
                FROM ledger_entries
                WHERE kind IN ('payment', 'suspense')
                  AND (debit_account ~ '^(bank|cash):') <> (credit_account ~ '^(bank|cash):')
            ), not_theirs AS (
                SELECT coalesce(sum(CASE WHEN debit_account = 'suspense' THEN amount_minor
                                    ELSE -amount_minor END), 0) AS minor
                FROM ledger_entries
                WHERE kind IN ('funding', 'returned_remittance')
                  AND 'suspense' IN (debit_account, credit_account)
            ), found AS (
                SELECT came_in.minor - not_theirs.minor AS collected,
                       (SELECT coalesce(sum(settled_minor), 0) FROM dues) AS allocated,
                       (SELECT coalesce(sum(credit_minor), 0) FROM member_accounts) AS credit,
                       (SELECT coalesce(-sum(minor), 0) FROM balance WHERE account = 'suspense') AS suspense
                FROM came_in, not_theirs
            )
            SELECT collected, allocated, credit, suspense, 0 AS refunded FROM found
            WHERE collected <> allocated + credit + suspense
        """,
    ),
    sql_check(
        2,
        "contributions",
        "a reversed payment has left the account that it came in on",
        counts="SELECT count(*) FROM payment_reversals",
        offends="""
            SELECT payment.id AS payment, payment.receipt_number, payment.debit_account,
                   coalesce(sum(CASE WHEN entry.debit_account = payment.debit_account
                                THEN entry.amount_minor ELSE -entry.amount_minor END), 0) AS left_minor
            FROM payment_reversals reversal JOIN payments payment ON payment.id = reversal.payment_id
            LEFT JOIN ledger_entries entry ON entry.source_id IN (payment.id, reversal.id)
                AND payment.debit_account IN (entry.debit_account, entry.credit_account)
            GROUP BY payment.id
            HAVING coalesce(sum(CASE WHEN entry.debit_account = payment.debit_account
                                THEN entry.amount_minor ELSE -entry.amount_minor END), 0) <> 0
            ORDER BY 1
        """,
    ),
    sql_check(
        2,
        "contributions",
        "suspense is the sum of the lines that wait in it",
        counts="SELECT count(*) FROM bank_lines WHERE state = 'suspense'",
        # A payment out of suspense that was reversed lies there again, though its line was settled.
        offends=f"""
            WITH balance AS ({BALANCES}), found AS (
                SELECT (SELECT coalesce(-sum(minor), 0) FROM balance WHERE account = 'suspense') AS booked,
                       (SELECT coalesce(sum(amount_minor), 0) FROM bank_lines WHERE state = 'suspense')
                           AS waiting,
                       (SELECT coalesce(sum(payment.amount_minor), 0) FROM payment_reversals reversal
                        JOIN payments payment ON payment.id = reversal.payment_id
                        WHERE payment.debit_account = 'suspense') AS back_again
            )
            SELECT booked AS booked_minor, waiting AS waiting_minor, back_again AS back_again_minor
            FROM found WHERE booked <> waiting + back_again
        """,
    ),
    sql_check(
        2,
        "contributions",
        "each line of a bank statement is booked as what it is, with its amount",
        counts="SELECT count(*) FROM bank_lines",
        offends="""
            WITH booked AS (
                SELECT source_id AS id, sum(amount_minor) AS minor FROM ledger_entries
                WHERE kind = 'suspense' GROUP BY source_id
            )
            SELECT line.id AS bank_line, line.state, line.amount_minor,
                   payment.amount_minor AS paid_minor, booked.minor AS suspense_minor
            FROM bank_lines line
            LEFT JOIN payments payment ON payment.id = line.payment_id
            LEFT JOIN booked ON booked.id = line.id
            WHERE CASE
                WHEN line.state = 'posted' THEN payment.amount_minor IS DISTINCT FROM line.amount_minor
                WHEN line.state IN ('suspense', 'settled')
                    OR line.state = 'remittance' AND line.amount_minor > 0
                    THEN booked.minor IS DISTINCT FROM line.amount_minor
                ELSE (payment.id IS NOT NULL OR booked.id IS NOT NULL)
            END ORDER BY 1
        """,
    ),
    sql_check(
        2,
        "contributions",
        "no member has usable credit and an open due at once",
        counts="SELECT count(*) FROM member_accounts WHERE credit_minor > 0",
        offends="""
            SELECT member_id AS member, credit_minor, period, fund, total_minor - settled_minor AS open_minor
            FROM member_accounts JOIN dues USING (member_id)
            WHERE credit_minor > 0 AND state = 'open' AND settled_minor < total_minor ORDER BY 1, 3
        """,
    ),
    sql_check(
        2,
        "contributions",
        "client money held is not less than what is owed to members and, for them, to the State",
        counts=f"""
            SELECT count(*) FROM ({BALANCES}) balance WHERE account ~ '^(bank|cash):'
        """,
        # What members have paid for a month is theirs until the remittance that names them is confirmed.
        offends=f"""
            WITH balance AS ({BALANCES}), remitted AS (
                SELECT DISTINCT line.charge_id
                FROM remittances remittance
                JOIN notices notice ON notice.id = remittance.notice_id AND notice.type <> 'audit'
                JOIN declaration_lines line ON line.declaration_id = notice.declaration_id
                JOIN notice_lines billed ON billed.notice_id = notice.id
                    AND billed.document_type = line.document_type
                    AND billed.document_number = line.document_number
                WHERE remittance.state = 'confirmed'
            ), found AS (
                SELECT (SELECT coalesce(sum(minor), 0) FROM balance
                        WHERE account ~ '^(bank|cash):' OR account = 'transit:remittances') AS held,
                       (SELECT coalesce(-sum(minor), 0) FROM balance
                        WHERE account IN ('members:credit', 'members:state_credits', 'suspense')) AS owed,
                       (SELECT coalesce(sum(settled_minor), 0) FROM dues
                        WHERE fund = 'contributions' AND NOT EXISTS (
                            SELECT FROM remitted WHERE remitted.charge_id = dues.charge_id)) AS not_remitted
            )
            SELECT held AS held_minor, owed AS owed_minor, not_remitted AS not_remitted_minor FROM found
            WHERE held < owed + not_remitted
        """,
    ),
    sql_check(
        2,
        "contributions",
        "the mutual's own money is never overdrawn, nor paid in by nobody",
        counts="SELECT count(*) FROM fundings WHERE state = 'funded'",
        offends=f"""
            WITH balance AS ({BALANCES}), funded AS (
                SELECT 'mutual:own:' || account AS account, sum(amount_minor) AS minor
                FROM fundings WHERE state = 'funded' GROUP BY account
            ), spent AS (
                SELECT 'mutual:own:' || shortfall_account AS account,
                       sum(shortfall_minor + advance_minor) AS minor
                FROM remittances WHERE state IN ('ordered', 'confirmed') AND shortfall_account IS NOT NULL
                GROUP BY shortfall_account
            ), booked AS (
                SELECT account, -minor AS minor FROM balance WHERE starts_with(account, 'mutual:own:')
            )
            SELECT account, booked.minor AS booked_minor, funded.minor AS funded_minor,
                   spent.minor AS spent_minor
            FROM booked FULL JOIN funded USING (account) FULL JOIN spent USING (account)
            WHERE coalesce(booked.minor, 0) < 0
               OR coalesce(booked.minor, 0) <> coalesce(funded.minor, 0) - coalesce(spent.minor, 0)
            ORDER BY 1
        """,
    ),
]
