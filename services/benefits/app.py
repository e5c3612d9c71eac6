"""The HTTP face of benefits."""

from fastapi import FastAPI

from services.benefits import payout_accounts, releases, returns
from services.benefits.bank_orders import endpoints as bank_orders
from services.benefits.cases import endpoints as cases
from services.benefits.cash import endpoints as cash
from services.benefits.completions import endpoints as completions
from services.benefits.db import engine, get_session
from services.benefits.disbursements import endpoints as disbursements
from services.benefits.figures import endpoints as figures
from services.benefits.fundings import endpoints as fundings
from services.benefits.matching import endpoints as matching
from services.benefits.payout_accounts import endpoints as accounts
from services.benefits.payouts import endpoints as payouts
from services.benefits.releases import endpoints as releasing
from services.benefits.returns import endpoints as returning
from services.kit import approvals_api
from services.kit.app import new_app
from services.kit.events import deadletters, feed

KINDS = (releases.RELEASE, releases.REISSUE, returns.RETURN, payout_accounts.CHANGE)


def create_app() -> FastAPI:
    """Disbursements, their matching, release, payment and return."""
    return new_app(
        "benefits",
        "Money from the State, onwards to members.",
        disbursements.agency_router,
        completions.router,
        disbursements.router,
        fundings.router,
        matching.router,
        cases.router,
        payouts.router,
        releasing.router,
        accounts.router,
        bank_orders.router,
        cash.router,
        returning.router,
        figures.router,
        approvals_api.router(get_session, *KINDS),
        deadletters.router(get_session),
        feed.router(get_session),
        engine=engine(),
    )
