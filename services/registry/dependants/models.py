"""Table: the families of members, covered with them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, text
from sqlmodel import Field

from services.kit import clock
from services.registry.db import Table


class Dependant(Table, table=True):
    """One person of a member's family: `direct` is free, `additional` is paid per head and month."""

    __tablename__ = "dependants"
    __table_args__ = (
        CheckConstraint("kind IN ('direct', 'additional')", name="kind"),
        CheckConstraint("sex IN ('M', 'F')", name="sex"),
        CheckConstraint("(document_type IS NULL) = (document_number IS NULL)", name="document"),
        Index("ix_dependants_member_id", "member_id"),
        Index(
            "uq_dependants_document",
            "member_id",
            "document_number",
            "document_type",
            unique=True,
            postgresql_where=text("document_number IS NOT NULL AND ended_on IS NULL"),
        ),
    )

    id: UUID = Field(primary_key=True)
    member_id: UUID = Field(foreign_key="members.id")
    relation: str
    kind: str
    given_names: str
    first_surname: str
    second_surname: str = ""
    sex: str
    birth_date: date
    document_type: str | None = None
    document_number: str | None = None
    ended_on: date | None = None
    recorded_by: UUID
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
