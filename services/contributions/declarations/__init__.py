"""Declarations: the payroll of a period, drawn up from those who have paid, filed by two people.

Who is left out is listed with the reason, told, and owes nothing for that month.
"""

from services.contributions.declarations.lapsing import lapse
from services.contributions.declarations.models import Declaration, DeclarationLine, LeftOut
from services.contributions.declarations.service import last_value_on

__all__ = ["Declaration", "DeclarationLine", "LeftOut", "lapse", "last_value_on"]
