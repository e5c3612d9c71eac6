"""Coverage: whether the State covers a member in a month, proved by a notice that was paid.

Only a remittance that the bank has confirmed covers; one that comes back withdraws. What is pending, in the
tail of 60 days, or not covered follows from what was declared and paid, and is never stored.
"""

from services.contributions.coverages.beginning import grant_later, withdraw_later
from services.contributions.coverages.models import Coverage, CoverageRun
from services.contributions.coverages.queries import run_of as coverage_run

__all__ = ["Coverage", "CoverageRun", "coverage_run", "grant_later", "withdraw_later"]
