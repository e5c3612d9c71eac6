"""SQL of registering one member: one statement looks around, one writes all there is.

Both take a psycopg connection inside the caller's transaction, and never commit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.errors import LockNotAvailable
from pydantic_core import to_json

from services.kit import context, key_sets
from services.kit.idempotency import KeyStillRunning
from services.kit.key_sets import Wanted
from services.kit.money import Money
from services.kit.principals import Principal
from services.registry.authorisations import WAGE_FLOOR
from services.registry.dependants import columns_of
from services.registry.members.schemas import MemberIn
from services.registry.persons import DocumentIn


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a new member must fit into."""

    lineage: tuple[UUID, ...] | None
    """The organisation and all above it; None if it is unknown."""
    floor: Money | None
    phone_is_shared: bool
    taken: str | None
    """The type of a document that another member has; None if all are free."""
    key_is_fresh: bool = True
    """False if the request's Idempotency-Key has made another member before."""


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
    organisation_id: UUID | None,
    phone: str | None,
    documents: Sequence[DocumentIn],
    on: date,
    member_id: UUID | None = None,
    wanted: Wanted | None = None,
) -> Surroundings:
    """Read at once all that a member's data is checked against; `member_id` is who has them already.

    With `wanted` an Idempotency-Key is taken in the same round trip. Raises KeyStillRunning.
    """
    given = {
        "organisation_id": organisation_id,
        "phone": phone,
        "numbers": [one.number for one in documents],
        "types": [one.type for one in documents],
        "on": on,
        "member_id": member_id,
        "client": wanted and wanted.key.client,
        "route": wanted and wanted.key.route,
        "key": wanted and wanted.key.key,
    }
    try:
        with connection.pipeline():
            if wanted is not None:
                key_sets.take(connection, [wanted])
            found = connection.execute(_LOOK_AROUND, given, prepare=True).fetchone()
    except LockNotAvailable:
        raise KeyStillRunning("Wait a moment, then send the same request again.") from None
    assert found is not None
    lineage, floor_minor, currency, is_shared, taken, result_id = found
    return Surroundings(
        lineage=None if lineage is None else tuple(lineage),
        floor=None if floor_minor is None else Money(floor_minor, currency),
        phone_is_shared=is_shared,
        taken=taken,
        key_is_fresh=wanted is None or result_id == wanted.result_id,
    )


def insert(
    connection: Connection[Any],
    member_id: UUID,
    given: MemberIn,
    *,
    phone_needs_review: bool,
    by: Principal,
) -> Registered:
    """Write a new applicant with documents, agreements, family and audit row."""
    columns = given.model_dump(include=_COLUMNS) | {
        "id": member_id,
        "name_keys": given.name_keys,
        "phone_needs_review": phone_needs_review,
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
    assert row is not None
    return Registered(id=member_id, member_number=row[0], phone_needs_review=phone_needs_review)


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

_LOOK_AROUND = f"""
SELECT node.lineage, floor.minimum_wage_minor, floor.currency,
       EXISTS (SELECT FROM members WHERE phone = %(phone)s AND id IS DISTINCT FROM %(member_id)s),
       taken.type,
       (SELECT result_id FROM idempotency_keys
        WHERE client = %(client)s AND route = %(route)s AND key = %(key)s)
FROM (SELECT) AS one
LEFT JOIN tree_nodes node ON node.id = %(organisation_id)s
LEFT JOIN LATERAL ({WAGE_FLOOR}) floor ON true
LEFT JOIN LATERAL (
    SELECT document.type
    FROM unnest(%(numbers)s::text[], %(types)s::text[]) AS given (number, type)
    JOIN identity_documents document ON document.number = given.number AND document.type = given.type
         AND document.retired_at IS NULL
    WHERE document.member_id IS DISTINCT FROM %(member_id)s
    LIMIT 1
) taken ON true
"""

_INSERT = """
WITH member AS (
    INSERT INTO members (id, organisation_id, given_names, first_surname, second_surname, name_keys, sex,
                         birth_date, phone, phone_needs_review, language, occupation, risk_class,
                         declared_wage_minor, currency, registered_by, content_by)
    VALUES (%(id)s, %(organisation_id)s, %(given_names)s, %(first_surname)s, %(second_surname)s,
            %(name_keys)s, %(sex)s, %(birth_date)s, %(phone)s, %(phone_needs_review)s, %(language)s,
            %(occupation)s, %(risk_class)s, %(declared_wage_minor)s, %(currency)s, %(by)s, %(by)s)
    RETURNING member_number
), documents AS (
    INSERT INTO identity_documents (member_id, type, number, override_reason, recorded_by)
    SELECT %(id)s, type, number, override_reason, %(by)s
    FROM json_to_recordset(%(documents)s::json) AS given (type text, number text, override_reason text)
), agreed AS (
    INSERT INTO agreements (member_id, kind, given_on, text_version, recorded_by)
    SELECT %(id)s, kind, given_on, text_version, %(by)s
    FROM json_to_recordset(%(agreements)s::json) AS given (kind text, given_on date, text_version text)
), family AS (
    INSERT INTO dependants (id, member_id, relation, kind, given_names, first_surname, second_surname, sex,
                            birth_date, document_type, document_number, recorded_by)
    SELECT id, %(id)s, relation, kind, given_names, first_surname, second_surname, sex, birth_date,
           document_type, document_number, %(by)s
    FROM json_to_recordset(%(family)s::json)
         AS given (id uuid, relation text, kind text, given_names text, first_surname text,
                   second_surname text, sex text, birth_date date, document_type text, document_number text)
), audited AS (
    INSERT INTO audit_log (actor_id, actor_kind, action, subject_id, request_id, origin)
    VALUES (%(by)s, %(actor_kind)s, 'members.register', %(id)s, %(request_id)s, %(origin)s)
)
SELECT member_number FROM member
"""
