"""What a code is, and when it opens its payout."""

import hashlib
import hmac
import secrets as random
from datetime import date, timedelta
from uuid import UUID

from services.benefits.cash.models import CashCode
from services.benefits.cash.problems import CodeExpired, CodeLocked, WrongCode
from services.kit.problems import Problem
from services.kit.settings import kit_settings

DIGITS = 8
TRIES_MAX = 5
VALID_FOR = timedelta(days=30)


def new_code() -> str:
    """Eight random digits: with five tries, one guess in twenty million succeeds."""
    return f"{random.randbelow(10**DIGITS):0{DIGITS}d}"


def code_hash(payout_id: UUID, code: str) -> bytes:
    """HMAC-SHA256 with the key from the environment: a copy of the database tells no code."""
    key = kit_settings().secret_key.get_secret_value().encode()
    return hmac.digest(key, f"payout-code|{payout_id}|{code}".encode(), hashlib.sha256)


def ensure_usable(code: CashCode, *, as_of: date) -> None:
    """Raises CodeLocked after too many wrong tries, and CodeExpired."""
    if code.tries >= TRIES_MAX:
        raise CodeLocked("Have a new code sent.")
    if as_of > code.expires_on:
        raise CodeExpired(f"It was valid through {code.expires_on}. Have a new code sent.")


def refusal_of(code: CashCode, shown: str) -> Problem | None:
    """The refusal of a code that is not the right one, the try counted; None if it is."""
    if hmac.compare_digest(bytes(code.code_hash), code_hash(code.payout_id, shown)):
        return None
    code.tries += 1
    left = TRIES_MAX - code.tries
    return WrongCode(f"{left} tries are left.", tries_left=left)
