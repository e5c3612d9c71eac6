"""Releases: two people let benefit money go, by bank or for a code at the counter."""

from services.benefits.releases.service import REISSUE, RELEASE

__all__ = ["REISSUE", "RELEASE"]
