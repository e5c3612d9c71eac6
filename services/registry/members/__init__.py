"""Members: the workers who joined, with documents, names, agreements and state.

Nobody is announced to other parts before a second person has verified them.
"""

from services.registry.members.answers import MemberLineOut, RegisteredOut
from services.registry.members.models import Member
from services.registry.members.problems import NoSuchMember
from services.registry.members.queries import LINES, hold_member, lock_member, read_lines
from services.registry.members.rules import age_on, ensure_was_born, is_working_age
from services.registry.members.service import touch
from services.registry.members.states import announce, member_states

__all__ = [
    "LINES",
    "Member",
    "MemberLineOut",
    "NoSuchMember",
    "RegisteredOut",
    "age_on",
    "announce",
    "ensure_was_born",
    "hold_member",
    "is_working_age",
    "lock_member",
    "member_states",
    "read_lines",
    "touch",
]
