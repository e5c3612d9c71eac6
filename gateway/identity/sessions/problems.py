"""Why somebody is not let in."""

from collections.abc import Mapping

from services.kit.problems import Problem


class SignInRefused(Problem):
    """The e-mail address, the password or the one-time code is wrong."""

    status = 401
    headers: Mapping[str, str] | None = {"WWW-Authenticate": "Bearer"}


class CodeAlreadyUsed(Problem):
    """This one-time code was used before."""

    status = 401
    headers: Mapping[str, str] | None = {"WWW-Authenticate": "Bearer"}


class PasswordIsTemporary(Problem):
    """This password only opens the door once: choose one of your own."""

    status = 403


class NotSignedIn(Problem):
    """Nobody is signed in, or the session has ended."""

    status = 401


class CsrfRefused(Problem):
    """The form did not come from our own pages, or its session has ended."""

    status = 403


WHEN_SIGNING_IN = (SignInRefused, CodeAlreadyUsed, PasswordIsTemporary)
