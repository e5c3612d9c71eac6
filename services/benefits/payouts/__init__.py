"""Payouts: the relay of one benefit to one member. None is made without a member and a case."""

from services.benefits.payouts.models import FINAL, Channel, Payout, State
from services.benefits.payouts.problems import NoSuchPayout, PayoutNotThere
from services.benefits.payouts.queries import lock_payouts, lock_payouts_of, move
from services.benefits.payouts.schemas import PayoutOut
from services.benefits.payouts.service import (
    announced,
    announced_paid,
    book,
    lock_in,
    make_releasable,
)

__all__ = [
    "FINAL",
    "Channel",
    "NoSuchPayout",
    "Payout",
    "PayoutNotThere",
    "PayoutOut",
    "State",
    "announced",
    "announced_paid",
    "book",
    "lock_in",
    "lock_payouts",
    "lock_payouts_of",
    "make_releasable",
    "move",
]
