"""SQL of a chunk of a roster's members: copied in, compared with each other and the registry, written.

Works on a psycopg connection inside the caller's transaction. Statements are planned each time they
run: a plan made while the tables were empty would read them whole when they are full. Lookups are
LATERAL with a LIMIT: of fresh tables the planner knows too little to be let join them in another way.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.registry.imports.rows import CellError

INCOMING = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming_members (
    line INTEGER, id UUID, name_keys TEXT[], organisation_id UUID, given_names TEXT, first_surname TEXT,
    second_surname TEXT, sex TEXT, birth_date DATE, phone TEXT, language TEXT, occupation TEXT,
    risk_class TEXT, declared_wage_minor BIGINT, document_type TEXT, document_number TEXT,
    document_written TEXT, override_reason TEXT, mandate_on DATE, mandate_text TEXT, consent_on DATE,
    consent_text TEXT
);
CREATE TEMPORARY TABLE IF NOT EXISTS incoming_family (
    line INTEGER, id UUID, member_document TEXT, member_written TEXT, given_names TEXT,
    first_surname TEXT, second_surname TEXT, sex TEXT, birth_date DATE, relation TEXT, kind TEXT,
    document_type TEXT, document_number TEXT, member_id UUID, is_in_file BOOLEAN NOT NULL DEFAULT false
);
TRUNCATE incoming_members, incoming_family;
"""


def stage(connection: Connection[Any], members: str, family: str) -> None:
    """Copy the chunk's rows, which are COPY's text, into empty temporary tables."""
    connection.execute(INCOMING)
    cursor = connection.cursor()
    with cursor.copy("COPY incoming_members FROM STDIN") as copy:
        copy.write(members)
    with cursor.copy(_FAMILY) as copy:
        copy.write(family)


def note_errors(connection: Connection[Any], import_id: UUID, errors: Sequence[CellError]) -> None:
    """Write what is wrong with cells."""
    if not errors:
        return
    with connection.cursor().copy(_ERRORS) as copy:
        for error in errors:
            value = error.value.replace("\0", "")[:_VALUE_CHARACTERS_MAX]
            copy.write_row((import_id, error.line, error.column, value, error.code, error.reason))


def refuse_doubles(connection: Connection[Any], import_id: UUID) -> int:
    """Take members out of the chunk whose document another has, and note why; returns how many."""
    return connection.execute(_DOUBLES, {"import_id": import_id}, prepare=False).rowcount


def write_members(connection: Connection[Any], import_id: UUID, by: UUID, currency: str) -> int:
    """Write the chunk's members with documents and agreements; returns how many."""
    given = {"import_id": import_id, "by": by, "currency": currency}
    return connection.execute(_WRITE, given, prepare=False).rowcount


def remember_members(connection: Connection[Any], import_id: UUID) -> None:
    """Note whom a roster that is only checked has brought so far."""
    connection.execute(_REMEMBER, {"import_id": import_id}, prepare=False)


_VALUE_CHARACTERS_MAX = 200
_ERRORS = 'COPY import_errors (import_id, line, "column", value, code, reason) FROM STDIN'

_FAMILY = (
    "COPY incoming_family (line, id, member_document, member_written, given_names, first_surname,"
    " second_surname, sex, birth_date, relation, kind, document_type, document_number) FROM STDIN"
)

_DOUBLES = """
WITH found AS (
    SELECT given.line,
           CASE WHEN given.first_line < given.line THEN given.first_line
                WHEN earlier.line IS NOT NULL THEN earlier.line
                WHEN known.import_id = %(import_id)s THEN known.import_line END AS other_line
    FROM (SELECT line, document_type, document_number,
                 min(line) OVER (PARTITION BY document_number, document_type) AS first_line
          FROM incoming_members) given
    LEFT JOIN LATERAL (
        SELECT line FROM imported_keys
        WHERE import_id = %(import_id)s AND key = given.document_type || ' ' || given.document_number LIMIT 1
    ) earlier ON true
    LEFT JOIN LATERAL (
        SELECT member.id, member.import_id, member.import_line FROM identity_documents document
        JOIN members member ON member.id = document.member_id
        WHERE document.number = given.document_number AND document.type = given.document_type
          AND document.retired_at IS NULL LIMIT 1
    ) known ON true
    WHERE given.first_line < given.line OR earlier.line IS NOT NULL OR known.id IS NOT NULL
), gone AS (
    DELETE FROM incoming_members USING found WHERE incoming_members.line = found.line
    RETURNING incoming_members.line, document_written
)
INSERT INTO import_errors (import_id, line, "column", value, code, reason)
SELECT %(import_id)s, line, 'document_number', document_written,
       CASE WHEN other_line IS NULL THEN 'duplicate_in_registry' ELSE 'duplicate_in_file' END,
       CASE WHEN other_line IS NULL THEN 'A member with this document is registered already.'
            ELSE 'The same document stands on line ' || other_line || '.' END
FROM found JOIN gone USING (line) ORDER BY line
"""

_WRITE = """
WITH documents AS (
    INSERT INTO identity_documents (member_id, type, number, override_reason, recorded_by)
    SELECT id, document_type, document_number, override_reason, %(by)s FROM incoming_members ORDER BY line
), agreed AS (
    INSERT INTO agreements (member_id, kind, given_on, text_version, recorded_by)
    SELECT id, kind, given_on, text_version, %(by)s
    FROM incoming_members,
         LATERAL (VALUES ('mandate', mandate_on, mandate_text), ('consent', consent_on, consent_text))
         AS signed (kind, given_on, text_version)
    WHERE given_on IS NOT NULL ORDER BY line
)
INSERT INTO members (id, organisation_id, given_names, first_surname, second_surname, name_keys, sex,
                     birth_date, phone, phone_needs_review, language, occupation, risk_class,
                     declared_wage_minor, currency, registered_by, content_by, import_id, import_line)
SELECT id, organisation_id, given_names, first_surname, second_surname, name_keys, sex, birth_date, phone,
       phone IS NOT NULL AND (
           row_number() OVER (PARTITION BY phone ORDER BY line) > 1
           OR EXISTS (SELECT FROM members other WHERE other.phone = incoming_members.phone)),
       language, occupation, risk_class, declared_wage_minor, %(currency)s, %(by)s, %(by)s, %(import_id)s,
       line
FROM incoming_members ORDER BY line
"""

_REMEMBER = """
INSERT INTO imported_keys (import_id, key, line)
SELECT %(import_id)s, key, line
FROM incoming_members, LATERAL (VALUES (document_type || ' ' || document_number),
                                       ('member ' || document_number)) AS known (key)
ORDER BY key
ON CONFLICT DO NOTHING
"""
