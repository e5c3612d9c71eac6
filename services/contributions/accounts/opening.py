"""Opening members' accounts: only at or below the reader's organisations, and always noted."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from services.contributions.accounts.problems import NoSuchMember
from services.contributions.members import Member
from services.kit import audit, context, trees
from services.kit.db import raw
from services.kit.principals import Principal


def open_member(session: Session, member_id: UUID, *, by: Principal, action: str) -> Member:
    """One member within reach; that `by` looked is noted as `action`. Raises NoSuchMember."""
    query = select(Member).where(Member.id == member_id, trees.within(col(Member.organisation_id), by))
    found = session.exec(query).one_or_none()
    if found is None:
        raise NoSuchMember("Check the member's id.")
    audit.write(session, action, member_id, by=by)
    return found


def open_members(
    session: Session, member_ids: Sequence[UUID], *, by: Principal, action: str
) -> list[tuple[UUID, UUID]]:
    """Those of several members that are within reach, with their organisations; an audit row for each."""
    query = select(Member.id, Member.organisation_id).where(
        col(Member.id).in_(member_ids), trees.within(col(Member.organisation_id), by)
    )
    found = list(session.exec(query.order_by(col(Member.id))).all())
    raw(session).execute(
        "INSERT INTO audit_log (actor_id, actor_kind, action, subject_id, request_id, origin)"
        " SELECT %s, %s, %s, id, %s, %s FROM unnest(%s::uuid[]) AS opened (id)",
        (
            by.subject,
            by.kind,
            action,
            context.request_id.get(),
            context.origin.get(),
            [member_id for member_id, _ in found],
        ),
    )
    return found
