"""Signing in and staying so: sessions kept on the server, and what the browser shows for one.

For the pages:

    signed_in: CurrentSession                   the person whose page this is; raises NotSignedIn
    sign_in(session, Proof(email, password, code)) -> SignedIn, then set_cookie(response, it)
    confirm_code(session, signed_in, code)      a fresh one-time code, before deciding as second person
    sign_out(session, signed_in), then clear_cookie(response)
    access_token(signed_in)                     that person's own token, to call the services with
    csrf_token(signed_in), ensure_csrf(signed_in, shown), ensure_same_site(request)
"""

from gateway.identity.sessions.cookies import clear_cookie, set_cookie
from gateway.identity.sessions.csrf import csrf_token, ensure_csrf, ensure_same_site
from gateway.identity.sessions.current import CurrentSession
from gateway.identity.sessions.problems import (
    CodeAlreadyUsed,
    CsrfRefused,
    NotSignedIn,
    PasswordIsTemporary,
    SignInRefused,
)
from gateway.identity.sessions.service import (
    Proof,
    SignedIn,
    access_token,
    confirm_code,
    identify,
    sign_in,
    sign_out,
)

__all__ = [
    "CodeAlreadyUsed",
    "CsrfRefused",
    "CurrentSession",
    "NotSignedIn",
    "PasswordIsTemporary",
    "Proof",
    "SignInRefused",
    "SignedIn",
    "access_token",
    "clear_cookie",
    "confirm_code",
    "csrf_token",
    "ensure_csrf",
    "ensure_same_site",
    "identify",
    "set_cookie",
    "sign_in",
    "sign_out",
]
