"""Invariant 4: benefit money, broken."""

from tests.deploy.verify.breaks.made import of

RELAYED = [
    of(
        4,
        "received = relayed + returned + waiting, for each disbursement",
        "benefits",
        "DELETE FROM ledger_entries WHERE kind = 'payout_paid'",
        "SELECT id FROM disbursements",
    ),
    of(
        4,
        "received = relayed + returned + waiting, for each disbursement",
        "benefits",
        "UPDATE payouts SET amount_minor = amount_minor - 1 WHERE state <> 'paid' RETURNING disbursement_id",
    ),
    of(
        4,
        "a disbursement is what was declared, its items and its money",
        "benefits",
        "UPDATE items SET amount_minor = amount_minor + 1 RETURNING disbursement_id",
    ),
    of(
        4,
        "a disbursement is what was declared, its items and its money",
        "benefits",
        "UPDATE fundings SET amount_minor = amount_minor - 1",
        "SELECT id FROM disbursements",
    ),
    of(
        4,
        "each account of benefit money stands at what its rows say",
        "benefits",
        "UPDATE payouts SET state = 'failed' WHERE state = 'released'",
        "SELECT unnest(ARRAY['owed-to-members', 'in-transit'])",
    ),
    of(
        4,
        "each item is one payout to one member and case, or none",
        "benefits",
        "UPDATE payouts SET member_id = gen_random_uuid() RETURNING item_id",
    ),
    of(
        4,
        "benefit money never touches the accounts of contributions",
        "contributions",
        """
        INSERT INTO ledger_entries
            (booked_on, kind, debit_account, credit_account, amount_minor, currency, source_id)
        SELECT value_on, 'suspense', 'bank:popular-1', 'suspense', amount_minor, currency, id
        FROM bank_lines WHERE state = 'benefit' RETURNING source_id
        """,
    ),
    of(
        4,
        "benefit money on a bank line has come to benefits",
        "benefits",
        "UPDATE fundings SET bank_line_id = gen_random_uuid()",
        "SELECT 'bank line '",
    ),
    of(
        4,
        "what benefits received was on a bank line",
        "benefits",
        "UPDATE fundings SET amount_minor = amount_minor + 1 RETURNING bank_line_id",
    ),
]
