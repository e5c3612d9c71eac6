"""HTTP face of declarations for agencies: each sees what was filed with it, and nothing else."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from services.contributions.auth import DeclaringAgency
from services.contributions.db import SessionDep
from services.contributions.declarations import problems, queries, service
from services.contributions.declarations.endpoints import payroll_file
from services.contributions.declarations.models import Declaration
from services.contributions.declarations.schemas import (
    AcceptanceIn,
    FiledDeclarationOut,
    FiledDeclarationsOut,
)
from services.kit import audit
from services.kit.periods import PeriodQuery
from services.kit.principals import Principal
from services.kit.problems import documented

router = APIRouter(prefix="/agency/v1/declarations", tags=["agency"])


@router.get("", responses=documented())
def list_declarations(
    agency: DeclaringAgency, session: SessionDep, period: PeriodQuery
) -> FiledDeclarationsOut:
    """What was filed with your agency, newest first."""
    found = queries.declarations(session, period=period, agency=_name(agency), filed=True)
    return FiledDeclarationsOut(items=[FiledDeclarationOut.of(one) for one in found])


@router.get("/{declaration_id}", responses=documented(problems.NoSuchDeclaration))
def read_declaration(
    declaration_id: UUID, agency: DeclaringAgency, session: SessionDep
) -> FiledDeclarationOut:
    """One declaration that was filed with your agency."""
    return FiledDeclarationOut.of(_filed(session, declaration_id, agency))


@router.get(
    "/{declaration_id}/file",
    response_class=StreamingResponse,
    responses=documented(problems.NoSuchDeclaration),
)
def fetch_file(declaration_id: UUID, agency: DeclaringAgency, session: SessionDep) -> StreamingResponse:
    """The payroll file; always the same bytes, whose SHA-256 is in X-Content-SHA256."""
    declaration = _filed(session, declaration_id, agency)
    audit.write(session, "declarations.fetch", declaration_id, by=agency)
    return payroll_file(declaration)


@router.post(
    "/{declaration_id}/acceptances",
    responses=documented(problems.NoSuchDeclaration, problems.NotFiled),
)
def accept_declaration(
    declaration_id: UUID, given: AcceptanceIn, agency: DeclaringAgency, session: SessionDep
) -> FiledDeclarationOut:
    """Say that your agency took the file; a second acceptance changes nothing."""
    _filed(session, declaration_id, agency)
    accepted = service.accept_declaration(session, declaration_id, given.reference, by=agency)
    return FiledDeclarationOut.of(accepted)


def _filed(session: SessionDep, declaration_id: UUID, agency: Principal) -> Declaration:
    found = queries.declaration(session, declaration_id, agency=_name(agency))
    if found.state not in ("filed", "accepted"):
        raise problems.NoSuchDeclaration("Check the declaration's id.")
    return found


def _name(agency: Principal) -> str:
    """The agency of a token; one without sees nothing."""
    return agency.agency or ""
