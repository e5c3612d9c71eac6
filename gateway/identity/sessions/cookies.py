"""The cookie of a session.

`__Host-` ties it to this very host and to HTTPS. Browsers take such a cookie over plain HTTP from
the loopback too (Chromium and Firefox; seen), so development needs no weaker one; over plain HTTP
from anywhere else nobody can sign in, which is as it should be.
"""

from fastapi import Request, Response

from gateway.identity.sessions.service import SignedIn

NAME = "__Host-amparo"


def set_cookie(response: Response, signed_in: SignedIn) -> None:
    """Give the browser its session; it keeps it until it is closed, we until the session ends."""
    response.set_cookie(NAME, signed_in.secret, path="/", secure=True, httponly=True, samesite="lax")


def clear_cookie(response: Response) -> None:
    response.delete_cookie(NAME, path="/", secure=True, httponly=True, samesite="lax")


def shown_secret(request: Request) -> str | None:
    return request.cookies.get(NAME)
