"""How each part's HTTP face is put together: problems, telemetry and the part's routers."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine
from starlette.middleware import Middleware

from services.kit import clock_api, problems, telemetry
from services.kit.settings import kit_settings

VERSION = "1"


def new_app(
    part: str,
    description: str,
    *routers: APIRouter,
    engine: Engine,
    middleware: Sequence[Middleware] = (),
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[Any]] | None = None,
    behind_gateway: bool = True,
) -> FastAPI:
    """A FastAPI application of one part, closed but for its routers and the machines' endpoints.

    The interactive pages of FastAPI load scripts from elsewhere, so they are off; `/openapi.json` is on.
    `behind_gateway` says that the address in X-Forwarded-For was written by the gateway, and is true.
    """
    telemetry.configure_logging(kit_settings().log_level)
    app = FastAPI(
        title=f"Amparo {part}",
        description=description,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        middleware=list(middleware),
        lifespan=lifespan,
    )
    problems.install(app)
    telemetry.install(app, part=part, engine=engine, behind_gateway=behind_gateway)
    for router in routers:
        app.include_router(router)
    if kit_settings().sandbox:
        app.include_router(clock_api.router(engine))
    return app
