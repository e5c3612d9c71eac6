"""Payment notices: the State's bill for a declaration, and each way in which it differs from it.

Collected, declared and billed stay three amounts, per member and branch. The notice is authoritative: a
difference gets a reason and is booked, the declaration never changes. What the State billed beyond what
a member owes is the mutual's to bear; what it billed less is the member's.
"""

from services.contributions.notices.models import Difference, Explanation, Notice, NoticeLine

__all__ = ["Difference", "Explanation", "Notice", "NoticeLine"]
