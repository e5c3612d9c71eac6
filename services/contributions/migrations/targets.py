"""Every module with tables of this service, so that they stand on its metadata."""

import services.contributions.authorisations.models
import services.contributions.bank.models
import services.contributions.books.models
import services.contributions.charges.models
import services.contributions.coverages.models
import services.contributions.declarations.models
import services.contributions.members.models
import services.contributions.notices.models
import services.contributions.payments.models
import services.contributions.periods.models
import services.contributions.remittances.models  # noqa: F401
from services.contributions.db import tables

TARGETS = [tables.metadata]
