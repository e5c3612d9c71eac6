"""Authorisations: the State's documents that let the mutual act as employer of record.

Nothing is filed without one in force. Its minimum wage is the floor of what a member may declare.
"""

from services.registry.authorisations.models import Authorisation
from services.registry.authorisations.queries import in_force, wage_floor
from services.registry.authorisations.schemas import AuthorisationOut

__all__ = ["Authorisation", "AuthorisationOut", "in_force", "wage_floor"]
