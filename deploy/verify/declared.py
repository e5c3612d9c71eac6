"""Invariant 3, declarations: lines = total = file, and whoever was charged is on it or left out of it."""

import hashlib
from collections.abc import Iterable, Iterator

from psycopg import sql

from deploy.verify.checks import Check, Finding, Snapshots, sql_check

LAYOUT = "tss-payroll"
MONEY = b"0000000000000.00"
# What follows the wage in a payroll's detail when nothing more is declared (TSS, Instructivo v6.0): three
# amounts, the withholding agent, four amounts, the type of income, three blocks.
TAIL = 3 * MONEY + 11 * b" " + 4 * MONEY + b"0001" + b"01" + MONEY + b"02" + MONEY + b"03" + MONEY


def _payroll_files(snapshots: Snapshots) -> Finding:
    """Write each payroll's file anew from its lines, by position, and compare hash, count and sum."""
    offending: list[str] = []
    checked = 0
    declarations = snapshots.rows(
        "contributions",
        """
        SELECT id, layout, process, employer_number, period, lines, total_minor, sha256,
               (SELECT count(*) FROM declaration_lines WHERE declaration_id = declaration.id),
               (SELECT coalesce(sum(amount_minor), 0) FROM declaration_lines
                WHERE declaration_id = declaration.id)
        FROM declarations declaration
        WHERE state IN ('drawn', 'filed', 'accepted') ORDER BY id
        """,
    )
    for (
        declaration_id,
        layout,
        process,
        employer,
        period,
        lines,
        total,
        sha256,
        found,
        amount,
    ) in declarations:
        header = f"E{process}{employer:>11}{period[5:]}{period[:4]}".encode()
        hashed = sha256
        if layout == LAYOUT:  # of another one only the lines are counted and summed
            hashed = _file_sha256(header, _stems(snapshots, str(declaration_id)))
        if (found, amount, hashed) != (lines, total, sha256):
            offending.append(
                f"declaration {declaration_id}: {found} lines of {lines}, {amount} of {total},"
                f" file {str(hashed)[:12]} of {str(sha256)[:12]}"
            )
        checked += found
    return Finding(3, "each declaration: lines = total = file", checked, offending)


def _file_sha256(header: bytes, stems: Iterable[bytes]) -> str:
    hashed, lines = hashlib.sha256(header + b"\r\n"), 2
    for stem in stems:
        hashed.update(stem + TAIL + b"\r\n")
        lines += 1
    hashed.update(f"S{lines:06d}\r\n".encode())
    return hashed.hexdigest()


def _stems(snapshots: Snapshots, declaration_id: str) -> Iterator[bytes]:
    """The frozen parts of a payroll's lines in order, streamed."""
    query = sql.SQL(
        "COPY (SELECT stem FROM declaration_lines WHERE declaration_id = {} ORDER BY line_number) TO STDOUT"
    ).format(sql.Literal(declaration_id))
    rest = b""
    with snapshots.connection("contributions").cursor().copy(query) as copy:
        for block in copy:
            *whole, rest = (rest + bytes(block)).split(b"\n")
            yield from whole


CHECKS: list[Check] = [
    _payroll_files,
    sql_check(
        3,
        "contributions",
        "each line declares the wage that its file says and the amount that its member owes",
        counts="SELECT count(*) FROM declaration_lines",
        offends="""
            SELECT line.declaration_id AS declaration, line.line_number, line.member_id AS member,
                   line.amount_minor, due.total_minor AS due_minor, line.wage_minor
            FROM declaration_lines line
            LEFT JOIN dues due ON due.member_id = line.member_id AND due.charge_id = line.charge_id
                AND due.fund = 'contributions'
            WHERE line.amount_minor IS DISTINCT FROM due.total_minor
               OR substr(line.stem, 170, 16) <> to_char(line.wage_minor / 100.0, 'FM0000000000000.00')
               OR substr(line.stem, 5, 1) <> line.document_type
            ORDER BY 1, 2
        """,
    ),
    sql_check(
        3,
        "contributions",
        "whoever was charged is on the payroll or left out of it with a reason, never both",
        counts="SELECT count(*) FROM left_outs",
        offends="""
            WITH line AS (
                SELECT declaration_id, count(*) AS count FROM declaration_lines GROUP BY declaration_id
            ), left_out AS (
                SELECT declaration_id, count(*) AS count FROM left_outs GROUP BY declaration_id
            )
            SELECT declaration.id AS declaration, NULL::uuid AS member, candidates, line.count AS on_it,
                   left_out.count AS left_out
            FROM declarations declaration LEFT JOIN line ON line.declaration_id = declaration.id
            LEFT JOIN left_out ON left_out.declaration_id = declaration.id
            WHERE state IN ('drawn', 'filed', 'accepted') AND (
                coalesce(line.count, 0) + coalesce(left_out.count, 0) <> candidates
                OR coalesce(left_out.count, 0) <> declaration.left_out)
            UNION ALL
            SELECT declaration_id, member_id, NULL, 1, 1
            FROM declaration_lines JOIN left_outs USING (declaration_id, member_id)
            UNION ALL
            SELECT declaration_id, member_id, NULL, NULL, 1 FROM left_outs WHERE reason = ''
            ORDER BY 1, 2
        """,
    ),
]
