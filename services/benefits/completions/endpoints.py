"""HTTP face of completions, for the agency."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.benefits.auth import Agency
from services.benefits.completions import service
from services.benefits.db import SessionDep
from services.benefits.disbursements import (
    DisbursementOut,
    DisbursementRefused,
    NoSuchDisbursement,
    UnderDeclaredTotals,
)
from services.kit.problems import Problem, answer, documented

router = APIRouter(prefix="/agency/v1/disbursements/{disbursement_id}/completions", tags=["agencies"])


@router.post(
    "",
    status_code=201,
    response_model=DisbursementOut,
    responses=documented(NoSuchDisbursement, UnderDeclaredTotals, DisbursementRefused),
)
def complete(disbursement_id: UUID, agency: Agency, session: SessionDep) -> DisbursementOut | Response:
    """Say that all items are listed. Fewer than declared refuses the disbursement whole."""
    done = service.complete(session, disbursement_id, agency=agency)
    return answer(done) if isinstance(done, Problem) else DisbursementOut.of(done)
