"""The HTTP face of approvals, the same in every part: list what waits, decide it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field
from sqlmodel import Session

from services.kit import approvals
from services.kit.db import function_scoped
from services.kit.paging import PageDep
from services.kit.principals import Principal, requires
from services.kit.problems import NotFound, documented

AnyStaff = Annotated[Principal, Depends(requires("approvals:read"))]


class ApprovalOut(BaseModel):
    """A request for a second person."""

    id: UUID
    kind: str = Field(examples=["remittances.order"])
    subject_id: UUID
    organisation_id: UUID | None
    facts: dict[str, Any]
    state: str
    requested_by: UUID
    requested_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None

    @classmethod
    def of(cls, approval: approvals.Approval) -> "ApprovalOut":
        return cls.model_validate(approval, from_attributes=True)


class ApprovalsOut(BaseModel):
    """A page of requests."""

    items: list[ApprovalOut]


class DecisionIn(BaseModel):
    """What the second person decides; a refusal says why."""

    decision: approvals.Decision
    reason: str | None = Field(default=None, max_length=500)


WHEN_DECIDING = (
    NotFound,
    approvals.SamePersonTwice,
    approvals.AlreadyDecided,
    approvals.ContentChanged,
)


def router(get_session: Callable[[], Iterator[Session]], *kinds: approvals.Kind) -> APIRouter:
    """`/v1/approvals` for the kinds of one part."""
    by_name = {kind.name: kind for kind in kinds}
    routes = APIRouter(prefix="/v1/approvals", tags=["approvals"])

    @routes.get("", responses=documented())
    def list_approvals(
        principal: AnyStaff,
        page: PageDep,
        session: Annotated[Session, function_scoped(get_session)],
        state: Annotated[str, Query(pattern="^(pending|approved|refused|void)$")] = "pending",
    ) -> ApprovalsOut:
        """Requests that you could decide or have made, oldest first."""
        found = approvals.listed(
            session, by_name, principal=principal, state=state, after=page.after, limit=page.limit
        )
        page.link_next(found[-1].id if found else None, len(found))
        return ApprovalsOut(items=[ApprovalOut.of(approval) for approval in found])

    @routes.post("/{approval_id}/decisions", responses=documented(*WHEN_DECIDING))
    def decide(
        approval_id: UUID,
        decision: DecisionIn,
        principal: AnyStaff,
        session: Annotated[Session, function_scoped(get_session)],
    ) -> ApprovalOut:
        """Approve or refuse what another person asked for. Needs a fresh one-time code."""
        decided = approvals.decide(
            session, by_name, approval_id, decision.decision, by=principal, reason=decision.reason
        )
        return ApprovalOut.of(decided)

    return routes
