"""Access tokens: JWTs signed with ES256 by the gateway, checked by every service for itself.

`python-jose` is used here and nowhere else. The algorithm is pinned (CVE-2024-33663 was a confusion
of algorithms), encrypted tokens are never opened (CVE-2024-33664). Keys rotate: a verifier that
meets an unknown key id reads the gateway's `/.well-known/jwks.json` again, at most every ten seconds.
"""

import threading
import time
from collections import OrderedDict
from typing import Any

import httpx
from jose import JWTError, jwk, jwt
from jose.backends.base import Key
from jose.exceptions import JWKError

from services.kit.problems import Unauthorized, Unavailable
from services.kit.settings import kit_settings

ALGORITHM = "ES256"
AUDIENCE = "amparo"
LIFETIME_SECONDS = 600
# Left out of a token, python-jose would not ask for them.
_REQUIRED = {"require_aud": True, "require_iss": True, "require_exp": True, "require_sub": True}
_REFRESH_SECONDS = 10.0
_REMEMBERED_MAX = 4096


def sign(claims: dict[str, Any], *, kid: str, private_pem: str) -> str:
    """A token with issuer, audience and the times set; lives ten minutes."""
    issued = int(time.time())
    body = {
        "iss": kit_settings().gateway_url,
        "aud": AUDIENCE,
        "iat": issued,
        "exp": issued + LIFETIME_SECONDS,
        **claims,
    }
    token: str = jwt.encode(body, private_pem, algorithm=ALGORITHM, headers={"kid": kid})
    return token


def verify(token: str) -> dict[str, Any]:
    """The claims of a token that is ours and in date. Raises Unauthorized.

    A token once checked is remembered until it expires: the signature costs more than the request.
    """
    claims = remembered(token)
    if claims is None:
        claims = _check(token)
        _remembered.put(token, claims)
    return claims


def remembered(token: str) -> dict[str, Any] | None:
    """The claims of a token that was checked before and is still in date, without waiting."""
    claims = _remembered.get(token)
    return claims if claims is not None and claims["exp"] > time.time() else None


def trust(jwks: dict[str, Any]) -> None:
    """Take these public keys as the gateway's, and read none from it (the gateway itself, and tests)."""
    _keys.is_given = True
    _keys.replace(jwks)


def _check(token: str) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(token)
        key = _keys.get(str(header.get("kid")))
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=kit_settings().gateway_url,
            options=dict(_REQUIRED),  # copied, since the library writes into it
        )
    except JWTError as error:
        expired = "expired" in str(error).lower()
        detail = "The token has expired" if expired else "The token is not one of ours"
        raise Unauthorized(f"{detail}; ask /oauth/token for a new one.") from None
    if not isinstance(claims.get("exp"), int):
        raise Unauthorized("The token does not say when it expires.")
    return claims


class _Remembered:
    """The tokens lately checked, the oldest forgotten first."""

    def __init__(self) -> None:
        self._claims: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, token: str) -> dict[str, Any] | None:
        return self._claims.get(token)

    def put(self, token: str, claims: dict[str, Any]) -> None:
        with self._lock:
            self._claims[token] = claims
            while len(self._claims) > _REMEMBERED_MAX:
                self._claims.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._claims.clear()


class _KeySet:
    """The gateway's public keys by key id, read again when an unknown one turns up."""

    def __init__(self) -> None:
        self.is_given = False
        self._keys: dict[str, Key] = {}
        self._read_at = 0.0
        self._lock = threading.Lock()

    def get(self, kid: str) -> Key:
        if kid not in self._keys and not self.is_given:
            self._read()
        try:
            return self._keys[kid]
        except KeyError:
            raise Unauthorized(
                "The token's key is not one of ours; ask /oauth/token for a new one."
            ) from None

    def replace(self, jwks: dict[str, Any]) -> None:
        _remembered.clear()
        self._keys = {key["kid"]: jwk.construct(key, ALGORITHM) for key in jwks["keys"]}

    def _read(self) -> None:
        with self._lock:
            if time.monotonic() - self._read_at < _REFRESH_SECONDS and self._read_at:
                return
            url = f"{kit_settings().gateway_url}/.well-known/jwks.json"
            try:
                answer = httpx.get(url, timeout=5).raise_for_status().json()
                self.replace(answer)
            except (httpx.HTTPError, ValueError, KeyError, JWKError):
                raise Unavailable("The gateway's keys cannot be read just now.") from None
            self._read_at = time.monotonic()


_remembered = _Remembered()
_keys = _KeySet()
