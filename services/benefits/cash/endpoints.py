"""HTTP face of cash at the counter."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.benefits.auth import BenefitsOfficer, Payer
from services.benefits.cash import service
from services.benefits.cash.problems import CodeExpired, CodeLocked, NotAtTheCounter, WrongCode
from services.benefits.cash.schemas import CashPaymentIn, WithdrawalIn
from services.benefits.db import SessionDep
from services.benefits.payouts import NoSuchPayout, PayoutOut
from services.kit import clock
from services.kit.idempotency import IdempotencyKey, KeyReused, KeyStillRunning
from services.kit.problems import Problem, answer, documented

router = APIRouter(prefix="/v1/payouts/{payout_id}", tags=["cash"])

WHEN_PAYING = (
    NoSuchPayout,
    NotAtTheCounter,
    WrongCode,
    CodeLocked,
    CodeExpired,
    KeyReused,
    KeyStillRunning,
)


@router.post("/cash-payments", status_code=201, response_model=PayoutOut, responses=documented(*WHEN_PAYING))
def pay_in_cash(
    payout_id: UUID, given: CashPaymentIn, key: IdempotencyKey, payer: Payer, session: SessionDep
) -> PayoutOut | Response:
    """Hand out a payout to whoever shows its code. A wrong code counts; after five it is locked."""
    done = service.pay(session, payout_id, given.code, by=payer, key=key)
    if isinstance(done, Problem):
        return answer(done)
    return PayoutOut.of(done, clock.business_today(session))


@router.post("/codes", status_code=201, responses=documented(NoSuchPayout, NotAtTheCounter))
def send_new_code(payout_id: UUID, officer: BenefitsOfficer, session: SessionDep) -> PayoutOut:
    """Send the member another code; the one before opens nothing any more."""
    payout = service.issue_anew(session, payout_id, by=officer)
    return PayoutOut.of(payout, clock.business_today(session))


@router.post("/withdrawals", status_code=201, responses=documented(NoSuchPayout, NotAtTheCounter))
def withdraw(
    payout_id: UUID, given: WithdrawalIn, officer: BenefitsOfficer, session: SessionDep
) -> PayoutOut:
    """Take a payout that nobody claims from the counter, to reissue or return it; its code is void."""
    payout = service.take_back(session, payout_id, by=officer, reason=given.reason)
    return PayoutOut.of(payout, clock.business_today(session))
