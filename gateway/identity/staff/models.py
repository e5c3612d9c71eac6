"""Tables of staff: people, the roles that they hold, the roles that were asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, UniqueConstraint, Uuid, func
from sqlmodel import Field

from gateway.db import Table
from services.kit.db import TRANSIENT


class StaffMember(Table, table=True):
    """A person. `new` ones have no way in yet; `roots` None means the whole mutual."""

    __tablename__ = "staff"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'active', 'deactivated')", name="state"),
        CheckConstraint("email = lower(email)", name="email"),
        CheckConstraint(
            "state <> 'active' OR (password_hash IS NOT NULL AND totp_sealed IS NOT NULL)",
            name="credentials",
        ),
        UniqueConstraint("email"),
    )

    id: UUID = Field(primary_key=True)
    email: str
    name: str
    language: str
    state: str = "new"
    roots: list[UUID] | None = Field(default=None, sa_type=ARRAY(Uuid))
    password_hash: str | None = None
    password_is_temporary: bool = False
    totp_sealed: str | None = None
    totp_last_step: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class StaffRole(Table, table=True):
    """A role that a person holds."""

    __tablename__ = "staff_roles"
    __table_args__ = {"info": TRANSIENT}  # noqa: RUF012  # SQLAlchemy's own way

    staff_id: UUID = Field(primary_key=True, foreign_key="staff.id")
    role: str = Field(primary_key=True)
    granted_at: datetime = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


class RoleGrant(Table, table=True):
    """A role that was asked for on a person's behalf, with the organisations they would be limited to."""

    __tablename__ = "role_grants"
    __table_args__ = (CheckConstraint("state IN ('pending', 'granted', 'refused')", name="state"),)

    id: UUID = Field(primary_key=True)
    staff_id: UUID = Field(foreign_key="staff.id", index=True)
    role: str
    roots: list[UUID] | None = Field(default=None, sa_type=ARRAY(Uuid))
    state: str = "pending"
    requested_at: datetime = Field(
        default=None, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
