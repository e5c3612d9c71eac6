"""Tables: the members as the registry announced them last, and one account row for each."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, text
from sqlmodel import Field

from services.contributions.db import Table


class Member(Table, table=True):
    """A member as last announced. `version` is the registry's: an older announcement changes nothing."""

    __tablename__ = "members"
    __table_args__ = (
        Index("ix_members_active", "id", postgresql_where=text("state = 'active'")),
        Index("ix_members_document_number", "document_number"),
        Index("ix_members_member_number", "member_number"),
        Index("ix_members_phone", "phone", postgresql_where=text("phone IS NOT NULL")),
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
    sex: str
    birth_date: date
    document_type: str
    document_number: str
    phone: str | None = None
    declared_wage_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    risk_class: str
    additional_dependants: int = 0
    has_mandate: bool
    identity_verified: bool


class MemberAccount(Table, table=True):
    """The row that is locked before a member's money is looked at, and the member's credit.

    Every posting, charge, filing and reversal locks it first, several in order of id.
    """

    __tablename__ = "member_accounts"
    __table_args__ = (CheckConstraint("credit_minor >= 0", name="credit"),)

    member_id: UUID = Field(primary_key=True)
    currency: str = Field(sa_type=String(3))
    credit_minor: int = Field(default=0, sa_type=BigInteger)
