"""HTTP face of the gateway's audit."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from gateway.auth import Auditor
from gateway.db import SessionDep
from services.kit import audit
from services.kit.problems import documented

router = APIRouter(prefix="/v1/audit-entries", tags=["audit"])


class AuditEntryOut(BaseModel):
    """What somebody did, when, why and from where."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    at: datetime
    actor_id: UUID
    actor_kind: str
    action: str
    subject_id: UUID
    reason: str | None
    request_id: str | None
    origin: str | None
    details: dict[str, Any] | None


class AuditEntriesOut(BaseModel):
    """A page of the audit."""

    items: list[AuditEntryOut]


@router.get("", responses=documented())
def list_entries(
    auditor: Auditor,
    session: SessionDep,
    subject_id: Annotated[UUID | None, Query(description="Only of this person, system or key")] = None,
    before: Annotated[int | None, Query(description="Id of the last entry already seen")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditEntriesOut:
    """What was done here, the newest first."""
    rows = audit.entries(session, subject_id=subject_id, before_id=before, limit=limit)
    return AuditEntriesOut(items=[AuditEntryOut.model_validate(row) for row in rows])
