"""Signed posts to systems outside: rows that are due are claimed, posted side by side, and settled.

A claim commits a lease and an attempt's number *before* the post; the post carries the row's id as its
key; what came of it is written after. Nothing is called inside a transaction.
"""

from gateway.webhooks.posting.addresses import Networks, networks_allowed
from gateway.webhooks.posting.draining import Channel, drain
from gateway.webhooks.posting.posts import Outcome, Post, Poster
from gateway.webhooks.posting.signing import BadSignature, new_secret, signed_headers, verify
from gateway.webhooks.posting.verdicts import Verdict, verdict_of, wait_of

__all__ = [
    "BadSignature",
    "Channel",
    "Networks",
    "Outcome",
    "Post",
    "Poster",
    "Verdict",
    "drain",
    "networks_allowed",
    "new_secret",
    "signed_headers",
    "verdict_of",
    "verify",
    "wait_of",
]
