"""Bank statements: every line once, matched to a member, or kept in suspense until someone knows.

Benefit money on the mutual's account is announced to `benefits` and never booked here.
"""

from services.contributions.bank.models import BankLine, BankStatement

__all__ = ["BankLine", "BankStatement"]
