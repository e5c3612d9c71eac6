"""Matching: whose an item is, and for which case; what is doubtful waits in quarantine for a clerk."""

from services.benefits.matching.problems import NoSuchItem, NotInQuarantine
from services.benefits.matching.queries import newly_held
from services.benefits.matching.service import lock_item_of, match_items, rematch

__all__ = [
    "NoSuchItem",
    "NotInQuarantine",
    "lock_item_of",
    "match_items",
    "newly_held",
    "rematch",
]
