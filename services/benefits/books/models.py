"""The ledger's tables in this service's database."""

from services.benefits.db import tables
from services.kit.ledger import ledger_tables

entries, reversals = ledger_tables(tables.metadata)
