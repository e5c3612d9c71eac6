"""The one routine that posts payments, be it one at a counter or a hundred thousand lines of a statement.

Lock the members' accounts in order of id; then, in a later statement, read what is due, allocate by a
window over it and write payments, allocations, dues, credits, ledger and audit, all in that statement.
(Locking and reading at once would read the snapshot from before the wait: two payments would then
settle one charge.) Works on a psycopg connection inside the caller's transaction, and never commits.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from psycopg import Connection

from services.contributions.members import locked_accounts
from services.contributions.payments import problems
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


def new_check_code() -> str:
    """65 random bits as 13 characters that survive a telephone (base 32, no 0, 1, 8 or 9)."""
    return base64.b32encode(os.urandom(9)).decode()[:13]


def post(
    connection: Connection[Any], incoming: Sequence[Incoming], *, booked_on: date
) -> tuple[list[Posted], dict[UUID, Problem]]:
    """Post a set of payments in the caller's transaction, in the order given.

    Returns what was posted, and for each that cannot be (unknown member, other currency) its refusal
    by payment id: the others are posted all the same.
    """
    accounts = locked_accounts(connection, [one.member_id for one in incoming])
    refused: dict[UUID, Problem] = {}
    for one in incoming:
        account = accounts.get(one.member_id)
        if account is None:
            refused[one.payment_id] = problems.UnknownMember(f"No member has the id {one.member_id}.")
        elif account.currency != one.currency:
            refused[one.payment_id] = problems.OtherCurrency(
                f"This member's account is in {account.currency}, not {one.currency}."
            )
    postable = [one for one in incoming if one.payment_id not in refused]
    if not postable:
        return [], refused
    rows = connection.execute(_POST, _columns(postable, booked_on), prepare=True).fetchall()
    return [Posted(*row) for row in rows], refused


def _columns(incoming: Sequence[Incoming], booked_on: date) -> dict[str, Any]:
    """The payments as one array a field: a single statement takes them all."""
    origin = context.origin.get()
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
        "check_codes": [new_check_code() for _ in incoming],
        "booked_on": booked_on,
        "origin": origin,
    }


def consume_credit(
    connection: Connection[Any], member_ids: Sequence[UUID], *, source_id: UUID, booked_on: date
) -> dict[UUID, int]:
    """Settle with members' credit what they owe, under the locks that the caller holds.

    Returns how many minor units of credit each member used. A second call finds nothing left to do.
    """
    if not member_ids:
        return {}
    given = {"member_ids": list(member_ids), "source_id": source_id, "booked_on": booked_on}
    return dict(connection.execute(_CONSUME, given).fetchall())


# What both statements below share. It reads `given`: money, each piece with the stretch of its
# member's money that it fills (`starts` to `ends`).
# `open`:   what the members owe, by rank and then oldest first, each with the stretch that it needs.
# `shares`: where two stretches overlap, that money settles that due.
_ALLOCATE = """
open AS (
    SELECT member_id, period, fund, sequence,
           sum(total_minor - settled_minor) OVER oldest_first - (total_minor - settled_minor) AS starts,
           sum(total_minor - settled_minor) OVER oldest_first AS ends,
           sum(total_minor - settled_minor) OVER (PARTITION BY member_id) AS outstanding_minor
    FROM dues
    WHERE member_id = ANY(%(member_ids)s::uuid[]) AND state = 'open' AND settled_minor < total_minor
    WINDOW oldest_first AS (PARTITION BY member_id ORDER BY rank, period, fund, sequence)
), shares AS (
    SELECT given.source, given.source_id, given.member_id, given.value_on, given.debit_account,
           given.currency, open.period, open.fund, open.sequence,
           (least(given.ends, open.ends) - greatest(given.starts, open.starts))::bigint AS amount_minor
    FROM given JOIN open USING (member_id)
    WHERE least(given.ends, open.ends) > greatest(given.starts, open.starts)
), settled AS (
    UPDATE dues SET settled_minor = dues.settled_minor + share.amount_minor,
                    settled_on = greatest(dues.settled_on, share.value_on)
    FROM (SELECT member_id, period, fund, sequence, sum(amount_minor)::bigint AS amount_minor,
                 max(value_on) AS value_on
          FROM shares GROUP BY member_id, period, fund, sequence) share
    WHERE (dues.member_id, dues.period, dues.fund, dues.sequence)
        = (share.member_id, share.period, share.fund, share.sequence)
), allocated AS (
    INSERT INTO allocations (source, source_id, member_id, period, fund, sequence, amount_minor, value_on)
    SELECT source, source_id, member_id, period, fund, sequence, amount_minor, value_on FROM shares
), booked AS (
    INSERT INTO ledger_entries
        (booked_on, kind, debit_account, credit_account, member_id, amount_minor, currency, source_id)
    SELECT %(booked_on)s, source, debit_account, 'receivable:' || fund, member_id,
           sum(amount_minor)::bigint, currency, source_id
    FROM shares GROUP BY source, source_id, member_id, debit_account, currency, fund
)
"""

_POST = f"""
WITH given AS (
    SELECT new.*, 'payment' AS source, member.organisation_id,
           sum(new.amount_minor) OVER members_money - new.amount_minor AS starts,
           sum(new.amount_minor) OVER members_money AS ends
    FROM unnest(
            %(payment_ids)s::uuid[], %(member_ids)s::uuid[], %(amounts)s::bigint[], %(currencies)s::text[],
            %(channels)s::text[], %(debit_accounts)s::text[], %(values_on)s::date[], %(takers)s::uuid[],
            %(kinds)s::text[], %(references)s::text[], %(request_ids)s::text[], %(check_codes)s::text[]
         ) WITH ORDINALITY AS new (
            source_id, member_id, amount_minor, currency, channel, debit_account, value_on, taken_by,
            actor_kind, reference, request_id, check_code, place)
    JOIN members member ON member.id = new.member_id
    WINDOW members_money AS (PARTITION BY new.member_id ORDER BY new.place)
), {_ALLOCATE}, results AS (
    SELECT given.*,
           (given.amount_minor - coalesce(used.amount_minor, 0))::bigint AS credit_minor,
           greatest(coalesce(owed.outstanding_minor, 0) - given.ends, 0)::bigint AS outstanding_minor
    FROM given
    LEFT JOIN (SELECT source_id, sum(amount_minor) AS amount_minor FROM shares GROUP BY source_id) used
        USING (source_id)
    LEFT JOIN (SELECT DISTINCT member_id, outstanding_minor FROM open) owed USING (member_id)
), credited AS (
    UPDATE member_accounts SET credit_minor = member_accounts.credit_minor + kept.credit_minor
    FROM (SELECT member_id, sum(credit_minor)::bigint AS credit_minor FROM results
          WHERE credit_minor > 0 GROUP BY member_id) kept
    WHERE member_accounts.member_id = kept.member_id
), booked_credit AS (
    INSERT INTO ledger_entries
        (booked_on, kind, debit_account, credit_account, member_id, amount_minor, currency, source_id)
    SELECT %(booked_on)s, 'payment', debit_account, 'members:credit', member_id, credit_minor, currency,
           source_id
    FROM results WHERE credit_minor > 0
), audited AS (
    INSERT INTO audit_log (actor_id, actor_kind, action, subject_id, request_id, origin)
    SELECT taken_by, actor_kind, 'payments.post', source_id, request_id, %(origin)s FROM results
), posted AS (
    INSERT INTO payments (id, member_id, organisation_id, channel, reference, debit_account, amount_minor,
                          credit_minor, currency, value_on, booked_on, check_code, taken_by)
    SELECT source_id, member_id, organisation_id, channel, reference, debit_account, amount_minor,
           credit_minor, currency, value_on, %(booked_on)s, check_code, taken_by
    FROM results ORDER BY place
    RETURNING id, receipt_number
)
SELECT results.source_id, results.member_id, results.organisation_id, results.amount_minor,
       results.credit_minor, results.currency, results.channel, results.value_on,
       posted.receipt_number, results.check_code, results.outstanding_minor
FROM results JOIN posted ON posted.id = results.source_id
ORDER BY results.place
"""

_CONSUME = f"""
WITH given AS (
    SELECT 'credit' AS source, %(source_id)s::uuid AS source_id, member_id, %(booked_on)s::date AS value_on,
           'members:credit' AS debit_account, currency, 0::bigint AS starts, credit_minor AS ends
    FROM member_accounts WHERE member_id = ANY(%(member_ids)s::uuid[]) AND credit_minor > 0
), {_ALLOCATE}, used AS (
    SELECT member_id, sum(amount_minor)::bigint AS amount_minor FROM shares GROUP BY member_id
), taken AS (
    UPDATE member_accounts SET credit_minor = credit_minor - used.amount_minor
    FROM used WHERE member_accounts.member_id = used.member_id
)
SELECT member_id, amount_minor FROM used
"""
