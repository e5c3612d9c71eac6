"""Exits: a member leaves when one person asks for it, with a reason, and another agrees; and may come back.

Nobody is removed quietly (DOMAIN §5): both persons, the day and the reason are kept.
"""

from services.registry.exits.service import LEAVE

__all__ = ["LEAVE"]
