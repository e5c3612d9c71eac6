"""Invariant 8, effects: what one part announced stands with those who keep or tell it, once."""

from typing import LiteralString

from deploy.verify.across import Side, arrives
from deploy.verify.checks import Check, sql_check

_MEMBERS: LiteralString = """
    SELECT 'member ' || id || ' version ' || version || ' in organisation ' || organisation_id
           || ', ' || state AS key, NULL::timestamptz AS at
    FROM members
"""
_CONTACTS = _MEMBERS.replace("members", "contacts").replace("|| id ||", "|| member_id ||")
_NODES: LiteralString = """
    SELECT 'organisation ' || id || ' version ' || version || ' below ' || coalesce(parent_id::text, 'none')
           AS key, NULL::timestamptz AS at
    FROM tree_nodes
"""
_ORGANISATIONS = _NODES.replace("tree_nodes", "organisations")
_AUTHORISATIONS: LiteralString = """
    SELECT 'authorisation ' || id || ' version ' || version || ', ' || state AS key, NULL::timestamptz AS at
    FROM authorisations WHERE state = 'in_force'
"""
# The registry announces whom a second person has verified once, and nobody before.
_ENROLLED = _MEMBERS + " WHERE enrolled_at IS NOT NULL"
_PAYMENTS: LiteralString = "SELECT 'payment ' || id AS key, posted_at AS at FROM payments"
_RECEIPTS: LiteralString = """
    SELECT 'payment ' || subject_id AS key, NULL::timestamptz AS at FROM messages
    WHERE template IN ('receipt', 'receipt_owing')
"""
_PAID: LiteralString = """
    SELECT 'payout ' || id AS key, NULL::timestamptz AS at FROM payouts WHERE state = 'paid'
"""
_TOLD_PAID: LiteralString = """
    SELECT 'payout ' || subject_id AS key, NULL::timestamptz AS at FROM messages
    WHERE template IN ('payout_paid_bank', 'payout_paid_cash')
"""
_KEPT_BY = {"contributions": _MEMBERS, "benefits": _MEMBERS, "gateway": _CONTACTS}


def _kept(what: str, at_registry: LiteralString, consumer: str, there: LiteralString) -> Check:
    return arrives(
        8,
        f"{consumer} knows {what} as the registry does",
        Side("registry", at_registry),
        Side(consumer, there),
        producer="registry",
        consumer=consumer,
        lacks=f"{consumer} does not have this state",
    )


def _told(what: str, producer: str, rows: LiteralString, messages: LiteralString) -> Check:
    return arrives(
        8,
        f"{what} was told to its member",
        Side(producer, rows),
        Side("gateway", messages),
        producer=producer,
        consumer="gateway",
        lacks="no message",
    )


CHECKS: list[Check] = [
    *(_kept("each member", _ENROLLED, consumer, there) for consumer, there in _KEPT_BY.items()),
    *(_kept("each organisation", _ORGANISATIONS, consumer, _NODES) for consumer in _KEPT_BY),
    _kept("the mutual's authorisation", _AUTHORISATIONS, "contributions", _AUTHORISATIONS),
    _told("each payment", "contributions", _PAYMENTS, _RECEIPTS),
    _told("each benefit that was paid", "benefits", _PAID, _TOLD_PAID),
    sql_check(
        8,
        "gateway",
        "nobody was told twice of one payment, charge or payout",
        counts="SELECT count(*) FROM messages WHERE resend_of IS NULL",
        # Of cover and of a code a member may hear again: it can be granted, or issued, anew.
        offends="""
            SELECT min(template) AS template, subject_id AS of, count(*) AS messages FROM messages
            WHERE resend_of IS NULL AND template IN ('receipt', 'receipt_owing', 'charged',
                'charged_from_credit', 'payment_reversed', 'left_out', 'benefit_received')
            GROUP BY CASE WHEN template LIKE 'receipt%' THEN 'receipt'
                          WHEN template LIKE 'charged%' THEN 'charged' ELSE template END, subject_id
            HAVING count(*) > 1 ORDER BY 2
        """,
    ),
]
