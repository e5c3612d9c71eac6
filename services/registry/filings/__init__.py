"""Filings: what must be certain before members are named on a payroll, answered from the source."""
