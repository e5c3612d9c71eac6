"""Two people: what one member of staff asks for takes effect when another approves it.

A kind of approval names the right it needs, what exactly is approved (`content`, read afresh and
locked when it is decided) and what then happens (`apply`). The request binds a hash of the content: an
edit in between voids it. The database itself refuses that both be the same person.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    Row,
    Table,
    Text,
    Uuid,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session

from services.kit import audit, clock, ids, trees
from services.kit.db import metadata
from services.kit.idempotency import content_hash
from services.kit.principals import Principal
from services.kit.problems import Forbidden, NotFound, Problem

approvals = Table(
    "approvals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("organisation_id", Uuid, nullable=True),
    Column("content_hash", LargeBinary, nullable=False),
    Column("facts", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="pending"),
    Column("requested_by", Uuid, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("decided_by", Uuid, nullable=True),
    Column("decided_at", DateTime(timezone=True), nullable=True),
    Column("reason", Text, nullable=True),
    CheckConstraint("state IN ('pending', 'approved', 'refused', 'void')", name="state"),
    CheckConstraint("state IN ('pending', 'void') = (decided_by IS NULL)", name="decided"),
    CheckConstraint("decided_by <> requested_by", name="two_people"),
    Index(
        "ix_approvals_pending",
        "kind",
        "subject_id",
        unique=True,
        postgresql_where=text("state = 'pending'"),
    ),
)

Decision = Literal["approve", "refuse"]


class SamePersonTwice(Problem):
    """Who asked for it cannot approve it."""

    status = 403


class AlreadyDecided(Problem):
    """This was decided before."""


class ContentChanged(Problem):
    """What was to be approved has changed since it was asked for."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A request for a second person, as it stands."""

    id: UUID
    kind: str
    subject_id: UUID
    organisation_id: UUID | None
    facts: dict[str, Any]
    state: str
    requested_by: UUID
    requested_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that needs two people.

    `content(session, subject_id)` locks the subject and returns what is approved, as JSON-able data;
    `apply(session, approval, by)` makes it so; `refuse`, if given, undoes what was prepared.
    """

    name: str
    scope: str
    content: Callable[[Session, UUID], Any]
    apply: Callable[[Session, Approval, Principal], None]
    refuse: Callable[[Session, Approval, Principal], None] | None = None


def request(
    session: Session,
    kind: Kind,
    subject_id: UUID,
    *,
    by: Principal,
    facts: dict[str, Any],
    organisation_id: UUID | None = None,
) -> Approval:
    """Ask for a second person; asking again while one is pending answers the pending request.

    `facts` is what the decider is shown (ids, amounts, counts). Raises Forbidden for a system.
    """
    if by.kind != "staff":
        raise Forbidden("Only a member of staff can ask for this; a system cannot.")
    hashed = content_hash(kind.content(session, subject_id))
    pending = _pending(session, kind, subject_id)
    if pending is not None and bytes(pending.content_hash) == hashed:
        return _approval(pending)
    if pending is not None:
        session.execute(update(approvals).where(approvals.c.id == pending.id).values(state="void"))
    row = {
        "id": ids.new_id(),
        "kind": kind.name,
        "subject_id": subject_id,
        "organisation_id": organisation_id,
        "content_hash": hashed,
        "facts": facts,
        "requested_by": by.subject,
    }
    made = session.execute(insert(approvals).values(row).returning(approvals)).one()
    audit.write(session, f"{kind.name}.request", subject_id, by=by, details=facts)
    return _approval(made)


def decide(
    session: Session,
    kinds: dict[str, Kind],
    approval_id: UUID,
    decision: Decision,
    *,
    by: Principal,
    reason: str | None,
) -> Approval:
    """Approve or refuse as the second person; what was asked for happens in the same transaction.

    Raises NotFound, Forbidden, SamePersonTwice, AlreadyDecided, ContentChanged, and whatever the work
    itself raises: then nothing is decided.
    """
    by.ensure_second_person()
    found = session.execute(select(approvals).where(approvals.c.id == approval_id)).one_or_none()
    if found is None or found.kind not in kinds or not _in_reach(session, found, by):
        raise NotFound("There is no such request for approval.")
    kind = kinds[found.kind]
    if not by.may(kind.scope):
        raise Forbidden(f"This needs the right {kind.scope}.")
    if found.requested_by == by.subject:
        raise SamePersonTwice("Another person must decide this.")
    # The subject is locked before the request, as whoever asks does: else two could wait for each other.
    content = kind.content(session, found.subject_id)
    row = session.execute(select(approvals).where(approvals.c.id == approval_id).with_for_update()).one()
    if row.state != "pending":
        raise AlreadyDecided(f"It is {row.state}.")
    if decision == "approve" and bytes(row.content_hash) != content_hash(content):
        raise ContentChanged("Look at it again; if it is right, ask for approval anew.")
    decided = _settle(session, approval_id, decision, by, reason)
    effect = kind.apply if decision == "approve" else kind.refuse
    if effect is not None:
        effect(session, decided, by)
    audit.write(session, f"{kind.name}.{decision}", row.subject_id, by=by, reason=reason)
    return decided


def listed(
    session: Session,
    kinds: dict[str, Kind],
    *,
    principal: Principal,
    state: str | None = "pending",
    after: UUID | None = None,
    limit: int = 50,
) -> list[Approval]:
    """Requests that this person could decide or has made, oldest first."""
    decidable = [kind.name for kind in kinds.values() if principal.may(kind.scope)]
    query = select(approvals).where(
        or_(approvals.c.kind.in_(decidable), approvals.c.requested_by == principal.subject)
    )
    if principal.roots is not None:
        query = query.where(trees.within(approvals.c.organisation_id, principal))
    if state is not None:
        query = query.where(approvals.c.state == state)
    if after is not None:
        query = query.where(approvals.c.id > after)
    return [_approval(row) for row in session.execute(query.order_by(approvals.c.id).limit(limit))]


def _pending(session: Session, kind: Kind, subject_id: UUID) -> Row[Any] | None:
    return session.execute(
        select(approvals)
        .where(
            approvals.c.kind == kind.name,
            approvals.c.subject_id == subject_id,
            approvals.c.state == "pending",
        )
        .with_for_update()
    ).one_or_none()


def _settle(
    session: Session, approval_id: UUID, decision: Decision, by: Principal, reason: str | None
) -> Approval:
    values = {
        "state": "approved" if decision == "approve" else "refused",
        "decided_by": by.subject,
        "decided_at": clock.now(),
        "reason": reason,
    }
    changed = session.execute(
        update(approvals).where(approvals.c.id == approval_id).values(values).returning(approvals)
    )
    return _approval(changed.one())


def _in_reach(session: Session, row: Row[Any], by: Principal) -> bool:
    if by.roots is None:
        return True
    return row.organisation_id is not None and trees.reaches(session, by, row.organisation_id)


def _approval(row: Row[Any]) -> Approval:
    shown = {field: getattr(row, field) for field in Approval.__dataclass_fields__}
    return Approval(**shown)
