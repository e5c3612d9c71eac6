"""The second person: members are real, and are announced, once another than who wrote them says so."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from services.kit import audit
from services.kit.db import raw
from services.kit.principals import Principal
from services.registry.events import MemberChanged, MemberEnrolled
from services.registry.members import Member, announce, lock_member
from services.registry.verifications import queries
from services.registry.verifications.problems import AlreadyVerified, NoDocument, SamePersonTwice


def verify_member(session: Session, member_id: UUID, *, by: Principal) -> Member:
    """Verify a member's identity: an applicant becomes active, and is announced as enrolled.

    Raises Forbidden (systems; no fresh one-time code), NoSuchMember, SamePersonTwice, NoDocument,
    AlreadyVerified.
    """
    by.ensure_second_person()
    member = lock_member(session, member_id, by)
    if by.subject in (member.registered_by, member.content_by):
        raise SamePersonTwice("Another person than who registered or changed this member must verify.")
    if member.identity_verified:
        raise AlreadyVerified(f"Member {member.member_number} is verified.")
    if not queries.has_document(session, member_id):
        raise NoDocument("Record an identity document first.")
    verify_members(session, [member_id], verified_by=by.subject)
    audit.write(session, "members.verify", member_id, by=by)
    session.refresh(member)
    return member


def verify_members(session: Session, member_ids: Sequence[UUID], *, verified_by: UUID) -> int:
    """Verify those of these members that this person may, and announce them; returns how many."""
    verified = queries.verify(session, member_ids, verified_by=verified_by)
    announce(raw(session), MemberEnrolled, verified.enrolled)
    announce(raw(session), MemberChanged, verified.again)
    return len(verified.enrolled) + len(verified.again)
