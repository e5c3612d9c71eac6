"""Payout accounts: where a member is paid by bank. Who has none in force is paid in cash."""

from services.benefits.payout_accounts.models import SEALED_FOR, PayoutAccount
from services.benefits.payout_accounts.queries import in_force
from services.benefits.payout_accounts.service import CHANGE

__all__ = ["CHANGE", "SEALED_FOR", "PayoutAccount", "in_force"]
