"""Counts: how many members, in which state, with how many dependants; for the dashboard."""
