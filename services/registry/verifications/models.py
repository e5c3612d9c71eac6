"""Table: who verified whom, and that it was another person than who wrote it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index
from sqlmodel import Field

from services.kit import clock
from services.kit.db import APPEND_ONLY
from services.registry.db import Table


class Verification(Table, table=True):
    """A second person found that a member is who the papers say. Never changed."""

    __tablename__ = "verifications"
    __table_args__ = (
        CheckConstraint("verified_by <> registered_by AND verified_by <> content_by", name="two_people"),
        Index("ix_verifications_member_id", "member_id"),
        {"info": APPEND_ONLY},
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    member_id: UUID = Field(foreign_key="members.id")
    member_version: int = Field(sa_type=BigInteger)
    registered_by: UUID
    content_by: UUID
    verified_by: UUID
    verified_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
