"""SQL of a chunk of a roster's dependants: whose family they are of, whether they are there already.

A dependant whose member was not met yet waits until the whole file is read. Works as `loading` does.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection


def find_members(connection: Connection[Any], import_id: UUID, roots: Sequence[UUID] | None) -> None:
    """Find the member of each dependant, in the registry (within reach) or further up in the file."""
    given = {"import_id": import_id, "roots": None if roots is None else list(roots)}
    connection.execute(_FIND, given, prepare=False)
    connection.execute(_FIND_IN_FILE, given, prepare=False)


def let_wait(connection: Connection[Any], import_id: UUID) -> None:
    """Put the dependants without a member aside until the file is read."""
    connection.execute(_LET_WAIT, {"import_id": import_id}, prepare=False)


def fetch_waiting(connection: Connection[Any], import_id: UUID, limit: int) -> int:
    """Take up to `limit` dependants that waited into the empty chunk; returns how many."""
    return connection.execute(_FETCH, {"import_id": import_id, "limit": limit}, prepare=False).rowcount


def refuse_strays(connection: Connection[Any], import_id: UUID) -> int:
    """Take out, and note, the dependants whose member is nowhere; returns how many."""
    return connection.execute(_STRAYS, {"import_id": import_id}, prepare=False).rowcount


def refuse_doubles(connection: Connection[Any], import_id: UUID) -> int:
    """Take out, and note, who is in the family already or twice in the file; returns how many."""
    return connection.execute(_DOUBLES, {"import_id": import_id}, prepare=False).rowcount


def write_family(connection: Connection[Any], import_id: UUID, by: UUID) -> tuple[int, list[UUID]]:
    """Write the chunk's dependants; returns how many, and the members known before who got some."""
    given = {"import_id": import_id, "by": by}
    touched = [row[0] for row in connection.execute(_TOUCH, given, prepare=False)]
    return connection.execute(_WRITE, given, prepare=False).rowcount, touched


def remember_family(connection: Connection[Any], import_id: UUID) -> None:
    """Note which dependants a roster that is only checked has brought so far."""
    connection.execute(_REMEMBER, {"import_id": import_id}, prepare=False)


_FIND = """
UPDATE incoming_family SET member_id = found.member_id
FROM (
    SELECT named.member_document, known.member_id
    FROM (SELECT DISTINCT member_document FROM incoming_family) named
    CROSS JOIN LATERAL (
        SELECT document.member_id FROM identity_documents document
        JOIN members member ON member.id = document.member_id
        WHERE document.number = named.member_document AND document.retired_at IS NULL
          AND (%(roots)s::uuid[] IS NULL OR member.organisation_id IN (
               SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[]))
        ORDER BY array_position(ARRAY['C', 'N', 'P', 'R', 'U', 'O'], document.type::text) LIMIT 1
    ) known
) found WHERE found.member_document = incoming_family.member_document
"""

_FIND_IN_FILE = """
UPDATE incoming_family SET is_in_file = true FROM imported_keys earlier
WHERE incoming_family.member_id IS NULL AND earlier.import_id = %(import_id)s
  AND earlier.key = 'member ' || incoming_family.member_document
"""

_COLUMNS = (
    "line, id, member_document, member_written, given_names, first_surname, second_surname, sex,"
    " birth_date, relation, kind, document_type, document_number"
)

_LET_WAIT = f"""
WITH waiting AS (
    DELETE FROM incoming_family WHERE member_id IS NULL AND NOT is_in_file RETURNING *
)
INSERT INTO waiting_dependants (import_id, {_COLUMNS})
SELECT %(import_id)s, {_COLUMNS} FROM waiting ORDER BY line
"""

_FETCH = f"""
WITH waiting AS (
    DELETE FROM waiting_dependants WHERE import_id = %(import_id)s AND line IN (
        SELECT line FROM waiting_dependants WHERE import_id = %(import_id)s ORDER BY line LIMIT %(limit)s)
    RETURNING *
)
INSERT INTO incoming_family ({_COLUMNS}) SELECT {_COLUMNS} FROM waiting ORDER BY line
"""

_STRAYS = """
WITH strays AS (
    DELETE FROM incoming_family WHERE member_id IS NULL AND NOT is_in_file
    RETURNING line, member_written
)
INSERT INTO import_errors (import_id, line, "column", value, code, reason)
SELECT %(import_id)s, line, 'member_document', member_written, 'member_not_found',
       'No member with this document is registered, or goes in with this file.'
FROM strays ORDER BY line
"""

# One person is the same as another of the family by document, or by names and birth date.
_PERSON = "lower(given_names || ' ' || first_surname) || ' ' || birth_date"

_DOUBLES = f"""
WITH given AS (
    SELECT line, member_id, document_type, document_number, lower(given_names) AS given_names,
           lower(first_surname) AS first_surname, birth_date,
           member_document || ' ' || {_PERSON} AS person_key,
           member_document || ' ' || document_type || ' ' || document_number AS document_key,
           min(line) OVER (PARTITION BY member_document, {_PERSON}) AS first_line,
           CASE WHEN document_number IS NOT NULL THEN
               min(line) OVER (PARTITION BY member_document, document_type, document_number) END
           AS first_document_line
    FROM incoming_family
), found AS (
    SELECT line, least(first_line, first_document_line,
           (SELECT min(earlier.line) FROM imported_keys earlier WHERE earlier.import_id = %(import_id)s
            AND earlier.key IN (person_key, document_key))) AS other_line
    FROM given
    WHERE least(first_line, first_document_line) < line
       OR EXISTS (SELECT FROM imported_keys earlier WHERE earlier.import_id = %(import_id)s
                  AND earlier.key IN (person_key, document_key))
       OR EXISTS (SELECT FROM dependants known
                  WHERE known.member_id = given.member_id AND known.ended_on IS NULL
                  AND ((known.document_number = given.document_number
                        AND known.document_type = given.document_type)
                       OR (known.birth_date = given.birth_date
                           AND lower(known.given_names) = given.given_names
                           AND lower(known.first_surname) = given.first_surname)))
), gone AS (
    DELETE FROM incoming_family USING found WHERE incoming_family.line = found.line
    RETURNING incoming_family.line, given_names
)
INSERT INTO import_errors (import_id, line, "column", value, code, reason)
SELECT %(import_id)s, line, 'given_names', given_names,
       CASE WHEN other_line < line THEN 'duplicate_in_file' ELSE 'duplicate_in_registry' END,
       CASE WHEN other_line < line THEN 'The same person of this family stands on line ' || other_line || '.'
            ELSE 'This person is in the family already.' END
FROM found JOIN gone USING (line) ORDER BY line
"""

_TOUCH = """
WITH held AS (
    SELECT id FROM members
    WHERE id IN (SELECT member_id FROM incoming_family) AND import_id IS DISTINCT FROM %(import_id)s
    ORDER BY id FOR NO KEY UPDATE
), audited AS (
    INSERT INTO audit_log (actor_id, actor_kind, action, subject_id)
    SELECT %(by)s, 'staff', 'dependants.import', id FROM held
)
UPDATE members SET version = version + 1 FROM held WHERE members.id = held.id RETURNING members.id
"""

_WRITE = """
INSERT INTO dependants (id, member_id, relation, kind, given_names, first_surname, second_surname, sex,
                        birth_date, document_type, document_number, recorded_by)
SELECT id, member_id, relation, kind, given_names, first_surname, second_surname, sex, birth_date,
       document_type, document_number, %(by)s
FROM incoming_family ORDER BY line
"""

_REMEMBER = f"""
INSERT INTO imported_keys (import_id, key, line)
SELECT %(import_id)s, key, line
FROM (SELECT line, member_document || ' ' || {_PERSON} AS key FROM incoming_family
      UNION ALL
      SELECT line, member_document || ' ' || document_type || ' ' || document_number FROM incoming_family
      WHERE document_number IS NOT NULL) known
ORDER BY key
ON CONFLICT DO NOTHING
"""
