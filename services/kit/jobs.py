"""Background work inside the part's own PostgreSQL (Procrastinate)."""

from procrastinate.schema import SchemaManager


def schema_sql() -> str:
    """Procrastinate's own tables and functions, for a part's first migration."""
    return SchemaManager.get_schema()
