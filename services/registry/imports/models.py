"""Tables of imports: the roster's file, how far it was read, and what was wrong with it."""

from datetime import date, datetime
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
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from services.kit import clock
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
    members_written: int = 0
    dependants_written: int = 0
    members_verified: int = 0
    last_line: int = 0
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    requested_by: UUID
    requested_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    touched_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
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


class ImportFault(Table, table=True):
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


class ImportedKey(Table, table=True):
    """A person seen while a roster is only checked: finds the same one further down in the file.

    `key` is a document, or for somebody without one the member, the names and the birth date.
    """

    __tablename__ = "imported_keys"
    __table_args__ = ({"info": TRANSIENT},)

    import_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    line: int


class WaitingDependant(Table, table=True):
    """A dependant whose member was not met yet: they may stand further down in the file."""

    __tablename__ = "waiting_dependants"
    __table_args__ = ({"info": TRANSIENT},)

    import_id: UUID = Field(primary_key=True)
    line: int = Field(primary_key=True)
    id: UUID
    member_document: str
    member_written: str
    given_names: str
    first_surname: str
    second_surname: str
    sex: str
    birth_date: date
    relation: str
    kind: str
    document_type: str | None = None
    document_number: str | None = None
