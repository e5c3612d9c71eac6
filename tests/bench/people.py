"""Synthetic members, written straight into the tables of contributions' projection."""

import psycopg

from deploy.databases import Database

PERIOD = "2026-07"


def write_members(database: Database, count: int) -> None:
    """`count` active members with accounts, wages that repeat as real ones do, and an authorisation."""
    with psycopg.connect(database.owner_url) as connection:
        connection.execute(_MEMBERS, (count,))
        connection.execute("INSERT INTO member_accounts SELECT id, currency, 0 FROM members")
        connection.execute(_AUTHORISATION)
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE members")
        connection.execute("VACUUM ANALYZE member_accounts")


_MEMBERS = """
INSERT INTO members
SELECT uuidv7(), 1, lpad(n::text, 7, '0'), uuidv7(), 'active', 'Ana', 'Muestra', 'Sintética', 'F',
       date '1980-01-01' + n %% 9000, 'C', '999' || lpad(n::text, 8, '0'), NULL,
       1416100 + (n %% 4000) * 500, 'DOP', (ARRAY['I', 'II', 'III', 'IV'])[1 + n %% 4],
       CASE WHEN n %% 33 = 0 THEN 1 ELSE 0 END, true, true
FROM generate_series(1, %s) AS n
"""

_AUTHORISATION = """
INSERT INTO authorisations (id, version, state, scheme, employer_number, payroll_codes,
                            minimum_wage_minor, currency, infotep, valid_from)
VALUES (uuidv7(), 1, 'in_force', 'do-sdss', '999000004', '{001}', 1416100, 'DOP', false, '2026-01-01')
"""
