"""Invariant 1: the books, broken."""

from tests.deploy.verify.breaks.made import of

IN_ANY_LEDGER = [
    one
    for part in ("contributions", "benefits")
    for one in (
        of(
            1,
            f"each ledger row of {part} moves a positive amount between two accounts",
            part,
            "ALTER TABLE ledger_entries DROP CONSTRAINT ck_ledger_entries_positive",
            """
            UPDATE ledger_entries SET amount_minor = -amount_minor
            WHERE id = (SELECT min(id) FROM ledger_entries) RETURNING id
            """,
        ),
        of(
            1,
            f"each ledger row of {part} moves a positive amount between two accounts",
            part,
            "ALTER TABLE ledger_entries DROP CONSTRAINT ck_ledger_entries_two_accounts",
            """
            UPDATE ledger_entries SET credit_account = debit_account
            WHERE id = (SELECT max(id) FROM ledger_entries) RETURNING id
            """,
        ),
        of(
            1,
            f"a ledger row of {part} is reversed once, by its mirror",
            part,
            """
            INSERT INTO ledger_reversals (entry_id, source_id) VALUES (999999, gen_random_uuid())
            RETURNING entry_id
            """,
        ),
        of(
            1,
            f"the seals over {part}.ledger_entries are unbroken",
            part,
            """
            UPDATE ledger_entries SET booked_at = booked_at - interval '1 second'
            WHERE id = (SELECT min(id) FROM ledger_entries)
            """,
            "SELECT 'changed: transactions 0 to '",
        ),
    )
]
SEALS = [
    of(
        1,
        f"the seals over {part}.audit_log are unbroken",
        part,
        "DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)",
        "SELECT 'covers ' || row_count || ' rows and finds ' || row_count - 1 FROM seals"
        " WHERE kind = 'audit_log'",
    )
    for part in ("registry", "contributions", "benefits")
]
BOOKS = [
    of(
        1,
        "the seals over contributions.ledger_entries are unbroken",
        "contributions",
        "UPDATE seals SET signature = 'forged' WHERE kind = 'ledger_entries' RETURNING id",
    ),
    of(
        1,
        "a ledger row of contributions is reversed once, by its mirror",
        "contributions",
        """
        UPDATE ledger_entries SET amount_minor = amount_minor + 1
        WHERE reverses_id = (SELECT max(reverses_id) FROM ledger_entries) RETURNING reverses_id
        """,
    ),
    of(
        1,
        "a ledger row of contributions is reversed once, by its mirror",
        "contributions",
        """
        DELETE FROM ledger_reversals WHERE entry_id = (SELECT min(entry_id) FROM ledger_reversals)
        RETURNING entry_id
        """,
    ),
    of(
        1,
        "each member's credit is the sum of its ledger rows",
        "contributions",
        """
        UPDATE member_accounts SET credit_minor = credit_minor + 1
        WHERE member_id = (SELECT member_id FROM member_accounts LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        1,
        "what each member owes to each fund is the sum of its ledger rows",
        "contributions",
        """
        UPDATE dues SET total_minor = total_minor + 1
        WHERE member_id = (SELECT member_id FROM dues WHERE state = 'open' LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        1,
        "what is settled of each due is the sum of its allocations",
        "contributions",
        """
        UPDATE allocations SET amount_minor = amount_minor - 1
        WHERE id = (SELECT max(id) FROM allocations) RETURNING member_id
        """,
    ),
    of(
        1,
        "each charge is the sum of its lines, of its dues and of its ledger rows",
        "contributions",
        "DELETE FROM charge_lines WHERE id = (SELECT max(id) FROM charge_lines) RETURNING charge_id",
    ),
    of(
        1,
        "each charge is the sum of its lines, of its dues and of its ledger rows",
        "contributions",
        """
        DELETE FROM charges WHERE id = (SELECT id FROM charges LIMIT 1) RETURNING id
        """,
    ),
    of(
        1,
        "each charge run is the sum of its charges",
        "contributions",
        "UPDATE charge_runs SET members_charged = members_charged + 1 RETURNING id",
    ),
    of(
        1,
        "each payment is booked whole, and is what it settled and left as credit",
        "contributions",
        """
        DELETE FROM ledger_entries WHERE id = (
            SELECT max(id) FROM ledger_entries WHERE kind = 'payment' AND reverses_id IS NULL)
        RETURNING source_id
        """,
    ),
    of(
        1,
        "each payment is booked whole, and is what it settled and left as credit",
        "contributions",
        "DELETE FROM payments WHERE id = (SELECT id FROM payments LIMIT 1) RETURNING id",
    ),
]
