"""The one routine that posts payments, be it one at a counter or a hundred thousand lines of a statement.

Lock the members' accounts in order of id; then, in a later statement, read what is due, allocate by a
window over it and write payments, allocations, dues, credits, ledger, audit and announcement, all in
that statement. (Locking and reading at once would read the snapshot from before the wait: two payments
would then settle one charge.) The two are sent together, so that a set costs one round trip.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.contributions.events import LISTED_MAX
from services.contributions.members import LOCK_ACCOUNTS
from services.contributions.payments import problems, statements
from services.kit import context
from services.kit.problems import Problem


@dataclass(frozen=True, slots=True)
class Incoming:
    """Money that came in for one member, not yet posted.

    `reference` is the channel's own, once for ever. Without a `value_on` it came in on the day of booking.
    """

    payment_id: UUID
    member_id: UUID
    amount_minor: int
    currency: str
    channel: str
    debit_account: str
    taken_by: UUID
    value_on: date | None = None
    actor_kind: str = "staff"
    reference: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A payment as it stands after posting; `outstanding_minor` is what the member still owes."""

    payment_id: UUID
    member_id: UUID
    organisation_id: UUID
    amount_minor: int
    credit_minor: int
    currency: str
    channel: str
    value_on: date
    receipt_number: int
    check_code: str
    outstanding_minor: int


def post(
    connection: Connection[Any], incoming: Sequence[Incoming], *, booked_on: date
) -> tuple[list[Posted], dict[UUID, Problem]]:
    """Post and announce a set of payments in the caller's transaction, in the order given.

    Returns what was posted, and for each that cannot be (unknown member, other currency) its refusal
    by payment id: the others are posted all the same.
    """
    if not incoming:
        return [], {}
    given = columns(incoming, booked_on)
    with connection.pipeline():
        connection.execute(LOCK_ACCOUNTS, given, prepare=True)
        cursor = connection.execute(statements.POST, given, prepare=True)
        posted = [Posted(*row) for row in cursor.fetchall()]
    return posted, refusals(connection, incoming, posted)


def refusals(
    connection: Connection[Any], incoming: Sequence[Incoming], posted: Sequence[Posted]
) -> dict[UUID, Problem]:
    """Why those of `incoming` that are not among `posted` were refused, by payment id."""
    done = {one.payment_id for one in posted}
    left = [one for one in incoming if one.payment_id not in done]
    if not left:
        return {}
    query = "SELECT member_id, currency FROM member_accounts WHERE member_id = ANY(%s)"
    currencies = dict(connection.execute(query, ([one.member_id for one in left],)).fetchall())
    return {one.payment_id: _refusal(one, currencies.get(one.member_id)) for one in left}


def _refusal(one: Incoming, currency: str | None) -> Problem:
    if currency is None:
        return problems.UnknownMember(f"No member has the id {one.member_id}.")
    return problems.OtherCurrency(f"This member's account is in {currency}, not {one.currency}.")


def consume_credit(
    connection: Connection[Any], member_ids: Sequence[UUID], *, source_id: UUID, booked_on: date
) -> dict[UUID, int]:
    """Settle with members' credit what they owe, under the locks that the caller holds.

    Returns how many minor units of credit each member used. A second call finds nothing left to do.
    """
    if not member_ids:
        return {}
    given = {"member_ids": list(member_ids), "source_id": source_id, "booked_on": booked_on}
    return dict(connection.execute(statements.CONSUME, given).fetchall())


def columns(
    incoming: Sequence[Incoming], booked_on: date, keys: Sequence[tuple[str, str]] | None = None
) -> dict[str, Any]:
    """The payments as one array a field: a single statement takes them all. `keys` are (route, key)."""
    count = len(incoming)
    return {
        "payment_ids": [one.payment_id for one in incoming],
        "member_ids": [one.member_id for one in incoming],
        "amounts": [one.amount_minor for one in incoming],
        "currencies": [one.currency for one in incoming],
        "channels": [one.channel for one in incoming],
        "debit_accounts": [one.debit_account for one in incoming],
        "values_on": [one.value_on or booked_on for one in incoming],
        "takers": [one.taken_by for one in incoming],
        "kinds": [one.actor_kind for one in incoming],
        "references": [one.reference for one in incoming],
        "request_ids": [one.request_id for one in incoming],
        "check_codes": new_check_codes(count),
        "routes": [route for route, _ in keys] if keys else [None] * count,
        "keys": [key for _, key in keys] if keys else [None] * count,
        "booked_on": booked_on,
        "origin": context.origin.get(),
        "listed_max": LISTED_MAX,
    }


def new_check_codes(count: int) -> list[str]:
    """Codes of 65 random bits each: 13 characters that survive a telephone (base 32, no 0, 1, 8 or 9)."""
    drawn = base64.b32encode(os.urandom(10 * count)).decode()  # at once: the kernel takes its time
    return [drawn[16 * n : 16 * n + 13] for n in range(count)]
