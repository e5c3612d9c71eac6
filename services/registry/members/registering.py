"""SQL of registering one member: one statement looks around, one writes all there is, key and audit too.

Each commits by itself on a connection of the hot paths. What the first one saw may have changed before
the second: then a unique index refuses, or the key is found taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import class_row
from pydantic_core import to_json

from services.kit import context
from services.kit.key_sets import Wanted
from services.kit.money import Money
from services.kit.principals import Principal
from services.registry.authorisations import WAGE_FLOOR
from services.registry.dependants import columns_of
from services.registry.members.schemas import MemberIn
from services.registry.persons import DocumentIn


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a member must fit into."""

    lineage: tuple[UUID, ...] | None
    """The organisation and all above it; None if it is unknown."""
    floor: Money | None
    phone_is_shared: bool
    taken: str | None
    """The type of a document that another member has; None if all are free."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A member just registered."""

    id: UUID
    member_number: int
    phone_needs_review: bool
    version: int = 1
    state: str = "applicant"
    identity_verified: bool = False


def look_around(
    connection: Connection[Any],
    *,
    organisation_id: UUID,
    phone: str | None,
    documents: Sequence[DocumentIn],
    on: date,
    member_id: UUID | None = None,
) -> Surroundings:
    """Read at once all that a member's data is checked against; `member_id` is who has them already."""
    given = {
        "organisation_id": organisation_id,
        "phone": phone,
        "documents": _json(documents),
        "on": on,
        "member_id": member_id,
    }
    found = connection.execute(_LOOK_AROUND, given, prepare=True).fetchone()
    assert found is not None
    lineage, floor_minor, currency, phone_is_shared, taken = found
    return Surroundings(
        lineage=None if lineage is None else tuple(lineage),
        floor=None if floor_minor is None else Money(floor_minor, currency),
        phone_is_shared=phone_is_shared,
        taken=taken,
    )


def insert(
    connection: Connection[Any], wanted: Wanted, given: MemberIn, *, phone_is_shared: bool, by: Principal
) -> Registered | None:
    """Take the key and write a new applicant with documents, agreements, family and audit row.

    None, and nothing is written, if the key was taken before. Raises psycopg's UniqueViolation for a
    document that another has, LockNotAvailable while the key's first request is still running.
    """
    columns = given.model_dump(include=_COLUMNS) | {
        "id": wanted.result_id,
        "client": wanted.key.client,
        "route": wanted.key.route,
        "key": wanted.key.key,
        "content_hash": wanted.content_hash,
        "name_keys": _array(given.name_keys),
        "phone_needs_review": phone_is_shared,
        "declared_wage_minor": given.declared_wage.minor,
        "currency": given.declared_wage.currency,
        "documents": _json(given.documents),
        "agreements": _json(given.agreements),
        "family": _json([columns_of(one) for one in given.dependants]),
        "by": by.subject,
        "actor_kind": by.kind,
        "request_id": context.request_id.get(),
        "origin": context.origin.get(),
    }
    row = connection.execute(_INSERT, columns, prepare=True).fetchone()
    return None if row is None else Registered(wanted.result_id, row[0], phone_is_shared)


def registered(connection: Connection[Any], member_id: UUID) -> Registered:
    """A member registered before, as they stand now."""
    with connection.cursor(row_factory=class_row(Registered)) as cursor:
        found = cursor.execute(_REGISTERED, {"id": member_id}).fetchone()
    assert found is not None
    return found


def _array(words: Sequence[str]) -> str:
    """Words (letters only) as PostgreSQL writes an array; a list would be looked at item by item."""
    return '{"' + '","'.join(words) + '"}'


def _json(rows: Sequence[Any]) -> str:
    return to_json(rows).decode()


_COLUMNS = {
    "organisation_id",
    "given_names",
    "first_surname",
    "second_surname",
    "sex",
    "birth_date",
    "phone",
    "language",
    "occupation",
    "risk_class",
}

_REGISTERED = """
SELECT id, member_number, phone_needs_review, version, state, identity_verified
FROM members WHERE id = %(id)s
"""

_LOOK_AROUND = f"""
SELECT node.lineage, floor.minimum_wage_minor, floor.currency,
       EXISTS (SELECT FROM members WHERE phone = %(phone)s AND id IS DISTINCT FROM %(member_id)s),
       (SELECT document.type
        FROM json_to_recordset(%(documents)s::json) AS given (type text, number text)
        JOIN identity_documents document ON document.number = given.number
             AND document.type = given.type AND document.retired_at IS NULL
        WHERE document.member_id IS DISTINCT FROM %(member_id)s LIMIT 1)
FROM (SELECT) AS one
LEFT JOIN tree_nodes node ON node.id = %(organisation_id)s
LEFT JOIN LATERAL ({WAGE_FLOOR}) floor ON true
"""

_INSERT = """
WITH taken AS (
    INSERT INTO idempotency_keys (client, route, key, content_hash, result_id)
    VALUES (%(client)s, %(route)s, %(key)s, %(content_hash)s, %(id)s)
    ON CONFLICT DO NOTHING RETURNING result_id
), member AS (
    INSERT INTO members (id, organisation_id, given_names, first_surname, second_surname,
                         name_keys, sex, birth_date, phone, phone_needs_review, language, occupation,
                         risk_class, declared_wage_minor, currency, registered_by, content_by)
    SELECT result_id, %(organisation_id)s, %(given_names)s, %(first_surname)s, %(second_surname)s,
           %(name_keys)s::text[], %(sex)s, %(birth_date)s, %(phone)s, %(phone_needs_review)s, %(language)s,
           %(occupation)s, %(risk_class)s, %(declared_wage_minor)s, %(currency)s, %(by)s, %(by)s
    FROM taken
    RETURNING id, member_number
), documents AS (
    INSERT INTO identity_documents (member_id, type, number, override_reason, recorded_by)
    SELECT member.id, type, number, override_reason, %(by)s
    FROM member, json_to_recordset(%(documents)s::json)
         AS given (type text, number text, override_reason text)
), agreed AS (
    INSERT INTO agreements (member_id, kind, given_on, text_version, recorded_by)
    SELECT member.id, kind, given_on, text_version, %(by)s
    FROM member, json_to_recordset(%(agreements)s::json)
         AS given (kind text, given_on date, text_version text)
), family AS (
    INSERT INTO dependants (id, member_id, relation, kind, given_names, first_surname, second_surname, sex,
                            birth_date, document_type, document_number, recorded_by)
    SELECT given.id, member.id, relation, kind, given_names, first_surname, second_surname, sex, birth_date,
           document_type, document_number, %(by)s
    FROM member, json_to_recordset(%(family)s::json)
         AS given (id uuid, relation text, kind text, given_names text, first_surname text,
                   second_surname text, sex text, birth_date date, document_type text, document_number text)
), audited AS (
    INSERT INTO audit_log (actor_id, actor_kind, action, subject_id, request_id, origin)
    SELECT %(by)s, %(actor_kind)s, 'members.register', id, %(request_id)s, %(origin)s FROM member
)
SELECT member_number FROM member
"""
