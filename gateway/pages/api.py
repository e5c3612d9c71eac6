"""Asking the services what a page shows, as the person who reads it: over HTTP, with their token.

Pages can do nothing that the API cannot. A refusal comes back as `Refused` with the service's
problem; a part that does not answer, as `Unanswered`, so that a page can show what the others said.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx
from fastapi import FastAPI

from gateway.settings import Service, settings
from services.kit import context
from services.kit.settings import kit_settings

Part = Service | Literal["gateway"]

_TIMEOUT = httpx.Timeout(20, connect=2)
# A roster of 100,000 rows is sent on whole before it is answered.
_UPLOAD_TIMEOUT = httpx.Timeout(120, connect=2)
# Shorter than uvicorn's five seconds, so that no line is used as it is being hung up.
_LIMITS = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=3)


class Refused(Exception):
    """A service said no: `problem` is its RFC 9457 body."""

    def __init__(self, service: Part, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(f"{service}: {status} {problem.get('type')}")
        self.service = service
        self.status = status
        self.problem = problem

    @property
    def type(self) -> str:
        return str(self.problem.get("type", "about:blank"))

    @property
    def fields(self) -> dict[str, str]:
        """What is wrong with which field, if the problem names fields."""
        named = self.problem.get("errors")
        if not isinstance(named, list):
            return {}
        return {str(e.get("field")): str(e.get("reason")) for e in named if isinstance(e, dict)}


class Unanswered(Exception):
    """A service does not answer, or not in JSON."""

    def __init__(self, service: Part, reason: str) -> None:
        super().__init__(f"{service}: {reason}")
        self.service = service


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of the API: its JSON, and where the next page of a list begins, if there is one."""

    body: Any
    next_query: str | None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """The client that all pages of this process share, as `request.state.pages_http`."""
    async with httpx.AsyncClient(timeout=_TIMEOUT, limits=_LIMITS, trust_env=False) as client:
        yield {"pages_http": client}


@dataclass(frozen=True, slots=True)
class Api:
    """The services, asked with one person's token."""

    http: httpx.AsyncClient
    token: str

    async def get(self, service: Part, path: str, **query: Any) -> Any:
        """The JSON at `path`. Raises Refused, Unanswered."""
        return (await self.get_page(service, path, **query)).body

    async def get_page(self, service: Part, path: str, **query: Any) -> Answer:
        """The same of a list, with the way to its next page. Raises Refused, Unanswered."""
        given = {name: value for name, value in query.items() if value is not None}
        answer = await self._send("GET", service, path, params=given)
        following = answer.links.get("next", {}).get("url")
        return Answer(_json(service, answer), following.lstrip("?") if following else None)

    async def post(self, service: Part, path: str, body: Any, *, key: str | None = None) -> Any:
        """Post JSON; `key` is the form's, so that a second click is the same request.

        Raises Refused, Unanswered.
        """
        headers = {"Idempotency-Key": key} if key else {}
        answer = await self._send("POST", service, path, json=body, headers=headers)
        return _json(service, answer)

    async def upload(
        self, service: Part, path: str, fields: Mapping[str, str], file: tuple[str, Any], *, key: str
    ) -> Any:
        """Send a file on as it came, with its form's fields. Raises Refused, Unanswered."""
        answer = await self._send(
            "POST",
            service,
            path,
            data=dict(fields),
            files={"file": file},
            headers={"Idempotency-Key": key},
            timeout=_UPLOAD_TIMEOUT,
        )
        return _json(service, answer)

    async def stream(self, service: Part, path: str, **query: Any) -> AsyncIterator[bytes]:
        """The bytes at `path` as they come. Raises Refused, Unanswered at the first piece."""
        url = f"{base_url(service)}{path}"
        try:
            async with self.http.stream("GET", url, params=query, headers=self._headers()) as answer:
                if not answer.is_success:
                    await answer.aread()
                    raise _failure(service, answer)
                async for piece in answer.aiter_bytes():
                    yield piece
        except httpx.HTTPError as error:
            raise Unanswered(service, type(error).__name__) from error

    async def _send(self, method: str, service: Part, path: str, **given: Any) -> httpx.Response:
        headers = {**self._headers(), **given.pop("headers", {})}
        url = f"{base_url(service)}{path}"
        try:
            answer = await self.http.request(method, url, headers=headers, **given)
        except httpx.HTTPError as error:
            raise Unanswered(service, type(error).__name__) from error
        if not answer.is_success:
            raise _failure(service, answer)
        return answer

    def _headers(self) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self.token}"}
        if (request_id := context.request_id.get()) is not None:
            headers["X-Request-Id"] = request_id
        if (origin := context.origin.get()) is not None:
            headers["X-Forwarded-For"] = origin  # for the audit: who reads, not who forwards
        return headers


def base_url(part: Part) -> str:
    """Where a part's API is: the services', and the gateway's own behind its door like all others."""
    if part == "gateway":
        return f"{kit_settings().gateway_url.rstrip('/')}/api/gateway"
    return settings().url_of(part)


def _failure(service: Part, answer: httpx.Response) -> Refused | Unanswered:
    if answer.status_code in (502, 503, 504):
        return Unanswered(service, str(answer.status_code))
    return Refused(service, answer.status_code, _problem(answer))


def _json(service: Part, answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise Unanswered(service, "no JSON") from error


def _problem(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"title": answer.reason_phrase}
