"""Searches: finding a member by document, number, phone or name."""
