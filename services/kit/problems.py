"""Refusals, said so that a person can mend them: RFC 9457 problem details, and nothing else.

A refusal is a `Problem` subclass: its name becomes `type`, its docstring `title`, its constructor
makes `detail` and further members, its `status` is the answer's. Whatever else goes wrong also
answers `application/problem+json`; a stack trace goes to the log only.
"""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import psycopg
import sqlalchemy.exc
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

CONTENT_TYPE = "application/problem+json"
_DATABASE_GONE = (sqlalchemy.exc.OperationalError, psycopg.OperationalError)
_AGAIN = "Send the same request again; under the same Idempotency-Key it has one effect."
_log = structlog.get_logger()


class Problem(Exception):
    """The request was refused."""

    status: ClassVar[int] = 409
    headers: Mapping[str, str] | None = None

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        super().__init__(detail or self.title())
        self.detail = detail
        self.members = members

    @classmethod
    def type(cls) -> str:
        """The problem's stable name on the wire: `PayoutNotReady` is `payout-not-ready`."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        return (cls.__doc__ or cls.__name__).strip().splitlines()[0]

    def body(self) -> dict[str, Any]:
        """The problem object: type, title, status, detail and the problem's own members."""
        shown = {"type": self.type(), "title": self.title(), "status": self.status}
        if self.detail:
            shown["detail"] = self.detail
        return shown | self.members


class Unauthorized(Problem):
    """The request carries no valid token."""

    status = 401
    headers: Mapping[str, str] | None = {"WWW-Authenticate": "Bearer"}


class Forbidden(Problem):
    """The token does not grant this."""

    status = 403


class NotFound(Problem):
    """There is no such thing, or it is not yours to see."""

    status = 404


class Invalid(Problem):
    """The request has the wrong shape."""

    status = 422


class TooLarge(Problem):
    """The request is too large."""

    status = 413


class TooManyRequests(Problem):
    """Too many requests in a short time."""

    status = 429

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(f"Wait {retry_after_seconds} s, then try again.")
        self.headers = {"Retry-After": str(retry_after_seconds)}


class Unavailable(Problem):
    """A part that this needs does not answer just now."""

    status = 503
    headers: Mapping[str, str] | None = {"Retry-After": "2"}


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(examples=["payout-not-ready"])
    title: str
    status: int
    detail: str | None = None


def documented(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """The `responses=` of an endpoint, so that OpenAPI lists each refusal under its status."""
    by_status: dict[int | str, list[type[Problem]]] = {}
    every: tuple[type[Problem], ...] = (Unauthorized, Forbidden, *problems)
    for problem in every:
        by_status.setdefault(problem.status, []).append(problem)
    return {
        status: {
            "model": ProblemOut,
            "description": " / ".join(problem.title() for problem in listed),
            "content": {
                CONTENT_TYPE: {"examples": {p.type(): {"value": p().body()} for p in listed if _bare(p)}}
            },
        }
        for status, listed in by_status.items()
    }


def _bare(problem: type[Problem]) -> bool:
    return problem.__init__ is Problem.__init__


def install(app: FastAPI) -> None:
    """Make every error of `app` answer as a problem."""

    @app.exception_handler(Problem)
    def refuse(request: Request, problem: Problem) -> JSONResponse:
        return answer(problem)

    @app.exception_handler(RequestValidationError)
    def refuse_shape(request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {
                "field": ".".join(str(part) for part in e["loc"][1:]) or str(e["loc"][0]),
                "reason": _reason(e),
            }
            for e in error.errors()
        ]
        named = "; ".join(f"{e['field']}: {e['reason']}" for e in errors)
        return answer(Invalid(named, errors=errors))

    @app.exception_handler(HTTPException)
    def refuse_plain(request: Request, error: HTTPException) -> JSONResponse:
        title = str(error.detail)
        body = {"type": "about:blank", "title": title, "status": error.status_code}
        return JSONResponse(body, error.status_code, dict(error.headers or {}), media_type=CONTENT_TYPE)

    @app.exception_handler(Exception)
    def fail(request: Request, error: Exception) -> JSONResponse:
        return failure(error, route=getattr(request.scope.get("route"), "path", "unrouted"))


def failure(error: Exception, *, route: str) -> JSONResponse:
    """The answer when something fails that should not; what it was goes to the log only.

    It promises nothing about what was done: a commit whose answer was lost may have taken effect.
    """
    _log.error("request_failed", route=route, exc_info=error)
    if isinstance(error, _DATABASE_GONE):
        return answer(Unavailable("The database does not answer just now. " + _AGAIN))
    body = {
        "type": "internal-error",
        "title": "Something failed on our side.",
        "status": 500,
        "detail": _AGAIN,
    }
    return JSONResponse(body, 500, media_type=CONTENT_TYPE)


def _reason(error: Mapping[str, Any]) -> str:
    message = str(error["msg"])
    return message.removeprefix("Value error, ")


def answer(problem: Problem) -> JSONResponse:
    """A refusal as an answer. Endpoints return it, instead of raising, where the refusal itself has an
    effect that must stay: a wrong code is counted.
    """
    headers = dict(problem.headers) if problem.headers else None
    return JSONResponse(problem.body(), problem.status, headers, media_type=CONTENT_TYPE)
