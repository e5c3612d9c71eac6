"""The gateway's Alembic history."""
