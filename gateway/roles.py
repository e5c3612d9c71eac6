"""Every role and every right, in one place: a role is a set of scopes.

A right is named by the service that asks for it; here it is only granted. Personal data unmasked is
for those who must tell people apart by it; health data for benefits officers alone. Whoever may
ask for something and approve it still needs a second person each time (`services.kit.approvals`).
"""

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal[
    "promoter",
    "cashier",
    "collector",
    "accountant",
    "benefits_officer",
    "auditor",
    "administrator",
    "head",
    "state_agency",
    "service",
]

SCOPES: dict[str, str] = {
    "approvals:read": "See what waits for a second person",
    "members:read": "Find members and open their page",
    "members:read_personal": "See documents, phones and birth dates unmasked",
    "members:write": "Register members and their families, change what is known of them",
    "members:verify": "Verify, as the second person, who was registered",
    "members:import": "Import rosters",
    "organisations:read": "See the tree of organisations",
    "organisations:write": "Add and move organisations",
    "authorisations:write": "Record the State's authorisation of the mutual",
    "authorisations:approve": "Put an authorisation in force, as the second person",
    "schemes:read": "See rates and quotes",
    "charges:run": "Run a month's charges",
    "payments:take": "Take payments",
    "payments:read": "See payments, receipts and accounts of members",
    "payments:reverse": "Ask for a payment to be undone",
    "payments:approve": "Undo a payment, as the second person",
    "statements:import": "Import bank statements",
    "suspense:settle": "Say whose an unmatched bank line is",
    "declarations:draw": "Draw up payroll files",
    "declarations:approve": "Say that a declaration was filed, as the second person",
    "declarations:read": "See declarations and their files",
    "notices:record": "Record payment notices",
    "remittances:order": "Ask for the State to be paid",
    "remittances:approve": "Order that payment, as the second person",
    "coverage:read": "See who is covered",
    "ledger:read": "See balances and ledger rows",
    "periods:read": "See a month's figures",
    "benefits:read": "See the benefits of members",
    "benefits:read_health": "See what a benefit was paid for",
    "disbursements:read": "See disbursements, their items and payouts",
    "items:match": "Match an item of a disbursement to a member",
    "payouts:prepare": "Prepare payouts and bank orders",
    "payouts:release": "Release payouts, as the second person",
    "payouts:pay": "Pay out in cash, and record what the bank did",
    "staff:manage": "Add people, give and withdraw roles",
    "clients:manage": "Add systems, and withdraw them",
    "messages:read": "See messages to members and what became of them",
    "messages:send": "Send a message to a member again",
    "audit:read": "Read who did what",
    "agency:declarations": "For a State agency: fetch and accept declarations",
    "agency:notices": "For a State agency: send payment notices",
    "agency:disbursements": "For a State agency: announce disbursements and follow them",
    "internal": "For the parts of Amparo among themselves",
}

_MEMBERS = {"approvals:read", "members:read", "organisations:read", "schemes:read", "coverage:read"}
_PERSONAL = {"members:read_personal"}
_BOOKS = {"payments:read", "declarations:read", "ledger:read", "periods:read"}
_AGENCY = {"agency:declarations", "agency:notices", "agency:disbursements"}
_NOT_FOR_ADMINISTRATORS = {"benefits:read_health", "internal"} | _AGENCY

ROLES: dict[Role, frozenset[str]] = {
    "promoter": frozenset(
        _MEMBERS
        | _PERSONAL
        | {"members:write", "members:verify", "members:import", "payments:read", "messages:read"}
    ),
    "cashier": frozenset(
        _MEMBERS
        | {"payments:take", "payments:read", "payments:reverse", "benefits:read", "payouts:pay"}
        | {"messages:read", "messages:send"}
    ),
    "collector": frozenset(_MEMBERS | {"payments:take", "payments:read", "messages:send"}),
    "accountant": frozenset(
        _MEMBERS
        | _BOOKS
        | {"charges:run", "payments:reverse", "payments:approve"}
        | {"statements:import", "suspense:settle"}
        | {"declarations:draw", "declarations:approve", "notices:record"}
        | {"remittances:order", "remittances:approve"}
        | {"disbursements:read", "payouts:prepare", "payouts:release", "payouts:pay"}
    ),
    "benefits_officer": frozenset(
        _MEMBERS
        | _PERSONAL
        | {"payments:read", "benefits:read", "benefits:read_health", "disbursements:read", "items:match"}
        | {"payouts:prepare", "payouts:release", "payouts:pay", "messages:read", "messages:send"}
    ),
    "auditor": frozenset(
        _MEMBERS | _PERSONAL | _BOOKS | {"benefits:read", "disbursements:read", "messages:read", "audit:read"}
    ),
    "administrator": frozenset(SCOPES.keys() - _NOT_FOR_ADMINISTRATORS),
    "head": frozenset(_MEMBERS | {"payments:read"}),
    "state_agency": frozenset(_AGENCY),
    "service": frozenset({"internal"}),
}

STAFF_ROLES: frozenset[Role] = frozenset(get_args(Role)) - {"state_agency", "service"}
"""Roles that a person can hold."""
NEEDS_ROOTS: frozenset[Role] = frozenset({"head"})
"""Roles that make no sense without an organisation: who holds one sees nothing else."""
CLIENT_ROLES: frozenset[Role] = frozenset(get_args(Role)) - NEEDS_ROOTS - {"service"}
"""Roles that a system outside can hold; `service` is for the parts of Amparo alone."""


def scopes_of(roles: Iterable[str]) -> frozenset[str]:
    """All rights that these roles grant together; a role that is no more grants nothing."""
    granted: set[str] = set()
    for role in roles:
        granted |= ROLES.get(role, frozenset())  # type: ignore[call-overload]  # any text may stand in a row
    return frozenset(granted)
