"""Disbursements: what an agency announced, item by item, and what became of each."""

from services.benefits.disbursements.models import (
    Disbursement,
    DisbursementState,
    Item,
    ItemState,
    Traced,
)
from services.benefits.disbursements.problems import (
    DisbursementRefused,
    NoSuchDisbursement,
    UnderDeclaredTotals,
)
from services.benefits.disbursements.queries import (
    disbursement,
    item,
    items_in,
    lock_disbursement,
    traced,
)
from services.benefits.disbursements.rules import reference_key, under_declared
from services.benefits.disbursements.schemas import DisbursementOut, ItemOut, ItemsOut
from services.benefits.disbursements.service import lock_of, refusal_of, refuse_whole

__all__ = [
    "Disbursement",
    "DisbursementOut",
    "DisbursementRefused",
    "DisbursementState",
    "Item",
    "ItemOut",
    "ItemState",
    "ItemsOut",
    "NoSuchDisbursement",
    "Traced",
    "UnderDeclaredTotals",
    "disbursement",
    "item",
    "items_in",
    "lock_disbursement",
    "lock_of",
    "reference_key",
    "refusal_of",
    "refuse_whole",
    "traced",
    "under_declared",
]
