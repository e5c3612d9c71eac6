"""What members write to us by SMS: kept, shown to staff, and obeyed when they ask for fewer messages."""

from gateway.messages.inbound.rules import storable
from gateway.messages.inbound.service import take

__all__ = ["storable", "take"]
