"""The HTTP face of contributions."""

from fastapi import FastAPI

from services.contributions.bank import endpoints as bank
from services.contributions.bank import settling
from services.contributions.charges import endpoints as charges
from services.contributions.db import engine, get_session
from services.contributions.declarations import agency_endpoints as declarations_for_agencies
from services.contributions.declarations import endpoints as declarations
from services.contributions.declarations import filing
from services.contributions.payments import endpoints as payments
from services.contributions.payments import reversing
from services.contributions.schemes import endpoints as schemes
from services.kit import approvals_api
from services.kit.app import new_app
from services.kit.events import deadletters, feed

KINDS = (reversing.KIND, settling.KIND, filing.KIND)


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
        approvals_api.router(get_session, *KINDS),
        feed.router(get_session),
        deadletters.router(get_session),
        engine=engine(),
    )
