"""The books of money through: which accounts there are, what stands on them, and how rows are written."""

from services.benefits.books.accounts import (
    BANK,
    CASH,
    IN_TRANSIT,
    OWED_TO_MEMBERS,
    RETURNED,
    UNASSIGNED,
    UNMATCHED,
)
from services.benefits.books.models import entries, reversals
from services.benefits.books.service import post
from services.kit.ledger import Transfer

__all__ = [
    "BANK",
    "CASH",
    "IN_TRANSIT",
    "OWED_TO_MEMBERS",
    "RETURNED",
    "UNASSIGNED",
    "UNMATCHED",
    "Transfer",
    "entries",
    "post",
    "reversals",
]
