"""What a process tells of itself: structured logs without personal data, health and metrics.

Logs are JSON lines with the request's id and the route's pattern, never a path with ids' values, a
body or a query. `/healthz` says the process lives, `/readyz` that it can reach its database, `/metrics`
speaks Prometheus' text format.
"""

import logging
import re
import sys
import time
from typing import Any

import structlog
from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.kit import context
from services.kit.ids import new_id
from services.kit.problems import Unavailable

REQUEST_ID = "X-Request-Id"

# What PostgreSQL adds to an error quotes whole rows: names, documents, benefits.
_QUOTED_ROW = re.compile(
    r"\b(DETAIL|CONTEXT):  .*?(?=\n(?:HINT:|CONTEXT:|\[SQL|\(Background|The above|During|Traceback)|\Z)",
    re.DOTALL,
)

_requests = Counter("amparo_http_requests_total", "Requests answered", ["part", "route", "method", "status"])
_seconds = Histogram(
    "amparo_http_request_seconds",
    "Time to answer",
    ["part", "route"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.1, 0.5, 2),
)


def configure_logging(level: str) -> None:
    """JSON lines on stderr, for our own logs and for the libraries'."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
        structlog.processors.format_exc_info,
        _leave_out_rows,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for chatty in ("uvicorn.access", "httpx", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _add_request_id(logger: Any, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if (request_id := context.request_id.get()) is not None:
        event["request_id"] = request_id
    return event


def _leave_out_rows(logger: Any, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    if "exception" in event:
        event["exception"] = _QUOTED_ROW.sub(r"\1:  (left out)", event["exception"])
    return event


def install(app: FastAPI, *, part: str, engine: Engine, behind_gateway: bool = True) -> None:
    """Give `app` request ids, metrics and the three endpoints that machines look at."""
    app.add_middleware(Observed, part=part, behind_gateway=behind_gateway)

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> dict[str, str]:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            raise Unavailable("The database does not answer.") from None
        return {"status": "ready"}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


class Observed:
    """Bare ASGI middleware: a request id in and out, one count and one time per answer."""

    def __init__(self, app: ASGIApp, part: str, behind_gateway: bool) -> None:
        self.app = app
        self.part = part
        self.behind_gateway = behind_gateway
        self._metrics: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = headers.get(REQUEST_ID, "")[:64] or str(new_id())
        context.request_id.set(request_id)
        context.origin.set(self._origin(scope, headers))
        started, status = time.perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            route = getattr(scope.get("route"), "path", "unrouted")
            count, seconds = self._metrics_of(route, scope["method"], status)
            count.inc()
            seconds.observe(time.perf_counter() - started)

    def _metrics_of(self, route: str, method: str, status: int) -> tuple[Counter, Histogram]:
        """The metrics of one kind of answer, looked up once: finding them costs more than counting."""
        key = (route, method, status)
        if key not in self._metrics:
            count = _requests.labels(self.part, route, method, status)
            self._metrics[key] = count, _seconds.labels(self.part, route)
        return self._metrics[key]

    def _origin(self, scope: Scope, headers: Headers) -> str:
        """The asker's address. Anybody can send the header: it is believed only from the gateway."""
        forwarded = headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if self.behind_gateway and forwarded:
            return forwarded
        return str((scope["client"] or ("",))[0])
