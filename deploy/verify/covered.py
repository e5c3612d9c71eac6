"""Invariant 7: whoever is covered is on a confirmed notice for the month; whoever is not was told."""

from deploy.verify.across import Side, arrives
from deploy.verify.checks import Check, sql_check

_LAPSED = """
    SELECT 'member ' || due.member_id || ' for ' || due.period AS key, max(mirror.booked_at) AS at
    FROM dues due
    LEFT JOIN ledger_entries charged ON charged.source_id = due.charge_id AND charged.kind = 'charge'
    LEFT JOIN ledger_entries mirror ON mirror.reverses_id = charged.id
        AND mirror.member_id = due.member_id
    WHERE due.state = 'lapsed' AND due.fund = 'contributions'
    GROUP BY due.member_id, due.period
"""
_COVERED = """
    SELECT 'member ' || member_id || ' for ' || period AS key, NULL::timestamptz AS at
    FROM coverages WHERE state = 'covered'
"""
_WITHDRAWN = """
    SELECT 'member ' || member_id || ' for ' || period AS key, NULL::timestamptz AS at
    FROM coverages WHERE state = 'withdrawn'
"""
_TOLD = """
    SELECT 'member ' || member_id || ' for ' || (facts ->> 'period') AS key, NULL::timestamptz AS at
    FROM messages WHERE template = %(template)s
"""


def _was_told(title: str, of: str, template: str) -> Check:
    return arrives(
        7,
        title,
        Side("contributions", of),
        Side("gateway", _TOLD, {"template": template}),
        producer="contributions",
        consumer="gateway",
        lacks=f"no message {template!r}",
    )


CHECKS: list[Check] = [
    sql_check(
        7,
        "contributions",
        "whoever is covered is on a confirmed notice for that month",
        counts="SELECT count(*) FROM coverages WHERE state = 'covered'",
        # Cover is withdrawn in the background, once its remittance has come back.
        offends="""
            WITH proven AS (
                SELECT DISTINCT notice.id AS notice_id, notice.period, notice.reference, line.member_id
                FROM notices notice
                JOIN declaration_lines line ON line.declaration_id = notice.declaration_id
                JOIN notice_lines billed ON billed.notice_id = notice.id
                    AND billed.document_type = line.document_type
                    AND billed.document_number = line.document_number AND billed.amount_minor > 0
                WHERE notice.type <> 'audit'
            )
            SELECT cover.member_id AS member, cover.period, proven.reference, remittance.state,
                   EXISTS (SELECT FROM coverage_runs run WHERE run.remittance_id = cover.remittance_id
                           AND run.kind = 'withdraw' AND run.state = 'running') AS is_pending
            FROM coverages cover
            LEFT JOIN remittances remittance ON remittance.id = cover.remittance_id
                AND remittance.notice_id = cover.notice_id
            LEFT JOIN proven ON proven.notice_id = cover.notice_id
                AND proven.period = cover.period AND proven.member_id = cover.member_id
            WHERE cover.state = 'covered'
              AND (remittance.state IS DISTINCT FROM 'confirmed' OR proven.member_id IS NULL)
            ORDER BY 1, 2
        """,
    ),
    sql_check(
        7,
        "contributions",
        "whoever was billed on a confirmed notice is covered for that month",
        counts="""
            SELECT count(*) FROM remittances remittance
            JOIN notices notice ON notice.id = remittance.notice_id AND notice.type <> 'audit'
            JOIN notice_lines billed ON billed.notice_id = notice.id
            WHERE remittance.state = 'confirmed'
        """,
        offends="""
            SELECT line.member_id AS member, notice.period, notice.reference, cover.state,
                   EXISTS (SELECT FROM coverage_runs run WHERE run.remittance_id = remittance.id
                           AND run.kind = 'grant' AND run.state = 'running') AS is_pending
            FROM remittances remittance
            JOIN notices notice ON notice.id = remittance.notice_id AND notice.type <> 'audit'
            JOIN declaration_lines line ON line.declaration_id = notice.declaration_id
            JOIN notice_lines billed ON billed.notice_id = notice.id
                AND billed.document_type = line.document_type
                AND billed.document_number = line.document_number AND billed.amount_minor > 0
            LEFT JOIN coverages cover ON cover.member_id = line.member_id AND cover.period = notice.period
            WHERE remittance.state = 'confirmed' AND cover.state IS DISTINCT FROM 'covered'
            ORDER BY 1, 2
        """,
    ),
    sql_check(
        7,
        "contributions",
        "whoever was left out of a filed payroll owes nothing for that month",
        counts="""
            SELECT count(*) FROM left_outs JOIN declarations ON declarations.id = declaration_id
            WHERE state IN ('filed', 'accepted')
        """,
        # Their charges lapse in the background, from the filing on.
        offends="""
            SELECT left_out.member_id AS member, declaration.period, left_out.reason,
                   due.total_minor - due.settled_minor AS open_minor,
                   EXISTS (SELECT FROM procrastinate_jobs job
                           WHERE job.args ->> 'declaration_id' = declaration.id::text
                           AND job.task_name LIKE '%lapse_left_out' AND job.status IN ('todo', 'doing'))
                       AS is_pending
            FROM left_outs left_out
            JOIN declarations declaration ON declaration.id = left_out.declaration_id
            JOIN dues due ON due.member_id = left_out.member_id AND due.charge_id = left_out.charge_id
                AND due.fund = 'contributions' AND due.state = 'open'
            WHERE declaration.state IN ('filed', 'accepted') ORDER BY 1
        """,
    ),
    _was_told("whoever is not covered, since their charge lapsed, was told", _LAPSED, "left_out"),
    _was_told("whoever is covered was told", _COVERED, "covered"),
    _was_told("whoever is no longer covered was told", _WITHDRAWN, "cover_withdrawn"),
]
