"""The mutual's authorisation, as the registry announced it: who files, from which wage on, with what."""

from services.contributions.authorisations.models import Authorisation
from services.contributions.authorisations.queries import authorisation_on

__all__ = ["Authorisation", "authorisation_on"]
