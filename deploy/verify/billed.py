"""Invariant 3, notices and remittances: billed − declared = Σ reasons, and remitted = Σ confirmed notices."""

from deploy.verify.checks import sql_check

CHECKS = [
    sql_check(
        3,
        "contributions",
        "each notice is the sum of its lines, and each line of its branches",
        counts="SELECT count(*) FROM notice_lines",
        offends="""
            WITH line AS (
                SELECT notice_id, count(*) AS count, sum(amount_minor) AS minor, bool_and(
                    amount_minor = (SELECT sum(minor) FROM unnest(amounts_minor) AS minor)) AS adds_up
                FROM notice_lines GROUP BY notice_id
            )
            SELECT notice.id AS notice, reference, notice.lines, line.count AS found, lines_minor,
                   line.minor AS found_minor, adds_up
            FROM notices notice LEFT JOIN line ON line.notice_id = notice.id
            WHERE notice.state <> 'aside' AND (
                (notice.lines, lines_minor) <> (coalesce(line.count, 0), coalesce(line.minor, 0))
                OR total_minor <> lines_minor + late_charge_minor - credits_minor OR NOT adds_up)
            ORDER BY 1
        """,
    ),
    sql_check(
        3,
        "contributions",
        "for each notice: billed − declared = Σ reasons",
        counts="SELECT count(*) FROM notices WHERE state = 'compared'",
        offends="""
            WITH reason AS (
                SELECT notice_id, sum(amount_minor) AS minor FROM notice_differences GROUP BY notice_id
            )
            SELECT notice.id AS notice, reference, notice.total_minor AS billed_minor,
                   notice.declared_minor, reason.minor AS reasons_minor
            FROM notices notice LEFT JOIN reason ON reason.notice_id = notice.id
            LEFT JOIN declarations declaration ON declaration.id = notice.declaration_id
            WHERE notice.state = 'compared' AND (
                notice.total_minor - notice.declared_minor <> coalesce(reason.minor, 0)
                OR notice.declared_minor IS DISTINCT FROM
                    CASE notice.type WHEN 'audit' THEN 0 ELSE declaration.total_minor END)
            ORDER BY 1
        """,
    ),
    sql_check(
        3,
        "contributions",
        "for each member and notice: billed − declared = Σ reasons",
        counts="""
            SELECT count(*) FROM declaration_lines line
            JOIN notices notice ON notice.declaration_id = line.declaration_id
            WHERE notice.state = 'compared' AND notice.type <> 'audit'
        """,
        # Whom the bill does not know has no line on it; whom the payroll does not know is no member.
        offends="""
            WITH billed AS (
                SELECT notice.id AS notice_id, line.document_type, line.document_number,
                       line.line_number, line.amount_minor
                FROM notices notice JOIN notice_lines line ON line.notice_id = notice.id
                WHERE notice.state = 'compared'
            ), declared AS (
                SELECT notice.id AS notice_id, line.document_type, line.document_number,
                       line.member_id, line.amount_minor
                FROM notices notice JOIN declaration_lines line USING (declaration_id)
                WHERE notice.state = 'compared' AND notice.type <> 'audit'
            ), person AS (
                SELECT notice_id, coalesce(line_number::text, member_id::text) AS who, line_number,
                       member_id, coalesce(billed.amount_minor, 0) AS billed_minor,
                       coalesce(declared.amount_minor, 0) AS declared_minor
                FROM billed FULL JOIN declared USING (notice_id, document_type, document_number)
            ), reason AS (
                SELECT notice_id, coalesce(line_number::text, member_id::text) AS who,
                       sum(amount_minor) AS minor, count(*) FILTER (WHERE state = 'open') AS open
                FROM notice_differences WHERE line_number IS NOT NULL OR member_id IS NOT NULL
                GROUP BY 1, 2
            )
            SELECT notice_id AS notice, line_number, coalesce(member_id::text, who) AS member, billed_minor,
                   declared_minor, reason.minor AS reasons_minor
            FROM person FULL JOIN reason USING (notice_id, who)
            WHERE coalesce(billed_minor, 0) - coalesce(declared_minor, 0) <> coalesce(reason.minor, 0)
            ORDER BY 1, 2
        """,
    ),
    sql_check(
        3,
        "contributions",
        "no notice is remitted with a difference unexplained; what had another cause two people explained",
        counts="SELECT count(*) FROM notice_differences",
        offends="""
            SELECT difference.id AS difference, difference.notice_id AS notice, difference.reason,
                   difference.state, difference.amount_minor
            FROM notice_differences difference
            LEFT JOIN notice_explanations explanation ON explanation.id = difference.explanation_id
            WHERE difference.state = 'open' AND EXISTS (
                    SELECT FROM remittances WHERE remittances.notice_id = difference.notice_id
                    AND remittances.state IN ('ordered', 'confirmed'))
               OR difference.state = 'explained' AND difference.reason IN ('missing', 'unknown', 'other')
                AND (explanation.state IS DISTINCT FROM 'explained'
                     OR explanation.notice_id <> difference.notice_id)
               OR difference.state = 'explained' AND difference.reason = 'other' AND NOT EXISTS (
                    SELECT FROM approvals WHERE approvals.subject_id = difference.explanation_id
                    AND approvals.kind = 'notices.explain' AND approvals.state = 'approved'
                    AND approvals.decided_by <> approvals.requested_by)
            ORDER BY 1
        """,
    ),
    sql_check(
        3,
        "contributions",
        "remitted = Σ confirmed notices, as the bank and the books say",
        counts="SELECT count(*) FROM remittances WHERE state IN ('ordered', 'confirmed')",
        offends="""
            WITH booked AS (
                SELECT source_id, sum(CASE WHEN starts_with(credit_account, 'bank:') THEN amount_minor
                                      ELSE -amount_minor END) AS minor
                FROM ledger_entries
                WHERE kind = 'remittance'
                  AND (starts_with(credit_account, 'bank:') OR starts_with(debit_account, 'bank:'))
                GROUP BY source_id
            )
            SELECT remittance.id AS remittance, remittance.state, remittance.amount_minor,
                   notice.total_minor AS billed_minor, -line.amount_minor AS bank_minor,
                   booked.minor AS booked_minor, coalesce(line.id, booked.source_id) AS bank_line
            FROM remittances remittance
            LEFT JOIN notices notice ON notice.id = remittance.notice_id AND notice.state = 'compared'
            LEFT JOIN bank_lines line ON line.id = remittance.bank_line_id AND line.state = 'remittance'
            FULL JOIN booked ON booked.source_id = remittance.bank_line_id
            WHERE remittance.id IS NULL
               OR remittance.amount_minor IS DISTINCT FROM notice.total_minor
               OR remittance.bank_line_id IS NOT NULL
                AND (remittance.amount_minor, remittance.amount_minor, remittance.account)
                    IS DISTINCT FROM (-line.amount_minor, booked.minor, line.account)
               OR remittance.state = 'confirmed' AND remittance.bank_line_id IS NULL
               OR remittance.ordered_by = remittance.asked_by
            ORDER BY 1
        """,
    ),
    sql_check(
        3,
        "contributions",
        "no notice is paid twice, and none that is kept aside",
        counts="SELECT count(*) FROM notices",
        offends="""
            SELECT notice.id AS notice, notice.reference, notice.state, count(*) AS remittances
            FROM notices notice JOIN remittances remittance ON remittance.notice_id = notice.id
            WHERE remittance.state IN ('ordered', 'confirmed')
            GROUP BY notice.id HAVING count(*) > 1 OR notice.state <> 'compared' ORDER BY 1
        """,
    ),
]
