"""What is done with exits: one person asks, another agrees, then the member is out and it is announced."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.kit import approvals, audit
from services.kit.approvals import Approval
from services.kit.principals import Principal
from services.registry.exits.problems import NotAMember, NotOut
from services.registry.exits.schemas import ExitIn, ReturnIn
from services.registry.members import Member, hold_member, lock_member, touch


def ask_to_leave(session: Session, member_id: UUID, given: ExitIn, *, by: Principal) -> Approval:
    """Ask a second person to let a member leave. Raises NoSuchMember, NotAMember, Forbidden."""
    member = lock_member(session, member_id, by)
    _ensure_active(member)
    return approvals.request(
        session,
        LEAVE,
        member_id,
        by=by,
        facts={"member_number": str(member.member_number), **given.model_dump(mode="json")},
        organisation_id=member.organisation_id,
    )


def come_back(session: Session, member_id: UUID, given: ReturnIn, *, by: Principal) -> Member:
    """Take back who has left; who they are must be verified anew. Raises NoSuchMember, NotOut."""
    member = lock_member(session, member_id, by)
    if member.state != "out":
        raise NotOut(f"Member {member.member_number} is {member.state}.")
    member.state, member.identity_verified, member.content_by = "active", False, by.subject
    touch(session, member)
    audit.write(session, "members.return", member_id, by=by, reason=given.reason)
    return member


def _ensure_active(member: Member) -> None:
    if member.state != "active":
        raise NotAMember(f"Member {member.member_number} is {member.state}.")


def _content(session: Session, member_id: UUID) -> dict[str, Any]:
    """What the second person agrees to: that this member, now active, leaves."""
    member = hold_member(session, member_id)
    return {"member_id": member_id, "state": member.state}


def _leave(session: Session, approval: Approval, by: Principal) -> None:
    member = hold_member(session, approval.subject_id)
    _ensure_active(member)
    member.state = "out"
    touch(session, member)
    audit.write(session, "members.leave", member.id, by=by, details=approval.facts)


LEAVE = approvals.Kind("members.leave", "members:verify", _content, _leave)
