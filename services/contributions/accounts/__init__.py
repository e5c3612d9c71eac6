"""Members' accounts as people read them: what is owed, what lies ready, and all that happened."""

from services.contributions.accounts.opening import open_member
from services.contributions.accounts.problems import NoSuchMember

__all__ = ["NoSuchMember", "open_member"]
