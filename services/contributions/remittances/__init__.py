"""Remittances: paying the State's notices, by two people, confirmed by nothing but the bank's evidence.

What a notice asks beyond what members have paid comes out of the mutual's own money first. A remittance
that comes back withdraws the cover of its members.
"""

from services.contributions.remittances.confirming import settle_from_statement
from services.contributions.remittances.models import Funding, Remittance, RemittanceReturn

__all__ = ["Funding", "Remittance", "RemittanceReturn", "settle_from_statement"]
