"""The books of money in: which accounts there are, and what stands on them.

Client money is kept apart by what it is for. What members owe is a receivable for each fund; what the
mutual owes to the State in their name is an obligation; a member's credit is owed to that member.
"""

from services.contributions.books.accounts import (
    MEMBERS_CREDIT,
    SUSPENSE,
    bank,
    cash,
    obligations,
    receivable,
)
from services.contributions.books.models import entries, reversals

__all__ = [
    "MEMBERS_CREDIT",
    "SUSPENSE",
    "bank",
    "cash",
    "entries",
    "obligations",
    "receivable",
    "reversals",
]
