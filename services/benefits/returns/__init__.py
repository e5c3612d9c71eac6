"""Returns: what cannot be relayed goes back to the State, with a reason and a date."""

from services.benefits.returns.service import RETURN

__all__ = ["RETURN"]
