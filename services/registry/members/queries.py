"""SQL of members: opening one, listing many, holding one for a change."""

from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row
from sqlmodel import Session, col, select

from services.kit import context, trees
from services.kit.db import raw
from services.kit.money import Money
from services.kit.principals import Principal
from services.registry.auth import READ_PERSONAL
from services.registry.members.models import Agreement, IdentityDocument, Member
from services.registry.members.problems import NoSuchMember


def open_member(connection: Connection[Any], member_id: UUID, principal: Principal) -> dict[str, Any]:
    """All about one member within reach, and the audit row that says who looked. Raises NoSuchMember."""
    given = {
        "id": member_id,
        "roots": _roots(principal),
        "by": principal.subject,
        "actor_kind": principal.kind,
        "action": "members.open" if principal.may(READ_PERSONAL) else "members.open_masked",
        "request_id": context.request_id.get(),
        "origin": context.origin.get(),
    }
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(_OPEN, given, prepare=True).fetchone()
    if row is None:
        raise NoSuchMember(f"No member has the id {member_id}.")
    row["declared_wage"] = Money(row.pop("declared_wage_minor"), row.pop("currency"))
    return row


def list_members(
    session: Session,
    principal: Principal,
    *,
    organisation_id: UUID | None = None,
    state: str | None = None,
    phone_needs_review: bool | None = None,
    import_id: UUID | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """Members within reach, in order of id, one line each; shown whole, they leave an audit row each."""
    given = {
        "roots": _roots(principal),
        "organisation_id": organisation_id,
        "state": state,
        "is_applicant": state == "applicant" or None,
        "phone_needs_review": phone_needs_review,
        "import_id": import_id,
        "after": after,
        "limit": limit,
    }
    wanted = [condition for name, condition in _FILTERS.items() if given[name] is not None]
    listed = f"{LINES} WHERE {' AND '.join(wanted) or 'true'} ORDER BY member.id LIMIT %(limit)s"
    return read_lines(session, listed, given, principal)


def read_lines(
    session: Session, lines: str, given: dict[str, Any], principal: Principal
) -> list[dict[str, Any]]:
    """Run a query of member lines, and note who was shown unmasked to whom."""
    with raw(session).cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(lines, given).fetchall()
    if rows and principal.may(READ_PERSONAL):
        shown = {
            "ids": [row["id"] for row in rows],
            "by": principal.subject,
            "actor_kind": principal.kind,
            "request_id": context.request_id.get(),
            "origin": context.origin.get(),
        }
        raw(session).execute(_AUDIT_LINES, shown)
    return rows


def lock_member(session: Session, member_id: UUID, principal: Principal) -> Member:
    """One member within reach, held until the transaction ends. Raises NoSuchMember."""
    query = select(Member).where(Member.id == member_id, trees.within(col(Member.organisation_id), principal))
    found = session.exec(query.with_for_update(of=Member, key_share=True)).one_or_none()
    if found is None:
        raise NoSuchMember(f"No member has the id {member_id}.")
    return found


def agreements_standing(session: Session, member_id: UUID, kind: str) -> list[Agreement]:
    """The mandates (or consents) of a member that were not taken back."""
    query = select(Agreement).where(
        Agreement.member_id == member_id, Agreement.kind == kind, col(Agreement.withdrawn_on).is_(None)
    )
    return list(session.exec(query))


def hold_member(session: Session, member_id: UUID) -> Member:
    """One member, held until the transaction ends; the caller has made sure of the reach.

    Raises NoSuchMember.
    """
    found = session.get(Member, member_id, with_for_update={"key_share": True}, populate_existing=True)
    if found is None:
        raise NoSuchMember(f"No member has the id {member_id}.")
    return found


def documents_in_use(session: Session, member_id: UUID) -> list[IdentityDocument]:
    """The documents of a member that were not followed by others."""
    query = select(IdentityDocument).where(
        IdentityDocument.member_id == member_id, col(IdentityDocument.retired_at).is_(None)
    )
    return list(session.exec(query))


def _roots(principal: Principal) -> list[UUID] | None:
    return None if principal.roots is None else list(principal.roots)


_FILTERS = {
    "roots": "member.organisation_id IN (SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[])",
    "organisation_id": "member.organisation_id = %(organisation_id)s",
    "state": "member.state = %(state)s",
    "phone_needs_review": "member.phone_needs_review = %(phone_needs_review)s",
    "is_applicant": "NOT member.identity_verified",  # implied; so their index is found
    "import_id": "member.import_id = %(import_id)s",
    "after": "member.id > %(after)s",
}

LINES = """
SELECT member.id, member.version, member.member_number::text, member.state, member.organisation_id,
       organisation.name AS organisation_name, member.given_names, member.first_surname,
       member.second_surname, document.type AS document_type, document.number AS document_number,
       member.phone, member.phone_needs_review, member.identity_verified, member.registered_at,
       member.import_id
FROM members member
JOIN organisations organisation ON organisation.id = member.organisation_id
LEFT JOIN LATERAL (
    SELECT type, number FROM identity_documents
    WHERE member_id = member.id AND retired_at IS NULL
    ORDER BY array_position(ARRAY['C', 'N', 'P', 'R', 'U', 'O'], type::text) LIMIT 1
) document ON true
"""

_AUDIT_LINES = """
INSERT INTO audit_log (actor_id, actor_kind, action, subject_id, request_id, origin)
SELECT %(by)s, %(actor_kind)s, 'members.list', id, %(request_id)s, %(origin)s
FROM unnest(%(ids)s::uuid[]) AS shown (id)
"""

_OPEN = """
WITH member AS (
    SELECT members.* FROM members WHERE id = %(id)s
    AND (%(roots)s::uuid[] IS NULL OR organisation_id IN (
        SELECT id FROM tree_nodes WHERE lineage && %(roots)s::uuid[]))
), opened AS (
    INSERT INTO audit_log (actor_id, actor_kind, action, subject_id, request_id, origin)
    SELECT %(by)s, %(actor_kind)s, %(action)s, id, %(request_id)s, %(origin)s FROM member
)
SELECT member.id, member.version, member.member_number::text, member.state, member.organisation_id,
       organisation.name AS organisation_name, member.given_names, member.first_surname,
       member.second_surname, member.sex, member.birth_date, member.phone, member.phone_needs_review,
       member.language, member.occupation, member.risk_class, member.declared_wage_minor, member.currency,
       member.identity_verified, member.registered_by, member.registered_at, member.enrolled_at,
       member.import_id,
       EXISTS (SELECT FROM agreements WHERE member_id = member.id AND kind = 'mandate'
               AND withdrawn_on IS NULL) AS has_mandate,
       (SELECT coalesce(json_agg(json_build_object(
           'type', type, 'number', number, 'override_reason', override_reason,
           'recorded_at', recorded_at, 'retired_at', retired_at) ORDER BY id), '[]')
        FROM identity_documents WHERE member_id = member.id) AS documents,
       (SELECT coalesce(json_agg(json_build_object(
           'given_names', given_names, 'first_surname', first_surname, 'second_surname', second_surname,
           'recorded_at', recorded_at) ORDER BY id), '[]')
        FROM aliases WHERE member_id = member.id) AS aliases,
       (SELECT coalesce(json_agg(json_build_object(
           'kind', kind, 'given_on', given_on, 'text_version', text_version,
           'withdrawn_on', withdrawn_on) ORDER BY id), '[]')
        FROM agreements WHERE member_id = member.id) AS agreements,
       (SELECT coalesce(json_agg(json_build_object(
           'id', id, 'relation', relation, 'kind', kind, 'given_names', given_names,
           'first_surname', first_surname, 'second_surname', second_surname, 'sex', sex,
           'birth_date', birth_date, 'document_type', document_type,
           'document_number', document_number, 'ended_on', ended_on) ORDER BY id), '[]')
        FROM dependants WHERE member_id = member.id) AS dependants,
       (SELECT coalesce(json_agg(json_build_object(
           'verified_by', verified_by, 'verified_at', verified_at) ORDER BY id), '[]')
        FROM verifications WHERE member_id = member.id) AS verifications
FROM member JOIN organisations organisation ON organisation.id = member.organisation_id
"""
