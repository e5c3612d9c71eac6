"""The books of money in: which accounts there are, and what stands on them.

Client money is kept apart by what it is for. What members owe is a receivable for each fund; what the
mutual owes to the State in their name is an obligation; a member's credit is owed to that member.
"""

from services.contributions.books.accounts import (
    ADVANCED,
    MEMBERS_CREDIT,
    RETURNING,
    SHORTFALL,
    STATE_CREDITS,
    SUSPENSE,
    bank,
    cash,
    obligations,
    own,
    receivable,
)
from services.contributions.books.models import entries, reversals

__all__ = [
    "ADVANCED",
    "MEMBERS_CREDIT",
    "RETURNING",
    "SHORTFALL",
    "STATE_CREDITS",
    "SUSPENSE",
    "bank",
    "cash",
    "entries",
    "obligations",
    "own",
    "receivable",
    "reversals",
]
