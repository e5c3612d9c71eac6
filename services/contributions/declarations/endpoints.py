"""HTTP face of declarations, for the mutual's staff."""

from collections.abc import Iterator
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import StreamingResponse
from sqlmodel import Session

from services.contributions.auth import DeclarationsReader, FilingOfficer
from services.contributions.db import SessionDep, engine
from services.contributions.declarations import filing, jobs, problems, queries, service
from services.contributions.declarations.files import file_pieces
from services.contributions.declarations.models import Declaration
from services.contributions.declarations.schemas import (
    DeclarationIn,
    DeclarationOut,
    DeclarationsOut,
    LeftOutOut,
    LeftOutsOut,
)
from services.kit import audit
from services.kit.approvals_api import ApprovalOut
from services.kit.jobs import defer
from services.kit.paging import PageDep
from services.kit.periods import PeriodQuery
from services.kit.problems import documented

router = APIRouter(prefix="/v1/declarations", tags=["declarations"])


@router.post("", status_code=202, responses=documented(*problems.WHEN_DRAWING))
def draw_declaration(given: DeclarationIn, officer: FilingOfficer, session: SessionDep) -> DeclarationOut:
    """Draw up the payroll of a period from those who have paid; follow its progress with GET."""
    made = service.draw_declaration(
        session, given.period, without_statements=given.without_statements, by=officer
    )
    defer(session, jobs.draw_declaration, declaration_id=str(made.id))
    return DeclarationOut.of(made)


@router.get("", responses=documented())
def list_declarations(
    reader: DeclarationsReader, session: SessionDep, period: PeriodQuery
) -> DeclarationsOut:
    """Declarations, newest first."""
    found = queries.declarations(session, period=period)
    return DeclarationsOut(items=[DeclarationOut.of(one) for one in found])


@router.get("/{declaration_id}", responses=documented(problems.NoSuchDeclaration))
def read_declaration(declaration_id: UUID, reader: DeclarationsReader, session: SessionDep) -> DeclarationOut:
    """One declaration."""
    return DeclarationOut.of(queries.declaration(session, declaration_id))


@router.get(
    "/{declaration_id}/file",
    response_class=StreamingResponse,
    responses=documented(problems.NoSuchDeclaration, problems.NotDrawn),
)
def download_file(declaration_id: UUID, reader: DeclarationsReader, session: SessionDep) -> StreamingResponse:
    """The payroll file, for the State's portal; always the same bytes."""
    declaration = queries.declaration(session, declaration_id)
    audit.write(session, "declarations.export", declaration_id, by=reader)
    return payroll_file(declaration)


@router.get("/{declaration_id}/left-out", responses=documented(problems.NoSuchDeclaration))
def list_left_out(
    declaration_id: UUID, reader: DeclarationsReader, page: PageDep, session: SessionDep
) -> LeftOutsOut:
    """Who was charged and is not on the payroll, and why."""
    queries.declaration(session, declaration_id)
    found = queries.left_outs(session, declaration_id, page.after, page.limit)
    page.link_next(found[-1].member_id if found else None, len(found))
    return LeftOutsOut(items=[LeftOutOut.of(one) for one in found])


@router.post("/{declaration_id}/filings", status_code=202, responses=documented(*problems.WHEN_FILING))
def ask_to_file(declaration_id: UUID, officer: FilingOfficer, session: SessionDep) -> ApprovalOut:
    """Ask a second person to file it; those left out then lapse and are told."""
    return ApprovalOut.of(filing.ask_to_file(session, declaration_id, by=officer))


@router.post("/{declaration_id}/voids", responses=documented(*problems.WHEN_FILING))
def void_declaration(declaration_id: UUID, officer: FilingOfficer, session: SessionDep) -> DeclarationOut:
    """Set aside a declaration that was not filed, to draw it anew."""
    return DeclarationOut.of(service.void_declaration(session, declaration_id, by=officer))


def payroll_file(declaration: Declaration) -> StreamingResponse:
    """A declaration's file as an answer that streams. Raises NotDrawn."""
    if declaration.sha256 is None:
        raise problems.NotDrawn("Its file is not written yet.")

    def pieces() -> Iterator[bytes]:
        with Session(engine()) as session:
            yield from file_pieces(session, declaration)

    headers = {
        "Content-Disposition": f'attachment; filename="{declaration.file_name}"',
        "X-Content-SHA256": declaration.sha256,
    }
    return StreamingResponse(pieces(), media_type="text/plain; charset=us-ascii", headers=headers)
