"""Cash at the counter, for the code that the member got by SMS. A code is tried a few times, used once."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from services.benefits import books, events
from services.benefits.cash import queries, rules
from services.benefits.cash.problems import NotAtTheCounter
from services.benefits.members import member
from services.benefits.payouts import (
    Channel,
    NoSuchPayout,
    Payout,
    State,
    announced,
    announced_paid,
    book,
    lock_payouts,
)
from services.kit import audit, clock, idempotency, secrets, trees
from services.kit.events import record_all
from services.kit.idempotency import Key
from services.kit.principals import Principal
from services.kit.problems import Problem

CODES = "payout-code"
"""The purpose under which a code is sealed in its announcement, for the gateway to open."""


def issue_codes(session: Session, payouts: Sequence[Payout]) -> None:
    """Make a new code for each payout at the counter and announce it, sealed; older ones are void."""
    if not payouts:
        return
    codes = {payout.id: rules.new_code() for payout in payouts}
    expires_on = clock.business_today(session) + rules.VALID_FOR
    queries.keep(
        session,
        [
            {
                "payout_id": payout_id,
                "code_hash": rules.code_hash(payout_id, code),
                "issued_at": clock.now(),
                "expires_on": expires_on,
                "tries": 0,
                "used_at": None,
            }
            for payout_id, code in codes.items()
        ],
    )
    record_all(
        session,
        [
            events.PayoutReady(
                **announced(payout).model_dump(),
                code_sealed=secrets.encrypt(codes[payout.id], purpose=CODES),
            )
            for payout in payouts
        ],
    )


def issue_anew(session: Session, payout_id: UUID, *, by: Principal) -> Payout:
    """Send another code, where the first was lost or locked. Raises NoSuchPayout, NotAtTheCounter."""
    payout = _lock(session, payout_id, by)
    _ensure_at_the_counter(payout)
    issue_codes(session, [payout])
    audit.write(session, "payouts.issue_code", payout.id, by=by)
    return payout


def take_back(session: Session, payout_id: UUID, *, by: Principal, reason: str) -> Payout:
    """Take a payout that nobody claims from the counter: it is owed again, to be reissued or returned.

    Raises NoSuchPayout, NotAtTheCounter.
    """
    payout = _lock(session, payout_id, by)
    _ensure_at_the_counter(payout)
    payout.state, payout.reason = State.FAILED, reason
    session.flush()
    book(session, "payout_failed", [payout], debit=books.IN_TRANSIT, credit=books.OWED_TO_MEMBERS)
    audit.write(session, "payouts.take_back", payout_id, by=by, reason=reason)
    return payout


def pay(session: Session, payout_id: UUID, code: str, *, by: Principal, key: Key) -> Payout | Problem:
    """Hand out a payout for its code; the same key again answers the same payment.

    Answers WrongCode, the try counted. Raises NoSuchPayout, NotAtTheCounter, CodeLocked, CodeExpired,
    KeyReused.
    """
    # Lock first, then look: a second cashier with the same code waits here and finds it paid below.
    payout = _lock(session, payout_id, by)
    if _is_at_the_counter(payout):
        shown_for = queries.lock_code(session, payout_id)
        rules.ensure_usable(shown_for, as_of=clock.business_today(session))
        if refusal := rules.refusal_of(shown_for, code):
            audit.write(session, "payouts.wrong_code", payout_id, by=by)
            return refusal
        shown_for.used_at = clock.now()
    # Never the code itself: what is kept of a request must not tell it.
    claim = idempotency.claim(session, key, content=payout_id)
    if claim.earlier is not None:
        return payout
    _ensure_at_the_counter(payout)
    payout.state, payout.paid_on = State.PAID, clock.business_today(session)
    session.flush()
    book(session, "payout_paid", [payout], debit=books.IN_TRANSIT, credit=books.CASH)
    record_all(session, events.paid([announced_paid(payout)]))
    audit.write(session, "payouts.pay_cash", payout_id, by=by)
    claim.keep(session, payout_id)
    return payout


def _lock(session: Session, payout_id: UUID, by: Principal) -> Payout:
    """Lock a payout of a member whom this person may act for: by the member's organisation of today."""
    found = lock_payouts(session, [payout_id])
    owner = member(session, found[0].member_id) if found else None
    if owner is None or not trees.reaches(session, by, owner.organisation_id):
        raise NoSuchPayout(f"No payout has the id {payout_id}.")
    return found[0]


def _is_at_the_counter(payout: Payout) -> bool:
    return (payout.state, payout.channel) == (State.RELEASED, Channel.CASH)


def _ensure_at_the_counter(payout: Payout) -> None:
    if not _is_at_the_counter(payout):
        raise NotAtTheCounter(f"It is {payout.state}, by {payout.channel or 'no channel yet'}.")
