"""Every module with tables of this service, so that they stand on its metadata."""

import services.benefits.bank_orders.models
import services.benefits.books.models
import services.benefits.cases.models
import services.benefits.cash.models
import services.benefits.disbursements.models
import services.benefits.fundings.models
import services.benefits.members.models
import services.benefits.payout_accounts.models
import services.benefits.payouts.models
import services.benefits.returns.models  # noqa: F401
from services.benefits.db import tables

TARGETS = [tables.metadata]
