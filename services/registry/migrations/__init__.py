"""Alembic's history of the registry's database, and the tables that it leads to."""
