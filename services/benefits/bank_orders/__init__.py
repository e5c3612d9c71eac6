"""Bank orders: payouts on their way through the bank, and what it says of each."""

from services.benefits.bank_orders.problems import NoDebtorAccount
from services.benefits.bank_orders.service import draw

__all__ = ["NoDebtorAccount", "draw"]
