"""Tables of imports: the roster's file, how far it was read, and what was wrong with it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.kit.db import TRANSIENT
from services.registry.db import Table


class Import(Table, table=True):
    """One roster. Its counts and `last_line` are written with the members of the same chunk.

    `roots` is how far the clerk who sent it may act, for the job that reads it later.
    """

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("mode IN ('dry_run', 'good_rows', 'all_or_none')", name="mode"),
        CheckConstraint("state IN ('waiting', 'checking', 'writing', 'done', 'failed')", name="state"),
        CheckConstraint("verified_by <> requested_by", name="two_people"),
        Index("ix_imports_state", "state"),
    )

    id: UUID = Field(primary_key=True)
    organisation_id: UUID | None = None
    roots: list[UUID] | None = Field(default=None, sa_type=ARRAY(Uuid))
    mode: str
    state: str = "waiting"
    filename: str
    sha256: bytes = Field(sa_type=LargeBinary)
    size_bytes: int = Field(sa_type=BigInteger)
    rows_expected: int | None = None
    rows_read: int = 0
    rows_bad: int = 0
    rows_written: int = 0
    rows_verified: int = 0
    last_line: int = 0
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    requested_by: UUID
    requested_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    touched_at: datetime = Field(
        sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    finished_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    verified_by: UUID | None = None
    verified_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class ImportPiece(Table, table=True):
    """A stretch of the roster's file, kept until the import is done: the worker may be elsewhere."""

    __tablename__ = "import_pieces"
    __table_args__ = ({"info": TRANSIENT},)

    import_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)


class ImportError(Table, table=True):
    """Something wrong with one cell of a roster."""

    __tablename__ = "import_errors"
    __table_args__ = (
        Index("ix_import_errors_import_id", "import_id", "id"),
        {"info": TRANSIENT},
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    import_id: UUID
    line: int
    column: str
    value: str
    code: str
    reason: str


class ImportedDocument(Table, table=True):
    """A document seen while a roster is only checked: finds the same one further down in the file."""

    __tablename__ = "imported_documents"
    __table_args__ = ({"info": TRANSIENT},)

    import_id: UUID = Field(primary_key=True)
    number: str = Field(primary_key=True)
    type: str = Field(primary_key=True)
    line: int
