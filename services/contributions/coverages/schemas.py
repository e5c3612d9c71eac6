"""The wire shapes of coverage."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from services.contributions.coverages.rules import State
from services.kit.periods import Period


class MonthOut(BaseModel):
    """One month of a member: what it is, until when it covers, and the notice that proves it."""

    period: Period
    state: State
    covered_until: date | None
    notice_id: UUID | None
    reference: str | None = Field(description="The State's own name of the notice")
    remittance_id: UUID | None
    granted_on: date | None
    withdrawn_on: date | None
    withdrawn_because: str | None


class MemberCoverageOut(BaseModel):
    """How a member stands today, and the months that were covered, withdrawn or declared, newest first.

    In the tail there is health care in kind for member and family, and no benefit in money (Ley 87-01,
    art. 124).
    """

    member_id: UUID
    state: State
    covered: bool
    since: date | None = Field(description="First day of the months covered without a gap")
    until: date | None = Field(description="Last day that is covered")
    tail_until: date | None
    months: list[MonthOut]


class ListedCoverageOut(BaseModel):
    """One member in a list of a month's cover."""

    member_id: UUID
    organisation_id: UUID
    state: State
    covered_until: date | None
    notice_id: UUID | None


class CoverageListOut(BaseModel):
    """A page of members in order of id."""

    period: Period
    items: list[ListedCoverageOut]
