"""The gateway's HTTP face, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from fastapi import Depends, FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware

import gateway
from gateway import openapi
from gateway.admission import admit_request
from gateway.approvals import KINDS
from gateway.audits import endpoints as audits
from gateway.bodies import BoundedBodies
from gateway.db import engine, get_session
from gateway.forwarding import Forwarder, Pool
from gateway.hooks import sms as hooks
from gateway.identity.clients import endpoints as clients
from gateway.identity.clients import token_requests
from gateway.identity.keys import endpoints as keys
from gateway.identity.sessions import endpoints as sessions
from gateway.identity.staff import endpoints as staff
from gateway.identity.tokens import watching
from gateway.messages import endpoints as messages
from gateway.openapi.endpoints import Merged
from gateway.pages import api as pages
from gateway.pages.endpoints import ROUTERS as PAGES
from gateway.settings import settings
from gateway.webhooks.subscriptions import endpoints as webhooks
from services.kit import approvals_api
from services.kit.app import new_app
from services.kit.events import deadletters

OPEN = (keys.router, token_requests.router, sessions.router, openapi.router, hooks.router)
"""What is asked for without a token; a webhook that comes in is signed instead."""
API = (
    staff.router,
    clients.router,
    audits.router,
    messages.router,
    webhooks.router,
    approvals_api.router(get_session, *KINDS),
    deadletters.router(get_session),
)
"""The gateway's own API, under `/api/gateway`: as the services' API, from the same door."""

_log = structlog.get_logger()


def create_app() -> Forwarder:
    """The application that `amparo api gateway` runs: what is forwarded, and before what is answered here."""
    pool = Pool(silence_seconds_max=settings().upstream_seconds_max)
    return Forwarder(create_inner_app(pool), settings(), pool)


def create_inner_app(pool: Pool) -> FastAPI:
    """What the gateway answers itself: tokens, its own API, the admin, the merged OpenAPI."""
    app = new_app(
        "gateway",
        gateway.__doc__ or "",
        *OPEN,
        engine=engine(),
        middleware=[Middleware(BoundedBodies, settings=settings())],
        lifespan=_lifespan,
        behind_gateway=False,
    )
    for router in API:
        app.include_router(router, prefix="/api/gateway", dependencies=[Depends(admit_request)])
    for page in PAGES:
        app.include_router(page)
    app.state.pool = pool
    app.state.openapi = Merged(pool)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """Keys at hand before the first request, revocations heard all along, connections closed at the end."""
    try:
        await run_in_threadpool(watching.read_again)
    except SQLAlchemyError:
        _log.warning("database_not_ready")  # `watch` goes on trying; /readyz says so
    watch = asyncio.create_task(watching.watch())
    async with pages.lifespan(app) as state:
        yield state
    watch.cancel()
    with suppress(asyncio.CancelledError):
        await watch
    await app.state.pool.close()
