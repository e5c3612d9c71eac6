"""HTTP face of imports. A roster is taken at once and read in the background; this tells how far it is."""

from collections.abc import Iterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from sqlmodel import Session

from services.kit import audit
from services.kit.approvals import SamePersonTwice
from services.kit.jobs import defer
from services.kit.paging import PageDep
from services.kit.problems import documented
from services.kit.sheets import csv_chunks
from services.registry import jobs
from services.registry.auth import MembersReader, RosterClerk, Verifier
from services.registry.db import SessionDep, engine
from services.registry.imports import problems, queries, service
from services.registry.imports.columns import HEADINGS
from services.registry.imports.pieces import FILE_BYTES_MAX
from services.registry.imports.schemas import CellErrorOut, CellErrorsOut, ImportOut, ImportsOut, Mode

router = APIRouter(prefix="/v1/imports", tags=["imports"])

FORM_BYTES_MAX = 64 * 1024
"""Of what surrounds the file in a form."""
ERROR_HEADINGS = ("Línea", "Columna", "Valor", "Código", "Motivo")


@router.post(
    "",
    status_code=202,
    max_body_size=FILE_BYTES_MAX + FORM_BYTES_MAX,
    responses=documented(*problems.WHEN_SENDING),
)
def send_roster(
    file: UploadFile,
    clerk: RosterClerk,
    session: SessionDep,
    mode: Annotated[Mode, Form()] = "dry_run",
    organisation_id: Annotated[UUID | None, Form()] = None,
) -> ImportOut:
    """Send a roster (CSV or XLSX). A dry run only tells what would happen."""
    taken = service.take_roster(
        session,
        file.file,
        filename=file.filename or "",
        mode=mode,
        organisation_id=organisation_id,
        by=clerk,
    )
    defer(session, jobs.read_roster, import_id=str(taken.id))
    return ImportOut.of(taken)


@router.get("", responses=documented())
def list_imports(reader: MembersReader, page: PageDep, session: SessionDep) -> ImportsOut:
    """The rosters that you may see, the newest first."""
    found = queries.list_imports(session, reader, after=page.after, limit=page.limit)
    page.link_next(found[-1].id if found else None, len(found))
    return ImportsOut(items=[ImportOut.of(one) for one in found])


@router.get("/{import_id}", responses=documented(problems.NoSuchImport))
def read_import(import_id: UUID, reader: MembersReader, session: SessionDep) -> ImportOut:
    """One roster, and how far it is."""
    return ImportOut.of(queries.find_import(session, import_id, reader))


@router.get("/{import_id}/errors", response_model=CellErrorsOut, responses=documented(problems.NoSuchImport))
def list_errors(
    import_id: UUID,
    clerk: RosterClerk,
    session: SessionDep,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    format: Literal["json", "csv"] = "json",
) -> CellErrorsOut | Response:
    """What is wrong with which cell, page by page; or everything as CSV, to be mended and sent again."""
    found = queries.find_import(session, import_id, clerk)
    if format == "csv":
        audit.write(session, "imports.export_errors", found.id, by=clerk)
        headers = {"Content-Disposition": f'attachment; filename="errors-{import_id}.csv"'}
        table = csv_chunks(ERROR_HEADINGS, _export(import_id))
        return StreamingResponse(table, media_type="text/csv; charset=utf-8", headers=headers)
    rows = queries.errors(session, import_id, after=after, limit=limit)
    items = [
        CellErrorOut(
            line=line, column=column, heading=HEADINGS[column], value=value, code=code, reason=reason
        )
        for _, line, column, value, code, reason in rows
    ]
    return CellErrorsOut(items=items, next_after=rows[-1][0] if len(rows) == limit else None)


@router.post(
    "/{import_id}/verifications",
    status_code=202,
    responses=documented(
        problems.NoSuchImport, SamePersonTwice, problems.ImportNotDone, problems.ImportVerified
    ),
)
def verify_import(import_id: UUID, verifier: Verifier, session: SessionDep) -> ImportOut:
    """Confirm, as another person than who sent the roster, all its members. `members_verified` counts up."""
    found = service.begin_verifying(session, import_id, by=verifier)
    defer(session, jobs.verify_roster, import_id=str(found.id))
    return ImportOut.of(found)


def _export(import_id: UUID) -> Iterator[tuple[int | str, ...]]:
    """All errors, some at a time: it goes on after the request's own session has ended."""
    after, is_more = 0, True
    while is_more:
        with Session(engine()) as session:
            rows = queries.errors(session, import_id, after=after, limit=1000)
        for _, line, column, value, code, reason in rows:
            yield line, HEADINGS[column], value, code, reason
        if is_more := bool(rows):
            after = rows[-1][0]
