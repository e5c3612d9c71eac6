"""Forms that came from our own pages, and no others.

A form carries a token that only the session's own secret can make. It differs each time it is
rendered, so that the size of a compressed page tells nothing of it. A form without a session (the
one to sign in) is checked by what the browser says of where it comes from.
"""

import base64
import hashlib
import hmac
import os
from urllib.parse import urlsplit

from fastapi import Request

from gateway.identity.sessions.problems import CsrfRefused
from gateway.identity.sessions.service import SignedIn

_NONCE_BYTES = 12


def csrf_token(signed_in: SignedIn) -> str:
    """A token for a form on this person's page, good as long as the session."""
    nonce = os.urandom(_NONCE_BYTES)
    return base64.urlsafe_b64encode(nonce + _mark(signed_in, nonce)).decode()


def ensure_csrf(signed_in: SignedIn, shown: str | None) -> None:
    """Refuse a form that does not carry this session's token. Raises CsrfRefused."""
    try:
        box = base64.urlsafe_b64decode((shown or "").encode("ascii"))
    except ValueError:
        raise CsrfRefused("Load the page again and send the form from there.") from None
    nonce, mark = box[:_NONCE_BYTES], box[_NONCE_BYTES:]
    if not hmac.compare_digest(mark, _mark(signed_in, nonce)):
        raise CsrfRefused("Load the page again and send the form from there.")


def ensure_same_site(request: Request) -> None:
    """Refuse what another site's page made the browser send. Raises CsrfRefused.

    Every browser of today says `Sec-Fetch-Site`, or at least `Origin`, with a POST; a client that
    says neither is none, and holds no cookies of anybody.
    """
    fetched_from = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if fetched_from is not None:
        is_ours = fetched_from in ("same-origin", "none")
    else:
        is_ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not is_ours:
        raise CsrfRefused("Open our own page and send the form from there.")


def _mark(signed_in: SignedIn, nonce: bytes) -> bytes:
    return hmac.new(signed_in.secret.encode(), b"csrf" + nonce, hashlib.sha256).digest()
