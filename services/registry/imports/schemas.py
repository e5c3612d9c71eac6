"""The wire of imports."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.registry.imports.models import Import

Mode = Literal["dry_run", "good_rows", "all_or_none"]


class ImportOut(BaseModel):
    """A roster, and how far it is. `problem` tells why a file could not be read to its end."""

    id: UUID
    state: str = Field(examples=["writing"], description="waiting, checking, writing, done or failed")
    mode: str
    filename: str
    organisation_id: UUID | None
    rows_expected: int | None = Field(description="About how many rows the file has, if it tells")
    rows_read: int
    rows_good: int
    rows_bad: int
    rows_written: int
    members_written: int
    dependants_written: int
    members_verified: int
    problem: dict[str, Any] | None
    requested_by: UUID
    requested_at: datetime
    finished_at: datetime | None
    verified_by: UUID | None
    verified_at: datetime | None

    @classmethod
    def of(cls, row: Import) -> "ImportOut":
        return cls(
            rows_good=row.rows_read - row.rows_bad,
            rows_written=row.members_written + row.dependants_written,
            **row.model_dump(exclude={"sha256", "size_bytes", "roots", "last_line", "touched_at"}),
        )


class ImportsOut(BaseModel):
    """A page of imports, the newest first."""

    items: list[ImportOut]


class CellErrorOut(BaseModel):
    """Something wrong with one cell. `code` is stable, for translations."""

    line: int
    column: str = Field(examples=["document_number"])
    heading: str = Field(examples=["Documento"])
    value: str
    code: str = Field(examples=["document_in_doubt"])
    reason: str


class CellErrorsOut(BaseModel):
    """A page of errors. Send `next_after` as `after` for the page behind it; null at the end."""

    items: list[CellErrorOut]
    next_after: int | None
