"""What this service knows of members: what matching and paying needs, as the registry announced it."""

from services.benefits.members.models import Member
from services.benefits.members.queries import holders_of, member, members, remember
from services.benefits.members.rules import document_key, share_a_name

__all__ = ["Member", "document_key", "holders_of", "member", "members", "remember", "share_a_name"]
