"""Invariant 6: receipts. Each number once, from the server, and to be found by anyone who holds it."""

from deploy.verify.checks import sql_check

CHECKS = [
    sql_check(
        6,
        "contributions",
        "every receipt number is unique",
        counts="SELECT count(receipt_number) FROM payments",
        offends="""
            SELECT receipt_number, count(*) AS payments, array_agg(id ORDER BY id) AS ids FROM payments
            GROUP BY receipt_number HAVING count(*) > 1 ORDER BY 1
        """,
    ),
    sql_check(
        6,
        "contributions",
        "every receipt was issued by the server, and is findable by its code",
        counts="SELECT count(*) FROM payments",
        offends="""
            SELECT id AS payment, receipt_number, check_code FROM payments
            WHERE receipt_number IS NULL OR receipt_number < 1
               OR receipt_number > coalesce(pg_sequence_last_value('receipt_numbers'), 0)
               OR check_code IS NULL OR check_code !~ '^[A-Z2-7]{13}$'
               OR check_code IN (
                   SELECT check_code FROM payments GROUP BY check_code HAVING count(*) > 1)
            ORDER BY 2
        """,
    ),
    sql_check(
        6,
        "contributions",
        "every payment says in the audit log who took it",
        counts="SELECT count(*) FROM audit_log WHERE action = 'payments.post'",
        offends="""
            SELECT id AS payment, receipt_number, taken_by FROM payments payment
            WHERE NOT EXISTS (
                SELECT FROM audit_log WHERE subject_id = payment.id AND action = 'payments.post'
                AND actor_id = payment.taken_by)
            ORDER BY 2
        """,
    ),
]
