"""Fundings: the bank lines that pay for disbursements. Nothing is released before its money is here."""

from services.benefits.fundings.models import Funding
from services.benefits.fundings.queries import lock_reference
from services.benefits.fundings.schemas import FundsReceived
from services.benefits.fundings.service import claim, receive

__all__ = ["Funding", "FundsReceived", "claim", "lock_reference", "receive"]
