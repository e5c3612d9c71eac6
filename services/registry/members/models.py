"""Tables of members: who they are, by which documents and names, and what they agreed to.

Documents, names and agreements are kept with their history; nothing here is overwritten but what the
member says of today: phone, language, occupation, wage, organisation.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    Identity,
    Index,
    String,
    Text,
    text,
)
from sqlmodel import Field

from services.kit import clock
from services.registry.db import Table


class Member(Table, table=True):
    """A worker who joined through an organisation. `version` counts every change, of the family too.

    `name_keys` are the words of all names ever known, without case and accents, for the search.
    `content_by` is who last wrote what a second person must verify.
    """

    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("state IN ('applicant', 'active', 'out')", name="state"),
        CheckConstraint("sex IN ('M', 'F')", name="sex"),
        CheckConstraint("declared_wage_minor > 0", name="declared_wage"),
        CheckConstraint("state = 'applicant' OR enrolled_at IS NOT NULL", name="enrolled"),
        CheckConstraint("state <> 'applicant' OR NOT identity_verified", name="applicant"),
        Index("uq_members_member_number", "member_number", unique=True),
        Index("ix_members_organisation_id", "organisation_id", "id"),
        Index("ix_members_phone", "phone", postgresql_where=text("phone IS NOT NULL")),
        Index("ix_members_unverified", "id", postgresql_where=text("NOT identity_verified")),
        Index("ix_members_out", "id", postgresql_where=text("state = 'out'")),
        Index("ix_members_phone_needs_review", "id", postgresql_where=text("phone_needs_review")),
        Index("ix_members_import_id", "import_id", "id", postgresql_where=text("import_id IS NOT NULL")),
        Index(
            "ix_members_name_keys",
            text("array_to_tsvector(name_keys)"),
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        ),
    )

    id: UUID = Field(primary_key=True)
    version: int = Field(default=1, sa_type=BigInteger)
    member_number: int = Field(
        sa_type=BigInteger, sa_column_kwargs={"server_default": text("nextval('member_numbers')")}
    )
    organisation_id: UUID
    state: str = "applicant"
    given_names: str
    first_surname: str
    second_surname: str = ""
    name_keys: list[str] = Field(sa_type=ARRAY(Text))
    sex: str
    birth_date: date
    phone: str | None = None
    phone_needs_review: bool = False
    language: str
    occupation: str
    risk_class: str
    declared_wage_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    identity_verified: bool = False
    enrolled_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    registered_by: UUID
    content_by: UUID
    registered_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    import_id: UUID | None = None
    import_line: int | None = None


class IdentityDocument(Table, table=True):
    """A document of a member. One that was replaced is retired, and stays."""

    __tablename__ = "identity_documents"
    __table_args__ = (
        CheckConstraint("type IN ('C', 'N', 'P', 'R', 'U', 'O')", name="type"),
        Index(
            "uq_identity_documents_number",
            "number",
            "type",
            unique=True,
            postgresql_where=text("retired_at IS NULL"),
        ),
        Index("ix_identity_documents_retired", "number", postgresql_where=text("retired_at IS NOT NULL")),
        Index("ix_identity_documents_member_id", "member_id"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    member_id: UUID = Field(foreign_key="members.id")
    type: str
    number: str
    override_reason: str | None = None
    recorded_by: UUID
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    retired_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class Alias(Table, table=True):
    """A name under which a member was or is also known."""

    __tablename__ = "aliases"
    __table_args__ = (Index("ix_aliases_member_id", "member_id"),)

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    member_id: UUID = Field(foreign_key="members.id")
    given_names: str
    first_surname: str
    second_surname: str = ""
    recorded_by: UUID
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))


class Agreement(Table, table=True):
    """A mandate or a consent that a member signed, with the version of its text. A newer one follows it."""

    __tablename__ = "agreements"
    __table_args__ = (
        CheckConstraint("kind IN ('mandate', 'consent')", name="kind"),
        CheckConstraint("withdrawn_on >= given_on", name="dates"),
        Index("ix_agreements_member_id", "member_id"),
    )

    id: int = Field(primary_key=True, sa_type=BigInteger, sa_column_args=[Identity(always=True)])
    member_id: UUID = Field(foreign_key="members.id")
    kind: str
    given_on: date
    text_version: str
    withdrawn_on: date | None = None
    recorded_by: UUID
    recorded_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
