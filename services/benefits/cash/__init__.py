"""Cash at the counter: a one-time code, kept as a hash, opens a payout once."""

from services.benefits.cash.service import issue_codes

__all__ = ["issue_codes"]
