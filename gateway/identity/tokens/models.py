"""Table: since when the tokens of a person or system are worth nothing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime
from sqlmodel import Field

from gateway.db import Table
from services.kit.db import TRANSIENT


class Revocation(Table, table=True):
    """Tokens of this subject that were made at `before` or earlier are refused."""

    __tablename__ = "revocations"
    __table_args__ = {"info": TRANSIENT}  # noqa: RUF012  # SQLAlchemy's own way

    subject: UUID = Field(primary_key=True)
    before: datetime = Field(sa_type=DateTime(timezone=True))
