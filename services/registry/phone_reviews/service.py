"""What is done with phone reviews."""

from uuid import UUID

from sqlmodel import Session

from services.kit import audit
from services.kit.approvals import SamePersonTwice
from services.kit.principals import Principal
from services.registry.members import Member, lock_member, touch
from services.registry.phone_reviews.problems import NothingToReview
from services.registry.phone_reviews.schemas import PhoneReviewIn


def let_phone_stand(session: Session, member_id: UUID, given: PhoneReviewIn, *, by: Principal) -> Member:
    """Take a shared phone off the list of those to be looked at.

    Raises Forbidden (systems; no fresh one-time code), NoSuchMember, SamePersonTwice, NothingToReview.
    """
    by.ensure_second_person()
    member = lock_member(session, member_id, by)
    if by.subject in (member.registered_by, member.content_by):
        raise SamePersonTwice("Another person than who registered this member must look at the phone.")
    if not member.phone_needs_review:
        raise NothingToReview(f"Look at member {member.member_number} again.")
    member.phone_needs_review = False
    touch(session, member)
    audit.write(session, "members.review_phone", member_id, by=by, reason=given.reason)
    return member
