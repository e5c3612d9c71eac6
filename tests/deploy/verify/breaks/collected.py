"""Invariants 2 and 6: members' money and its receipts, broken."""

from tests.deploy.verify.breaks.made import of

COLLECTED = [
    of(
        2,
        "collected = allocated + credit + suspense + refunded",
        "contributions",
        """
        UPDATE ledger_entries SET amount_minor = amount_minor + 7
        WHERE id = (SELECT max(id) FROM ledger_entries WHERE starts_with(debit_account, 'cash:'))
        """,
        "SELECT 'suspense 7700, refunded 0'",
    ),
    of(
        2,
        "a reversed payment has left the account that it came in on",
        "contributions",
        """
        DELETE FROM ledger_entries WHERE kind = 'payment' AND reverses_id IS NOT NULL
        """,
        "SELECT payment_id FROM payment_reversals",
    ),
    of(
        2,
        "suspense is the sum of the lines that wait in it",
        "contributions",
        "UPDATE bank_lines SET state = 'settled' WHERE state = 'suspense'",
        "SELECT 'booked_minor 7700, waiting_minor 0'",
    ),
    of(
        2,
        "each line of a bank statement is booked as what it is, with its amount",
        "contributions",
        "UPDATE bank_lines SET amount_minor = amount_minor + 1 WHERE state = 'suspense' RETURNING id",
    ),
    of(
        2,
        "no member has usable credit and an open due at once",
        "contributions",
        """
        UPDATE dues SET state = 'open', settled_minor = 0 WHERE state = 'lapsed'
        """,
        """
        UPDATE member_accounts SET credit_minor = 1
        WHERE member_id = (SELECT member_id FROM dues WHERE settled_minor = 0 LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        2,
        "client money held is not less than what is owed to members and, for them, to the State",
        "contributions",
        """
        UPDATE ledger_entries SET debit_account = 'mutual:shortfall'
        WHERE kind = 'payment' AND starts_with(debit_account, 'cash:')
        """,
        "SELECT 'held_minor '",
    ),
    of(
        2,
        "the mutual's own money is never overdrawn, nor paid in by nobody",
        "contributions",
        "UPDATE fundings SET amount_minor = 1 WHERE state = 'funded'",
        "SELECT 'mutual:own:reserve'",
    ),
]
RECEIPTS = [
    of(
        6,
        "every receipt number is unique",
        "contributions",
        "DROP INDEX ix_payments_receipt_number",
        "UPDATE payments SET receipt_number = 1 RETURNING id",
    ),
    of(
        6,
        "every receipt was issued by the server, and is findable by its code",
        "contributions",
        "UPDATE payments SET receipt_number = 999 WHERE receipt_number = 2 RETURNING id",
    ),
    of(
        6,
        "every receipt was issued by the server, and is findable by its code",
        "contributions",
        "UPDATE payments SET check_code = '' WHERE receipt_number = 2 RETURNING id",
    ),
    of(
        6,
        "every payment says in the audit log who took it",
        "contributions",
        "UPDATE payments SET taken_by = gen_random_uuid() WHERE receipt_number = 2 RETURNING id",
    ),
]
