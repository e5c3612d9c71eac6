"""Organisations: the associations, unions and co-operatives through which members join."""

from services.registry.organisations.models import Organisation
from services.registry.organisations.problems import UnknownOrganisation

__all__ = ["Organisation", "UnknownOrganisation"]
