"""Charging: what the mutual asks of each member for a period, computed once and never changed."""

from services.contributions.charges.models import Charge, ChargeLine, ChargeRun, Due

__all__ = ["Charge", "ChargeLine", "ChargeRun", "Due"]
