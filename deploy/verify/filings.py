"""Invariants 3, 5 and 7: declarations, notices and remittances; who may be named; who is covered."""

import hashlib
from typing import Any

from deploy.verify.checks import PENDING_SECONDS, SHOWN_MAX, Check, Finding, Snapshots, sql_check

MONEY = "0000000000000.00"
# What follows the wage in a payroll's detail when nothing more is declared (TSS, Instructivo v6.0):
# three amounts, the withholding agent, four amounts, the type of income, three blocks.
TAIL = 3 * MONEY + 11 * " " + 4 * MONEY + "0001" + "01" + MONEY + "02" + MONEY + "03" + MONEY


def _payroll_files(snapshots: Snapshots) -> Finding:
    """Write each payroll's file anew from its lines, by position, and compare hash, count and sum."""
    offending: list[str] = []
    declarations = snapshots.rows(
        "contributions",
        "SELECT id, process, employer_number, period, lines, total_minor, sha256 FROM declarations"
        " WHERE sha256 IS NOT NULL",
    )
    checked = 0
    for declaration_id, process, number, period, lines, total, sha256 in declarations:
        month = period[5:] + period[:4]
        file = [f"E{process}{number:>11}{month}"]
        found = snapshots.rows(
            "contributions",
            "SELECT stem, amount_minor FROM declaration_lines WHERE declaration_id = %s ORDER BY line_number",
            declaration_id,
        )
        file += [stem + TAIL for stem, _ in found]
        file.append(f"S{len(found) + 2:06d}")
        hashed = hashlib.sha256("".join(line + "\r\n" for line in file).encode("ascii")).hexdigest()
        amount = sum(minor for _, minor in found)
        if (len(found), amount, hashed) != (lines, total, sha256):
            offending.append(
                f"declaration {declaration_id}: {len(found)} lines of {lines}, {amount} of {total},"
                f" file {hashed[:12]} of {sha256[:12]}"
            )
        checked += len(found)
    return Finding(3, "each declaration: lines = total = file", checked, offending)


def _named_with_right(snapshots: Snapshots) -> Finding:
    """Nobody is on a filed payroll without mandate, valid authorisation and verified identity."""
    named = snapshots.rows(
        "contributions",
        "SELECT line.member_id, declaration.period, declaration.scheme FROM declaration_lines line"
        " JOIN declarations declaration ON declaration.id = line.declaration_id"
        " WHERE declaration.state IN ('filed', 'accepted')",
    )
    with_mandate = {
        (row[0], row[1])
        for period in {period for _, period, _ in named}
        for row in snapshots.rows(
            "registry",
            "SELECT member.id, %s FROM members member WHERE member.identity_verified"
            " AND EXISTS (SELECT FROM agreements WHERE agreements.member_id = member.id"
            " AND kind = 'mandate' AND given_on <= (%s || '-01')::date + interval '1 month' - interval '1 day')",
            period,
            period,
        )
    }
    authorised = {
        key
        for key in {(period, scheme) for _, period, scheme in named}
        if snapshots.value(
            "registry",
            "SELECT count(*) FROM authorisations WHERE scheme = %s AND put_in_force_by IS NOT NULL"
            " AND valid_from <= (%s || '-01')::date + interval '1 month' - interval '1 day'"
            " AND (expires_on IS NULL OR expires_on >= (%s || '-01')::date)",
            key[1],
            key[0],
            key[0],
        )
    }
    offending = [
        f"member {member} of {period}"
        for member, period, scheme in named
        if (member, period) not in with_mandate or (period, scheme) not in authorised
    ]
    title = "nobody is named without mandate, valid authorisation and verified identity"
    return Finding(5, title, len(named), offending[:SHOWN_MAX])


def _left_out_were_told(snapshots: Snapshots) -> Finding:
    """Whoever was left out of a filed payroll was told, or has no phone that could be told."""
    left_out = snapshots.rows(
        "contributions",
        "SELECT out.member_id, declaration.filed_at < now() - make_interval(secs => %s) FROM left_outs out"
        " JOIN declarations declaration ON declaration.id = out.declaration_id"
        " WHERE declaration.state IN ('filed', 'accepted')",
        PENDING_SECONDS,
    )
    told: dict[Any, Any] = dict(
        snapshots.rows("gateway", "SELECT DISTINCT member_id, true FROM messages WHERE template = 'left_out'")
    )
    reachable = {
        row[0] for row in snapshots.rows("gateway", "SELECT member_id FROM contacts WHERE phone IS NOT NULL")
    }
    missing = [(member, old) for member, old in left_out if member in reachable and member not in told]
    offending = [f"member {member}" for member, old in missing if old]
    title = "everyone who was left out and has a phone was told"
    return Finding(7, title, len(left_out), offending[:SHOWN_MAX], len(missing) - len(offending))


CHECKS: list[Check] = [
    _payroll_files,
    sql_check(
        3,
        "contributions",
        "declared, left out and charged are the same people",
        counts="SELECT count(*) FROM declaration_lines",
        offends="SELECT declaration.id, lines, left_out, candidates FROM declarations declaration"
        " WHERE state IN ('drawn', 'filed', 'accepted') AND lines + left_out <> candidates"
        " UNION ALL SELECT line.declaration_id, line.line_number, 0, 0 FROM declaration_lines line"
        " JOIN left_outs out USING (declaration_id, member_id)",
    ),
    _named_with_right,
    _left_out_were_told,
]
