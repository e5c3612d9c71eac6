"""Cases: no payout without one. Thin now (type, member, agency's number, dates)."""

from services.benefits.cases.models import Case
from services.benefits.cases.problems import CaseOfAnother, UnknownMember
from services.benefits.cases.queries import add, cases, lock_numbers
from services.benefits.cases.schemas import AgencyReference, Benefit

__all__ = [
    "AgencyReference",
    "Benefit",
    "Case",
    "CaseOfAnother",
    "UnknownMember",
    "add",
    "cases",
    "lock_numbers",
]
