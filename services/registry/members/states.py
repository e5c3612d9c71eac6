"""Members as others are told of them: read in one statement, announced in chunks that fit a message."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from services.kit.events import record_all
from services.registry.events import MEMBERS_MAX, MemberChanged, MemberEnrolled, MemberState


def announce(
    connection: Connection[Any], event: type[MemberEnrolled | MemberChanged], member_ids: Sequence[UUID]
) -> None:
    """Announce the members as they stand in this transaction; applicants are nobody's business yet."""
    states = iter(member_states(connection, member_ids)) if member_ids else iter(())
    record_all(connection.cursor(), [event(members=chunk) for chunk in _chunks(states)])


def member_states(connection: Connection[Any], member_ids: Sequence[UUID]) -> list[MemberState]:
    """These members as they stand now, applicants left out, in order of id."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return [MemberState(**row) for row in cursor.execute(_STATES, {"ids": list(member_ids)})]


def _chunks(states: Iterator[MemberState]) -> Iterator[list[MemberState]]:
    while chunk := list(islice(states, MEMBERS_MAX)):
        yield chunk


# Of several documents the one that the payroll likes best: cédula, NSS, passport; it knows no others.
_STATES = """
SELECT member.id AS member_id, member.version, member.member_number::text, member.organisation_id,
       member.state, member.given_names, member.first_surname, member.second_surname, member.sex,
       member.birth_date, coalesce(document.type, '') AS document_type,
       coalesce(document.number, '') AS document_number, member.phone, member.language,
       member.declared_wage_minor, member.currency, member.risk_class,
       (SELECT count(*) FROM dependants dependant
        WHERE dependant.member_id = member.id AND dependant.kind = 'additional'
        AND dependant.ended_on IS NULL) AS additional_dependants,
       EXISTS (SELECT FROM agreements agreement WHERE agreement.member_id = member.id
               AND agreement.kind = 'mandate' AND agreement.withdrawn_on IS NULL) AS has_mandate,
       member.identity_verified
FROM members member
LEFT JOIN LATERAL (
    SELECT type, number FROM identity_documents
    WHERE member_id = member.id AND retired_at IS NULL 
    ORDER BY array_position(ARRAY['C', 'N', 'P', 'R', 'U', 'O'], type::text) LIMIT 1
) document ON true
WHERE member.id = ANY(%(ids)s::uuid[]) AND member.state <> 'applicant' ORDER BY member.id
"""
