"""Authorisations: the State's documents that let the mutual act as employer of record.

Nothing is filed without one in force. Its minimum wage is the floor of what a member may declare.
"""

from services.registry.authorisations.models import Authorisation
from services.registry.authorisations.queries import WAGE_FLOOR, in_force, wage_floor
from services.registry.authorisations.schemas import AuthorisationOut
from services.registry.authorisations.service import PUT_IN_FORCE

__all__ = ["PUT_IN_FORCE", "WAGE_FLOOR", "Authorisation", "AuthorisationOut", "in_force", "wage_floor"]
