"""Invariant 7: who is covered and who was told, broken."""

from tests.deploy.verify.breaks.made import of

COVERED = [
    of(
        7,
        "whoever is covered is on a confirmed notice for that month",
        "contributions",
        "INSERT INTO coverages SELECT (jsonb_populate_record(cover, jsonb_build_object("
        "'member_id', (SELECT member_id FROM left_outs)))).* FROM coverages cover LIMIT 1"
        " RETURNING member_id",
    ),
    of(
        7,
        "whoever is covered is on a confirmed notice for that month",
        "contributions",
        "UPDATE remittances SET state = 'ordered'",
        "SELECT member_id FROM coverages",
    ),
    of(
        7,
        "whoever was billed on a confirmed notice is covered for that month",
        "contributions",
        "DELETE FROM coverages WHERE member_id = (SELECT member_id FROM coverages LIMIT 1)"
        " RETURNING member_id",
    ),
    of(
        7,
        "whoever was left out of a filed payroll owes nothing for that month",
        "contributions",
        "DELETE FROM procrastinate_jobs",
        "UPDATE dues SET state = 'open' WHERE state = 'lapsed' RETURNING member_id",
    ),
    of(
        7,
        "whoever is not covered, since their charge lapsed, was told",
        "gateway",
        "DELETE FROM messages WHERE template = 'left_out' RETURNING member_id",
    ),
    of(
        7,
        "whoever is covered was told",
        "gateway",
        "DELETE FROM messages WHERE template = 'covered' RETURNING member_id",
    ),
    of(
        7,
        "whoever is no longer covered was told",
        "contributions",
        "UPDATE coverages SET state = 'withdrawn', withdrawn_on = '2026-08-05' RETURNING member_id",
    ),
]
