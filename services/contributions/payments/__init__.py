"""Money that comes in for members: posted once, allocated at once, receipted, and undone by two people."""

from services.contributions.payments.models import Allocation, Payment, PaymentReversal
from services.contributions.payments.posting import Incoming, Posted, consume_credit, post
from services.contributions.payments.rules import settle_between

__all__ = [
    "Allocation",
    "Incoming",
    "Payment",
    "PaymentReversal",
    "Posted",
    "consume_credit",
    "post",
    "settle_between",
]
