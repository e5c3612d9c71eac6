"""Invariant 1: the books. Debits equal credits, and every balance is the sum of its rows."""

from deploy.verify.checks import Check, sql_check
from deploy.verify.sides import SIDES


def _rows_are_movements(part: str) -> Check:
    return sql_check(
        1,
        part,
        f"each ledger row of {part} moves a positive amount between two accounts",
        counts="SELECT count(*) FROM ledger_entries",
        offends="""
            SELECT id, debit_account, credit_account, amount_minor FROM ledger_entries
            WHERE amount_minor <= 0 OR debit_account = credit_account ORDER BY id
        """,
    )


def _reversed_once(part: str) -> Check:
    return sql_check(
        1,
        part,
        f"a ledger row of {part} is reversed once, by its mirror",
        counts="SELECT count(*) FROM ledger_reversals",
        offends="""
            SELECT coalesce(noted.entry_id, mirror.reverses_id) AS reversed, original.id AS original,
                   count(mirror.id) AS mirrors, max(original.amount_minor) AS amount_minor,
                   max(mirror.amount_minor) AS mirrored_minor
            FROM ledger_reversals noted
            FULL JOIN (SELECT * FROM ledger_entries WHERE reverses_id IS NOT NULL) mirror
                ON mirror.reverses_id = noted.entry_id
            LEFT JOIN ledger_entries original
                ON original.id = coalesce(noted.entry_id, mirror.reverses_id)
            GROUP BY 1, 2
            HAVING original.id IS NULL OR count(mirror.id) <> 1 OR count(noted.entry_id) <> 1
                OR bool_or((mirror.debit_account, mirror.credit_account, mirror.amount_minor)
                    <> (original.credit_account, original.debit_account, original.amount_minor))
            ORDER BY 1
        """,
    )


CHECKS = [
    _rows_are_movements("contributions"),
    _rows_are_movements("benefits"),
    _reversed_once("contributions"),
    _reversed_once("benefits"),
    sql_check(
        1,
        "contributions",
        "each member's credit is the sum of its ledger rows",
        counts="SELECT count(*) FROM member_accounts",
        offends=f"""
            WITH side AS ({SIDES}), booked AS (
                SELECT member_id, -sum(minor) AS minor FROM side
                WHERE account = 'members:credit' GROUP BY member_id
            )
            SELECT coalesce(account.member_id, booked.member_id) AS member, account.credit_minor,
                   booked.minor AS booked_minor
            FROM member_accounts account FULL JOIN booked USING (member_id)
            WHERE coalesce(account.credit_minor, 0) <> coalesce(booked.minor, 0) ORDER BY 1
        """,
    ),
    sql_check(
        1,
        "contributions",
        "what each member owes to each fund is the sum of its ledger rows",
        counts="SELECT count(*) FROM dues",
        offends=f"""
            WITH side AS ({SIDES}), booked AS (
                SELECT member_id, account, sum(minor) AS minor FROM side
                WHERE starts_with(account, 'receivable:') GROUP BY member_id, account
            ), owed AS (
                SELECT member_id, 'receivable:' || fund AS account, sum(total_minor - settled_minor) AS minor
                FROM dues WHERE state = 'open' GROUP BY member_id, fund
            )
            SELECT coalesce(owed.member_id, booked.member_id) AS member,
                   coalesce(owed.account, booked.account) AS account, owed.minor AS owed_minor,
                   booked.minor AS booked_minor
            FROM owed FULL JOIN booked
                ON booked.member_id = owed.member_id AND booked.account = owed.account
            WHERE coalesce(owed.minor, 0) <> coalesce(booked.minor, 0) ORDER BY 1, 2
        """,
    ),
    sql_check(
        1,
        "contributions",
        "what is settled of each due is the sum of its allocations",
        counts="SELECT count(*) FROM allocations",
        offends="""
            WITH allocated AS (
                SELECT member_id, period, fund, sequence, sum(amount_minor) AS minor
                FROM allocations GROUP BY member_id, period, fund, sequence
            )
            SELECT member_id AS member, period, fund, sequence, due.settled_minor,
                   allocated.minor AS allocated_minor
            FROM dues due FULL JOIN allocated USING (member_id, period, fund, sequence)
            WHERE coalesce(due.settled_minor, 0) <> coalesce(allocated.minor, 0) ORDER BY 1, 2
        """,
    ),
    sql_check(
        1,
        "contributions",
        "each charge is the sum of its lines, of its dues and of its ledger rows",
        counts="SELECT count(*) FROM charges",
        offends="""
            WITH line AS (
                SELECT charge_id, sum(amount_minor) AS minor FROM charge_lines GROUP BY charge_id
            ), due AS (
                SELECT charge_id, sum(total_minor) AS minor FROM dues GROUP BY charge_id
            ), booked AS (
                SELECT source_id AS charge_id, sum(amount_minor) AS minor FROM ledger_entries
                WHERE kind = 'charge' GROUP BY source_id
            ), charge AS (
                SELECT id AS charge_id, member_id, total_minor FROM charges
            )
            SELECT charge_id AS charge, member_id AS member, total_minor, line.minor AS lines_minor,
                   due.minor AS dues_minor, booked.minor AS booked_minor
            FROM charge FULL JOIN line USING (charge_id) FULL JOIN due USING (charge_id)
            FULL JOIN booked USING (charge_id)
            WHERE (total_minor, total_minor, total_minor)
                IS DISTINCT FROM (line.minor, due.minor, booked.minor)
            ORDER BY 1
        """,
    ),
    sql_check(
        1,
        "contributions",
        "each charge run is the sum of its charges",
        counts="SELECT count(*) FROM charge_runs",
        offends="""
            WITH charged AS (
                SELECT run_id, count(*) AS members, sum(total_minor) AS minor FROM charges GROUP BY run_id
            )
            SELECT coalesce(run.id, charged.run_id) AS run, run.period, run.members_charged,
                   charged.members, run.total_minor, charged.minor AS charged_minor
            FROM charge_runs run FULL JOIN charged ON charged.run_id = run.id
            WHERE (coalesce(run.members_charged, 0), coalesce(run.total_minor, 0))
                <> (coalesce(charged.members, 0), coalesce(charged.minor, 0))
            ORDER BY 1
        """,
    ),
    sql_check(
        1,
        "contributions",
        "each payment is booked whole, and is what it settled and left as credit",
        counts="SELECT count(*) FROM payments",
        offends="""
            WITH booked AS (
                SELECT source_id, sum(amount_minor) AS minor,
                       coalesce(sum(amount_minor) FILTER (WHERE credit_account = 'members:credit'), 0)
                           AS credit_minor
                FROM ledger_entries WHERE kind = 'payment' AND reverses_id IS NULL GROUP BY source_id
            ), allocated AS (
                SELECT source_id, sum(amount_minor) AS minor FROM allocations
                WHERE source = 'payment' GROUP BY source_id
            )
            SELECT coalesce(payment.id, source_id) AS payment, payment.receipt_number,
                   payment.amount_minor, booked.minor AS booked_minor,
                   allocated.minor AS allocated_minor, payment.credit_minor
            FROM booked FULL JOIN allocated USING (source_id)
            FULL JOIN payments payment ON payment.id = source_id
            WHERE (payment.amount_minor, payment.credit_minor, payment.amount_minor)
                IS DISTINCT FROM (booked.minor, booked.credit_minor,
                                  coalesce(allocated.minor, 0) + payment.credit_minor)
            ORDER BY 1
        """,
    ),
]
