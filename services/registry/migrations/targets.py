"""Every module with tables of this service, so that they stand on its metadata."""

import services.registry.authorisations.models
import services.registry.dependants.models
import services.registry.imports.models
import services.registry.members.models
import services.registry.organisations.models
import services.registry.verifications.models  # noqa: F401
from services.registry.db import tables

TARGETS = [tables.metadata]
