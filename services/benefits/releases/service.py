"""Releasing benefit money: one person prepares it, another lets it go.

What is approved is a list of payouts with their members, cases and amounts: one more match in
between, and the approval is void. Nobody approves what they matched by hand themselves.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.benefits import books
from services.benefits.bank_orders import draw
from services.benefits.cash import issue_codes
from services.benefits.disbursements import NoSuchDisbursement, lock_disbursement
from services.benefits.payout_accounts import in_force
from services.benefits.payouts import (
    Channel,
    Payout,
    State,
    book,
    lock_in,
    lock_payouts,
    lock_payouts_of,
    move,
)
from services.benefits.releases.problems import NotFunded, NothingToRelease
from services.kit import approvals, clock
from services.kit.approvals import Approval, Kind, SamePersonTwice
from services.kit.money import Money
from services.kit.principals import Principal


def ask_for_release(session: Session, disbursement_id: UUID, *, by: Principal) -> Approval:
    """Ask that all payouts of a disbursement that can be released are.

    Asked again while nothing changed, the same request answers. Raises NoSuchDisbursement, NotFunded,
    NothingToRelease.
    """
    disbursement = lock_disbursement(session, disbursement_id)
    if disbursement is None:
        raise NoSuchDisbursement(f"No disbursement has the id {disbursement_id}.")
    if disbursement.funding_id is None:
        raise NotFunded(f"Bank reference {disbursement.bank_reference!r} has not come in.")
    payouts = lock_payouts_of(session, disbursement_id, State.RELEASABLE)
    if not payouts:
        raise NothingToRelease("Look at the quarantine, and at what is released already.")
    facts = _facts(payouts) | {"agency": disbursement.agency, "reference": disbursement.reference}
    return approvals.request(session, RELEASE, disbursement_id, by=by, facts=facts)


def ask_for_reissue(session: Session, payout_id: UUID, *, by: Principal, reason: str) -> Approval:
    """Ask that a payout that failed goes out once more. Raises NoSuchPayout, PayoutNotThere."""
    payout = lock_in(session, payout_id, State.FAILED)
    facts = _facts([payout]) | {"attempt": payout.attempt + 1, "reason": reason}
    return approvals.request(
        session, REISSUE, payout_id, by=by, facts=facts, organisation_id=payout.organisation_id
    )


def release(session: Session, payouts: Sequence[Payout], *, by: Principal) -> None:
    """Send locked payouts out: by bank where the member has an account in force, else for a code.

    Raises NoDebtorAccount.
    """
    accounts = in_force(session, [payout.member_id for payout in payouts])
    by_bank = [payout for payout in payouts if payout.member_id in accounts]
    in_cash = [payout for payout in payouts if payout.member_id not in accounts]
    for channel, some in ((Channel.BANK, by_bank), (Channel.CASH, in_cash)):
        move(
            session,
            some,
            State.RELEASED,
            channel=channel,
            attempt=Payout.attempt + 1,
            released_at=clock.now(),
            reason=None,
        )
    book(session, "payout_released", payouts, debit=books.OWED_TO_MEMBERS, credit=books.IN_TRANSIT)
    draw(session, by_bank, accounts, by=by)
    issue_codes(session, in_cash)


def _facts(payouts: Sequence[Payout]) -> dict[str, Any]:
    total = Money(sum(payout.amount_minor for payout in payouts), payouts[0].currency)
    return {
        "payouts": len(payouts),
        "total": {"amount": total.amount, "currency": total.currency},
        "matched_by_hand": sum(payout.matched_by is not None for payout in payouts),
    }


def _approved(payouts: Sequence[Payout]) -> Any:
    return [[one.id, one.member_id, one.case_id, one.amount_minor, one.currency] for one in payouts]


def _content_of_release(session: Session, disbursement_id: UUID) -> Any:
    lock_disbursement(session, disbursement_id)
    return _approved(lock_payouts_of(session, disbursement_id, State.RELEASABLE))


def _content_of_reissue(session: Session, payout_id: UUID) -> Any:
    return [[one.state, one.attempt, *_approved([one])] for one in lock_payouts(session, [payout_id])]


def _release_all(session: Session, approval: Approval, by: Principal) -> None:
    payouts = lock_payouts_of(session, approval.subject_id, State.RELEASABLE)
    _ensure_not_matched_by(payouts, by)
    release(session, payouts, by=by)


def _release_again(session: Session, approval: Approval, by: Principal) -> None:
    payout = lock_in(session, approval.subject_id, State.FAILED)
    _ensure_not_matched_by([payout], by)
    release(session, [payout], by=by)


def _ensure_not_matched_by(payouts: Sequence[Payout], by: Principal) -> None:
    if any(payout.matched_by == by.subject for payout in payouts):
        raise SamePersonTwice("You matched an item of it by hand; another person must decide this.")


RELEASE = Kind("disbursements.release", "payouts:release", _content_of_release, _release_all)
"""All that can be released of one disbursement, let go by a second person."""

REISSUE = Kind("payouts.reissue", "payouts:release", _content_of_reissue, _release_again)
"""A payout that failed, sent out once more by a second person."""
