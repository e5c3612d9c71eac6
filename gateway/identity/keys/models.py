"""Table: the signing keys, the private half sealed with the key from the environment."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from gateway.db import Table
from services.kit.db import TRANSIENT


class SigningKey(Table, table=True):
    """One ES256 key. It signs from `signs_from` until a newer one does, and is published longer."""

    __tablename__ = "signing_keys"
    __table_args__ = {"info": TRANSIENT}  # noqa: RUF012  # SQLAlchemy's own way

    kid: str = Field(primary_key=True)
    public_jwk: dict[str, Any] = Field(sa_type=JSONB)
    private_sealed: str
    signs_from: datetime = Field(sa_type=DateTime(timezone=True))
    published_until: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
