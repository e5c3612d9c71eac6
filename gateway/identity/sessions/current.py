"""The person whose page this is."""

from typing import Annotated

from fastapi import Depends, Request

from gateway.db import SessionDep
from gateway.identity.sessions.cookies import shown_secret
from gateway.identity.sessions.problems import NotSignedIn
from gateway.identity.sessions.service import SignedIn, find


def current_session(request: Request, session: SessionDep) -> SignedIn:
    """Who is signed in in this browser. Raises NotSignedIn."""
    secret = shown_secret(request)
    signed_in = find(session, secret) if secret else None
    if signed_in is None:
        raise NotSignedIn("Sign in, then come back.")
    return signed_in


CurrentSession = Annotated[SignedIn, Depends(current_session)]
