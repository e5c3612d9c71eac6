"""Invariant 5: nobody is on a payroll without mandate, valid authorisation and verified identity."""

from typing import Any

from deploy.verify.across import Side, compare
from deploy.verify.checks import Check, Finding, Snapshots

_NAMED = """
    SELECT 'member ' || member_id AS key, NULL::timestamptz AS at
    FROM declaration_lines WHERE declaration_id = %(declaration_id)s
"""
# Identity: a second person had verified it when the payroll was filed. A change since then takes the mark
# away and counts the version up; a mark that is missing without it was taken away by hand.
_ENTITLED = """
    SELECT 'member ' || member.id AS key, NULL::timestamptz AS at
    FROM members member
    JOIN LATERAL (
        SELECT min(verified_at) AS first_at, max(member_version) AS version FROM verifications
        WHERE verifications.member_id = member.id
    ) verified ON verified.first_at <= %(filed_at)s
        AND (member.identity_verified OR member.version > verified.version)
    WHERE EXISTS (
        SELECT FROM agreements agreement WHERE agreement.member_id = member.id
        AND agreement.kind = 'mandate' AND agreement.given_on <= %(last_day)s
        AND (agreement.withdrawn_on IS NULL OR agreement.withdrawn_on > %(last_day)s))
"""


def _named_with_right(snapshots: Snapshots) -> Finding:
    offending: list[str] = []
    checked = 0
    for declaration in _payrolls(snapshots):
        named = Side("contributions", _NAMED, declaration)
        found = compare(snapshots, named, Side("registry", _ENTITLED, declaration))
        checked += found.checked
        offending += [
            f"{key} on the payroll of {declaration['period']}: no mandate, or identity not verified"
            for key, _ in found.missing
        ]
    title = "whoever is named on a payroll has given a mandate and was verified by a second person"
    return Finding(5, title, checked, offending)


def _filed_with_authorisation(snapshots: Snapshots) -> Finding:
    offending: list[str] = []
    payrolls = _payrolls(snapshots)
    for declaration in payrolls:
        in_force = snapshots.value(
            "registry",
            """
            SELECT count(*) FROM authorisations
            WHERE state = 'in_force' AND put_in_force_by <> proposed_by AND scheme = %(scheme)s
              AND employer_number = %(employer_number)s AND %(payroll_code)s = ANY(payroll_codes)
              AND valid_from <= %(last_day)s AND (expires_on IS NULL OR expires_on >= %(last_day)s)
            """,
            declaration,
        )
        if not in_force:
            offending.append(
                f"declaration {declaration['declaration_id']} of {declaration['period']}:"
                f" no authorisation of {declaration['employer_number']} was in force"
            )
    return Finding(5, "each payroll was filed under an authorisation in force", len(payrolls), offending)


def _payrolls(snapshots: Snapshots) -> list[dict[str, Any]]:
    rows = snapshots.rows(
        "contributions",
        """
        SELECT id, period, scheme, employer_number, payroll_code, coalesce(filed_at, now()),
               ((period || '-01')::date + interval '1 month' - interval '1 day')::date
        FROM declarations WHERE state IN ('drawn', 'filed', 'accepted') ORDER BY id
        """,
    )
    names = (
        "declaration_id",
        "period",
        "scheme",
        "employer_number",
        "payroll_code",
        "filed_at",
        "last_day",
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


CHECKS: list[Check] = [_named_with_right, _filed_with_authorisation]
