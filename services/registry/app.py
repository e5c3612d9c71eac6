"""The HTTP face of the registry."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.kit import approvals_api
from services.kit.app import new_app
from services.kit.events import feed
from services.registry.authorisations import PUT_IN_FORCE
from services.registry.authorisations import endpoints as authorisations
from services.registry.counts import endpoints as counts
from services.registry.db import engine, get_session, pool
from services.registry.dependants import endpoints as dependants
from services.registry.exits import LEAVE
from services.registry.exits import endpoints as exits
from services.registry.filings import endpoints as filings
from services.registry.imports import endpoints as imports
from services.registry.members import endpoints as members
from services.registry.organisations import endpoints as organisations
from services.registry.phone_reviews import endpoints as phone_reviews
from services.registry.searches import endpoints as searches
from services.registry.verifications import endpoints as verifications


def create_app() -> FastAPI:
    """Members, families, organisations, authorisations, rosters and searches."""
    return new_app(
        "registry",
        "Who belongs: members, their families and organisations.",
        organisations.router,
        authorisations.router,
        searches.router,
        members.router,
        dependants.router,
        verifications.router,
        phone_reviews.router,
        exits.router,
        imports.router,
        counts.router,
        filings.router,
        approvals_api.router(get_session, PUT_IN_FORCE, LEAVE),
        feed.router(get_session),
        engine=engine(),
        lifespan=_lifespan,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The pool of the hot paths, closed in the end."""
    with pool():
        yield
    pool.cache_clear()
