"""This service's Alembic history."""
