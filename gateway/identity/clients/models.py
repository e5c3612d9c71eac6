"""Table: clients, with the SHA-256 of their secret (256 random bits, so nothing slower is needed)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, UniqueConstraint, func
from sqlmodel import Field

from gateway.db import Table


class Client(Table, table=True):
    """A system with credentials. `id` is what its tokens name, `client_id` what it shows for them."""

    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint("state IN ('pending', 'active', 'refused', 'deactivated')", name="state"),
        CheckConstraint("(role = 'state_agency') = (agency IS NOT NULL)", name="agency"),
        UniqueConstraint("client_id"),
    )

    id: UUID = Field(primary_key=True)
    client_id: str
    name: str
    role: str
    agency: str | None = None
    state: str = "pending"
    secret_hash: bytes | None = None
    created_at: datetime = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
