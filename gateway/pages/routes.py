"""How pages fail: as pages. Whoever is not signed in is asked to, and then brought back.

A route of the pages answers problems in the reader's words and not in JSON, for people read them.
"""

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from gateway.identity.sessions import CsrfRefused, NotSignedIn
from gateway.locale import catalogue
from gateway.pages.api import Refused, Unanswered
from gateway.pages.frame import Frame
from gateway.pages.plain import Explained, explain
from gateway.pages.replies import go, html, language_of
from services.kit import clock, context
from services.kit.problems import Problem

_log = structlog.get_logger()


class PageRoute(APIRoute):
    """A route whose refusals and failures are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_in_words(request: Request) -> Response:
            try:
                return await answer(request)
            except NotSignedIn:
                return _ask_to_sign_in(request)
            except CsrfRefused as problem:
                return _say(request, problem.status, problem.type())
            except Problem as problem:
                return _say(request, problem.status, problem.type(), problem.detail)
            except Refused as refused:
                return _say_refused(request, refused)
            except Unanswered as error:
                _log.warning("part_unanswered", service=error.service, reason=str(error))
                return _say(request, 503)
            except (RequestValidationError, HTTPException) as error:
                # An id in the address that is none, a field that no page of ours sends.
                return _say(request, getattr(error, "status_code", 404))
            except Exception as error:
                _log.error("page_failed", route=self.path, exc_info=error)
                return _say(request, 500)

        return answer_in_words


def page_router(prefix: str = "/admin") -> APIRouter:
    """A router of pages; they are no part of the API's description."""
    return APIRouter(prefix=prefix, route_class=PageRoute, include_in_schema=False)


def _ask_to_sign_in(request: Request) -> Response:
    if request.headers.get("x-part"):  # fetched into a page: the script leaves the page as it is
        return Response(status_code=401)
    back = request.url.path if request.method == "GET" else "/admin"
    query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
    return go(f"/admin/sign-in?next={quote(back + query)}")


def _say_refused(request: Request, refused: Refused) -> Response:
    if refused.status == 401:  # the token was withdrawn between two clicks
        return _ask_to_sign_in(request)
    detail = refused.problem.get("detail") or refused.problem.get("title")
    return _say(request, refused.status, refused.type, str(detail) if detail else None)


def _say(request: Request, status: int, type_: str = "", detail: str | None = None) -> Response:
    words = catalogue(language_of(request))
    failed = status >= 500
    told: Explained = explain(words, status, type_, detail, context.request_id.get() if failed else None)
    if request.headers.get("x-part"):
        return Response(status_code=status)
    # Alone, without a menu: what failed may be the very thing that tells who reads.
    frame = Frame(language_of(request), request.url.path, clock.now().date())
    return html("errors/show.html", frame, status, view=told)
