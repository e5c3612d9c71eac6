"""Verifications: another person than who registered a member confirms who they are."""

from services.registry.verifications.service import verify_members

__all__ = ["verify_members"]
