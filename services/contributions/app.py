"""The HTTP face of contributions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.contributions.accounts import endpoints as accounts
from services.contributions.bank import endpoints as bank
from services.contributions.bank import settling
from services.contributions.books import endpoints as books
from services.contributions.charges import endpoints as charges
from services.contributions.coverages import endpoints as coverages
from services.contributions.db import engine, get_session
from services.contributions.declarations import agency_endpoints as declarations_for_agencies
from services.contributions.declarations import endpoints as declarations
from services.contributions.declarations import filing
from services.contributions.notices import agency_endpoints as notices_for_agencies
from services.contributions.notices import endpoints as notices
from services.contributions.notices import explaining
from services.contributions.payments import endpoints as payments
from services.contributions.payments import reversing
from services.contributions.payments.counter import open_counter
from services.contributions.periods import endpoints as periods
from services.contributions.periods import service as closing
from services.contributions.remittances import endpoints as remittances
from services.contributions.remittances import funding, returning
from services.contributions.remittances import service as ordering
from services.contributions.schemes import endpoints as schemes
from services.contributions.settings import settings
from services.kit import approvals_api
from services.kit.app import new_app
from services.kit.events import deadletters, feed

KINDS = (
    reversing.KIND,
    settling.KIND,
    filing.KIND,
    explaining.KIND,
    ordering.KIND,
    returning.KIND,
    funding.KIND,
    closing.KIND,
)


def create_app() -> FastAPI:
    """Charges, payments, books, declarations, notices, remittances and coverage."""
    return new_app(
        "contributions",
        "Money in from members, onwards to the State.",
        schemes.router,
        charges.router,
        payments.router,
        bank.router,
        declarations.router,
        declarations_for_agencies.router,
        notices.router,
        notices_for_agencies.router,
        remittances.router,
        coverages.router,
        accounts.router,
        periods.router,
        books.router,
        approvals_api.router(get_session, *KINDS),
        feed.router(get_session),
        deadletters.router(get_session),
        engine=engine(),
        lifespan=_lifespan,
    )


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The counter at which this process's payments are posted."""
    with open_counter(engine(), settings().database_url) as app.state.counter:
        yield
