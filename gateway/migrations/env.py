"""Alembic runs this; the kit knows how."""

from services.kit.migrations import run_env

run_env("gateway")
