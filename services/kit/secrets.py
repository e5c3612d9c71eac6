"""Secrets at rest: AES-256-GCM with a key from the environment, never from the database.

For one-time-code seeds, webhook secrets, signing keys, payout accounts, and codes inside events.
"""

import base64
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kit.settings import kit_settings

_NONCE_BYTES = 12


def encrypt(plain: str, *, purpose: str) -> str:
    """Seal a secret for one purpose; the same purpose must be named to open it. Base64url text."""
    nonce = os.urandom(_NONCE_BYTES)
    sealed = _cipher().encrypt(nonce, plain.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def decrypt(sealed: str, *, purpose: str) -> str:
    """Open what `encrypt` sealed. Raises ValueError for another key, another purpose or a changed text."""
    box = base64.urlsafe_b64decode(sealed)
    try:
        return _cipher().decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], purpose.encode()).decode()
    except InvalidTag:
        raise ValueError(f"this secret was not sealed here for {purpose!r}") from None


@lru_cache
def _cipher() -> AESGCM:
    key = base64.urlsafe_b64decode(kit_settings().secret_key.get_secret_value())
    if len(key) != 32:
        raise ValueError("AMPARO_SECRET_KEY must be 32 bytes, base64url")
    return AESGCM(key)
