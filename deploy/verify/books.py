"""Invariants 1 and 2: the books of money in. Every member's balance is the sum of its rows."""

from typing import LiteralString

from deploy.verify.checks import sql_check

_SIDES: LiteralString = """
    SELECT debit_account AS account, member_id, amount_minor AS minor FROM ledger_entries
    UNION ALL
    SELECT credit_account, member_id, -amount_minor FROM ledger_entries
"""

CHECKS = [
    sql_check(
        1,
        "contributions",
        "each ledger row moves a positive amount between two accounts",
        counts="SELECT count(*) FROM ledger_entries",
        offends="SELECT id, debit_account, credit_account, amount_minor FROM ledger_entries"
        " WHERE amount_minor <= 0 OR debit_account = credit_account",
    ),
    sql_check(
        1,
        "contributions",
        "a ledger row is reversed once, by the mirror of what it was",
        counts="SELECT count(*) FROM ledger_reversals",
        offends="SELECT mirror.id, original.id, mirror.amount_minor, original.amount_minor"
        " FROM ledger_entries mirror LEFT JOIN ledger_entries original ON original.id = mirror.reverses_id"
        " LEFT JOIN ledger_reversals noted ON noted.entry_id = mirror.reverses_id"
        " WHERE mirror.reverses_id IS NOT NULL AND (original.id IS NULL OR noted.entry_id IS NULL"
        " OR (mirror.debit_account, mirror.credit_account, mirror.amount_minor)"
        " <> (original.credit_account, original.debit_account, original.amount_minor))",
    ),
    sql_check(
        1,
        "contributions",
        "each member's credit is the sum of its ledger rows",
        counts="SELECT count(*) FROM member_accounts",
        offends=f"WITH booked AS (SELECT member_id, -sum(minor) AS minor FROM ({_SIDES}) side"
        " WHERE account = 'members:credit' GROUP BY member_id)"
        " SELECT coalesce(account.member_id, booked.member_id), account.credit_minor, booked.minor"
        " FROM member_accounts account FULL JOIN booked USING (member_id)"
        " WHERE coalesce(account.credit_minor, 0) <> coalesce(booked.minor, 0)",
    ),
    sql_check(
        1,
        "contributions",
        "what each member owes to each fund is the sum of its ledger rows",
        counts="SELECT count(*) FROM dues",
        offends=f"WITH booked AS (SELECT member_id, account, sum(minor) AS minor FROM ({_SIDES}) side"
        " WHERE starts_with(account, 'receivable:') GROUP BY member_id, account),"
        " owed AS (SELECT member_id, 'receivable:' || fund AS account, sum(total_minor - settled_minor) AS minor"
        " FROM dues WHERE state = 'open' GROUP BY member_id, fund)"
        " SELECT coalesce(owed.member_id, booked.member_id), coalesce(owed.account, booked.account),"
        " owed.minor, booked.minor FROM owed FULL JOIN booked USING (member_id, account)"
        " WHERE coalesce(owed.minor, 0) <> coalesce(booked.minor, 0)",
    ),
    sql_check(
        1,
        "contributions",
        "what is settled of each due is the sum of its allocations",
        counts="SELECT count(*) FROM allocations",
        offends="WITH allocated AS (SELECT member_id, period, fund, sequence, sum(amount_minor) AS minor"
        " FROM allocations GROUP BY member_id, period, fund, sequence)"
        " SELECT coalesce(due.member_id, allocated.member_id), period, fund, due.settled_minor, allocated.minor"
        " FROM dues due FULL JOIN allocated USING (member_id, period, fund, sequence)"
        " WHERE coalesce(due.settled_minor, 0) <> coalesce(allocated.minor, 0)",
    ),
    sql_check(
        1,
        "contributions",
        "each charge is the sum of its lines and of its dues",
        counts="SELECT count(*) FROM charges",
        offends="WITH lines AS (SELECT charge_id, sum(amount_minor) AS minor FROM charge_lines GROUP BY charge_id),"
        " due AS (SELECT charge_id, sum(total_minor) AS minor FROM dues GROUP BY charge_id)"
        " SELECT charge.id, charge.total_minor, lines.minor, due.minor FROM charges charge"
        " LEFT JOIN lines ON lines.charge_id = charge.id LEFT JOIN due ON due.charge_id = charge.id"
        " WHERE (charge.total_minor, charge.total_minor) IS DISTINCT FROM (lines.minor, due.minor)",
    ),
    sql_check(
        2,
        "contributions",
        "collected = allocated + credit + suspense + refunded",
        counts="SELECT count(*) FROM payments",
        offends=f"WITH booked AS (SELECT account, sum(minor) AS minor FROM ({_SIDES}) side GROUP BY account),"
        " collected AS (SELECT coalesce(sum(CASE WHEN debit_account ~ '^(bank|cash):' THEN amount_minor"
        " ELSE -amount_minor END), 0) AS minor FROM ledger_entries"
        " WHERE kind IN ('payment', 'suspense', 'credit')"
        " AND (debit_account ~ '^(bank|cash):') <> (credit_account ~ '^(bank|cash):')),"
        " kept AS (SELECT (SELECT coalesce(sum(settled_minor), 0) FROM dues) AS allocated,"
        " (SELECT coalesce(sum(credit_minor), 0) FROM member_accounts) AS credit,"
        " (SELECT coalesce(-sum(minor), 0) FROM booked WHERE account = 'suspense') AS suspense)"
        " SELECT collected.minor, kept.allocated, kept.credit, kept.suspense FROM collected, kept"
        " WHERE collected.minor <> kept.allocated + kept.credit + kept.suspense",
    ),
    sql_check(
        2,
        "contributions",
        "no member has usable credit and an open due at once",
        counts="SELECT count(*) FROM member_accounts WHERE credit_minor > 0",
        offends="SELECT member_id, credit_minor, period, fund, total_minor - settled_minor"
        " FROM member_accounts JOIN dues USING (member_id)"
        " WHERE credit_minor > 0 AND state = 'open' AND settled_minor < total_minor",
    ),
    sql_check(
        2,
        "contributions",
        "client money held is not less than what is owed to members and, for them, to the State",
        counts=f"SELECT count(DISTINCT account) FROM ({_SIDES}) side WHERE account ~ '^(bank|cash):'",
        offends=f"WITH booked AS (SELECT account, sum(minor) AS minor FROM ({_SIDES}) side GROUP BY account),"
        " held AS (SELECT coalesce(sum(minor), 0) AS minor FROM booked WHERE account ~ '^(bank|cash):'),"
        " owed AS (SELECT coalesce(-sum(minor), 0) AS minor FROM booked WHERE account IN ('members:credit',"
        " 'suspense', 'obligations:contributions', 'obligations:dependants', 'receivable:contributions'))"
        " SELECT held.minor, owed.minor FROM held, owed WHERE held.minor < owed.minor",
    ),
    sql_check(
        6,
        "contributions",
        "every receipt number is unique, issued by the server, and findable by its code",
        counts="SELECT count(*) FROM payments",
        offends="SELECT id, receipt_number, check_code FROM payments"
        " WHERE receipt_number > (SELECT last_value FROM receipt_numbers) OR receipt_number < 1"
        " OR check_code !~ '^[A-Z2-7]{13}$'"
        " UNION ALL SELECT NULL, receipt_number, NULL FROM payments GROUP BY receipt_number"
        " HAVING count(*) > 1",
    ),
]
