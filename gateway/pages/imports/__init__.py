"""Bringing in an organisation's roster: a dry run first, then for good, with every bad row named."""
