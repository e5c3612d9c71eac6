"""Table: the State's documents that let the mutual act as employer of record."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, DateTime, Index, String, Text, text
from sqlmodel import Field

from services.kit import clock
from services.registry.db import Table


class Authorisation(Table, table=True):
    """One authorisation. It is proposed by one person and put in force by another."""

    __tablename__ = "authorisations"
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'in_force', 'refused')", name="state"),
        CheckConstraint("minimum_wage_minor > 0", name="minimum_wage"),
        CheckConstraint("expires_on >= valid_from", name="dates"),
        CheckConstraint("put_in_force_by <> proposed_by", name="two_people"),
        CheckConstraint("(state = 'in_force') = (put_in_force_by IS NOT NULL)", name="put_in_force"),
        Index(
            "uq_authorisations_number",
            "issuer",
            "number",
            unique=True,
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    id: UUID = Field(primary_key=True)
    version: int = Field(default=1, sa_type=BigInteger)
    state: str = "proposed"
    issuer: str
    number: str
    scheme: str
    employer_number: str
    payroll_codes: list[str] = Field(sa_type=ARRAY(Text))
    minimum_wage_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    infotep: bool
    issued_on: date
    valid_from: date
    expires_on: date | None = None
    proposed_by: UUID
    proposed_at: datetime = Field(default_factory=clock.now, sa_type=DateTime(timezone=True))
    put_in_force_by: UUID | None = None
