"""Table: contacts, the projection of members that messages need. Never a document."""

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from gateway.db import Table


class Contact(Table, table=True):
    """The newest known state of one member; `organisation_id` is where they belong today."""

    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_phone", "phone"),)

    member_id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    organisation_id: UUID
    member_number: str
    given_names: str
    phone: str | None = None
    language: str
    state: str
