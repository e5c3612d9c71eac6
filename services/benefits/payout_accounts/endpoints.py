"""HTTP face of payout accounts."""

from uuid import UUID

from fastapi import APIRouter

from services.benefits.auth import BenefitsOfficer
from services.benefits.db import SessionDep
from services.benefits.payout_accounts import queries, service
from services.benefits.payout_accounts.problems import UnknownMember
from services.benefits.payout_accounts.schemas import PayoutAccountIn, PayoutAccountOut, PayoutAccountsOut
from services.kit import audit
from services.kit.problems import documented

router = APIRouter(prefix="/v1/members/{member_id}/payout-accounts", tags=["payout accounts"])


@router.post("", status_code=201, responses=documented(UnknownMember))
def change_account(
    member_id: UUID, given: PayoutAccountIn, officer: BenefitsOfficer, session: SessionDep
) -> PayoutAccountOut:
    """Ask that a member be paid into this account; a second person puts it in force (`/v1/approvals`)."""
    account, asked = service.ask_for_change(session, member_id, given, by=officer)
    return PayoutAccountOut.of(account, asked.id)


@router.get("", responses=documented())
def list_accounts(member_id: UUID, officer: BenefitsOfficer, session: SessionDep) -> PayoutAccountsOut:
    """A member's accounts, the newest first. The reading is noted in the audit."""
    audit.write(session, "payout_accounts.read", member_id, by=officer)
    return PayoutAccountsOut(items=[PayoutAccountOut.of(a) for a in queries.accounts_of(session, member_id)])
