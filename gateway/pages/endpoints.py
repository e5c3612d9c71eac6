"""All pages, in the order in which their addresses are tried; the last one answers for none."""

from gateway.pages import assets
from gateway.pages.approvals import endpoints as approvals
from gateway.pages.dashboard import endpoints as dashboard
from gateway.pages.help import endpoints as help_pages
from gateway.pages.imports import endpoints as imports
from gateway.pages.members import endpoints as members
from gateway.pages.payments import endpoints as payments
from gateway.pages.receipts import endpoints as receipts
from gateway.pages.signin import endpoints as signin

ROUTERS = (
    assets.router,
    signin.router,
    dashboard.router,
    members.router,
    payments.router,
    imports.router,
    approvals.router,
    help_pages.router,
    receipts.router,
    help_pages.nowhere,
)
