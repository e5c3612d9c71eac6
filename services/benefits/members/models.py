"""The members as the registry announced them last."""

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field

from services.benefits.db import Table


class Member(Table, table=True):
    """A member as last announced. `version` is the registry's: an older announcement changes nothing."""

    __tablename__ = "members"
    __table_args__ = (
        Index("ix_members_document", "document_type", "document_number"),
        Index("ix_members_organisation_id", "organisation_id"),
    )

    id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    member_number: str
    organisation_id: UUID
    state: str
    given_names: str
    first_surname: str
    second_surname: str = ""
    document_type: str
    document_number: str

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.given_names, self.first_surname, self.second_surname)))
