"""Table: the organisations through which members join, a forest of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, text
from sqlmodel import Field

from services.kit import clock
from services.registry.db import Table

KINDS = ("federation", "union", "association", "guild", "cooperative", "group")


class Organisation(Table, table=True):
    """An association, guild, union branch or co-operative; one may belong to another.

    Siblings have different names. `tree_nodes` is kept beside it, in the same transaction.
    """

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("parent_id <> id", name="parent"),
        Index(
            "uq_organisations_name",
            "parent_id",
            text("lower(name)"),
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: UUID = Field(primary_key=True)
    version: int = Field(default=1, sa_type=BigInteger)
    parent_id: UUID | None = Field(default=None, foreign_key="organisations.id")
    name: str
    kind: str
    created_by: UUID
    created_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
