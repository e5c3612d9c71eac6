"""Invariants 3 and 5: payrolls, bills and who is named, broken."""

from tests.deploy.verify.breaks.made import of

DECLARED = [
    of(
        3,
        "each declaration: lines = total = file",
        "contributions",
        "UPDATE declaration_lines SET stem = replace(stem, 'LAURA', 'LOURA') RETURNING declaration_id",
    ),
    of(
        3,
        "each declaration: lines = total = file",
        "contributions",
        "DELETE FROM declaration_lines WHERE line_number = 3 RETURNING declaration_id",
    ),
    of(
        3,
        "each line declares the wage that its file says and the amount that its member owes",
        "contributions",
        """
        UPDATE declaration_lines SET amount_minor = amount_minor - 1 WHERE line_number = 2
        RETURNING member_id
        """,
    ),
    of(
        3,
        "each line declares the wage that its file says and the amount that its member owes",
        "contributions",
        "UPDATE declaration_lines SET wage_minor = wage_minor + 1 WHERE line_number = 2 RETURNING member_id",
    ),
    of(
        3,
        "whoever was charged is on the payroll or left out of it with a reason, never both",
        "contributions",
        """
        UPDATE left_outs SET member_id = (SELECT member_id FROM declaration_lines WHERE line_number = 1)
        RETURNING member_id
        """,
    ),
    of(
        3,
        "whoever was charged is on the payroll or left out of it with a reason, never both",
        "contributions",
        "DELETE FROM left_outs RETURNING declaration_id",
    ),
]
BILLED = [
    of(
        3,
        "each notice is the sum of its lines, and each line of its branches",
        "contributions",
        "UPDATE notice_lines SET amounts_minor[1] = amounts_minor[1] + 1 WHERE line_number = 1"
        " RETURNING notice_id",
    ),
    of(
        3,
        "for each notice: billed − declared = Σ reasons",
        "contributions",
        "DELETE FROM notice_differences RETURNING notice_id",
    ),
    of(
        3,
        "for each member and notice: billed − declared = Σ reasons",
        "contributions",
        """
        UPDATE notice_differences SET line_number = 2,
            member_id = (SELECT member_id FROM declaration_lines WHERE line_number = 2)
        RETURNING member_id
        """,
    ),
    of(
        3,
        "no notice is remitted with a difference unexplained; what had another cause two people explained",
        "contributions",
        "UPDATE notice_differences SET state = 'open' RETURNING id",
    ),
    of(
        3,
        "no notice is remitted with a difference unexplained; what had another cause two people explained",
        "contributions",
        "ALTER TABLE notice_differences DROP CONSTRAINT ck_notice_differences_words",
        "UPDATE notice_differences SET reason = 'other' RETURNING id",
    ),
    of(
        3,
        "remitted = Σ confirmed notices, as the bank and the books say",
        "contributions",
        "UPDATE remittances SET amount_minor = amount_minor + 1 RETURNING id",
    ),
    of(
        3,
        "remitted = Σ confirmed notices, as the bank and the books say",
        "contributions",
        """
        DELETE FROM ledger_entries WHERE kind = 'remittance'
        """,
        "SELECT id FROM remittances",
    ),
    of(
        3,
        "remitted = Σ confirmed notices, as the bank and the books say",
        "contributions",
        "UPDATE remittances SET ordered_by = asked_by RETURNING id",
    ),
    of(
        3,
        "no notice is paid twice, and none that is kept aside",
        "contributions",
        "DROP INDEX ix_remittances_standing, ix_remittances_bank_line_id",
        """
        INSERT INTO remittances
        SELECT (jsonb_populate_record(remittance, jsonb_build_object('id', gen_random_uuid()))).*
        FROM remittances remittance RETURNING notice_id
        """,
    ),
]
NAMED = [
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        DELETE FROM agreements WHERE kind = 'mandate' AND member_id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        UPDATE agreements SET withdrawn_on = '2026-07-31' WHERE kind = 'mandate' AND member_id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        DELETE FROM verifications WHERE member_id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING member_id
        """,
    ),
    of(
        5,
        "whoever is named on a payroll has given a mandate and was verified by a second person",
        "registry",
        """
        UPDATE members SET identity_verified = false WHERE id IN (
            SELECT id FROM members WHERE state = 'active' ORDER BY id LIMIT 1) RETURNING id
        """,
    ),
    of(
        5,
        "each payroll was filed under an authorisation in force",
        "registry",
        "UPDATE authorisations SET expires_on = '2026-07-30'",
        "SELECT 'no authorisation of 999000004'",
    ),
]
