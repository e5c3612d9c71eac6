"""What this service knows of members: a projection of the registry, and the account that is locked.

Only what a charge and a line of a payroll need. `registry` owns all of it; here it is never edited.
"""

from services.contributions.members.models import Member, MemberAccount
from services.contributions.members.queries import LOCK_ACCOUNTS, locked_accounts

__all__ = ["LOCK_ACCOUNTS", "Member", "MemberAccount", "locked_accounts"]
