"""Table: authorisations as last announced. The registry owns them."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, String
from sqlmodel import Field

from services.contributions.db import Table


class Authorisation(Table, table=True):
    """The State's leave for the mutual to be the employer of record under a scheme."""

    __tablename__ = "authorisations"

    id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
    state: str
    scheme: str
    employer_number: str
    payroll_codes: list[str] = Field(sa_type=ARRAY(String))
    minimum_wage_minor: int | None = Field(default=None, sa_type=BigInteger)
    currency: str = Field(sa_type=String(3))
    infotep: bool
    valid_from: date
    expires_on: date | None = None
