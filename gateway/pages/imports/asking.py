"""Asking the register about rosters: bring one in, see how far it is, what was wrong, confirm it."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel
from starlette.datastructures import UploadFile

from gateway.pages.imports.reasons import reason_of
from gateway.pages.imports.views import Import, Mode, RowError
from gateway.pages.plain import sentence
from gateway.pages.visits import Visit

ERRORS_SHOWN_MAX = 100
ORGANISATIONS_MAX = 200


class _Import(BaseModel):
    id: UUID
    filename: str
    mode: Mode
    state: Literal["waiting", "checking", "writing", "done", "failed"]
    rows_expected: int | None
    rows_read: int
    rows_good: int
    rows_bad: int
    members_written: int
    dependants_written: int
    members_verified: int
    problem: dict[str, Any] | None
    requested_by: UUID
    requested_at: datetime
    verified_by: UUID | None


class _Error(BaseModel):
    line: int
    heading: str
    value: str
    code: str
    reason: str


async def organisations(reader: Visit) -> list[tuple[str, str]]:
    """(id, name) of the organisations that the reader may see. Raises Refused, Unanswered."""
    body = await reader.api.get("registry", "/v1/organisations", limit=ORGANISATIONS_MAX)
    named = [(str(one["id"]), str(one["name"])) for one in body["items"]]
    return sorted(named, key=lambda one: one[1].casefold())


async def bring_in(reader: Visit, fields: Mapping[str, str], file: UploadFile, *, key: str) -> str:
    """Send a roster on; answers the import's id. Raises Refused, Unanswered."""
    sent = (file.filename or "roster", file.file)
    body = await reader.api.upload("registry", "/v1/imports", fields, sent, key=key)
    return str(body["id"])


async def state(reader: Visit, import_id: UUID) -> Import:
    """How far a roster is, and the first of what was wrong. Raises Refused, Unanswered."""
    path = f"/v1/imports/{import_id}"
    read, errors = await asyncio.gather(
        reader.api.get("registry", path),
        reader.api.get("registry", f"{path}/errors", limit=ERRORS_SHOWN_MAX),
    )
    known = _Import.model_validate(read)
    shown = tuple(_row(reader, _Error.model_validate(item)) for item in errors["items"])
    me = reader.signed_in.principal.subject
    unverified = known.state == "done" and known.members_written > known.members_verified
    waits = unverified and known.verified_by is None
    return Import(
        id=str(known.id),
        file_name=known.filename,
        mode=known.mode,
        running=known.state not in ("done", "failed"),
        verifying=unverified and known.verified_by is not None,
        started_at=known.requested_at,
        rows_read=known.rows_read,
        rows_total=known.rows_expected,
        good=known.rows_good,
        bad=known.rows_bad,
        registered=known.members_written,
        family=known.dependants_written,
        verified=known.members_verified,
        errors=shown,
        more_errors=len(shown) >= ERRORS_SHOWN_MAX,
        refusal=_refusal(reader, known.problem),
        may_be_verified=waits and reader.may("members:verify") and known.requested_by != me,
        needs_code=reader.needs_code,
    )


async def verify(reader: Visit, import_id: UUID) -> None:
    """Confirm, as the second person, everybody in a roster at once. Raises Refused, Unanswered."""
    await reader.api.post("registry", f"/v1/imports/{import_id}/verifications", {})


def _row(reader: Visit, error: _Error) -> RowError:
    return RowError(error.line, error.heading, error.value, reason_of(reader, error.code, error.reason))


def _refusal(reader: Visit, problem: Mapping[str, Any] | None) -> str | None:
    if problem is None:
        return None
    said = sentence(reader.words, str(problem.get("type", "")), int(problem.get("status", 422)))
    detail = problem.get("detail")
    # Which columns: the register names them as the file should.
    return f"{said} ({detail})" if detail and str(problem.get("type", "")).endswith("columns") else said
