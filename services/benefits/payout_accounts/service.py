"""Changing where a member's money goes: one person asks, another puts it in force."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.benefits.members import member
from services.benefits.payout_accounts import queries
from services.benefits.payout_accounts.models import SEALED_FOR, PayoutAccount
from services.benefits.payout_accounts.problems import UnknownMember
from services.benefits.payout_accounts.schemas import PayoutAccountIn
from services.kit import approvals, clock, secrets
from services.kit.approvals import Approval, Kind
from services.kit.ids import new_id
from services.kit.principals import Principal


def ask_for_change(
    session: Session, member_id: UUID, given: PayoutAccountIn, *, by: Principal
) -> tuple[PayoutAccount, Approval]:
    """Note a member's account; it is used once a second person has approved it. Raises UnknownMember."""
    owner = member(session, member_id)
    if owner is None:
        raise UnknownMember(f"No member has the id {member_id}.")
    account = PayoutAccount(
        id=new_id(),
        member_id=member_id,
        organisation_id=owner.organisation_id,
        holder_name=given.holder_name,
        bic=given.bic,
        account_sealed=secrets.encrypt(given.account, purpose=SEALED_FOR),
        account_hint="…" + given.account[-4:],
        requested_by=by.subject,
        requested_at=clock.now(),
    )
    session.add(account)
    session.flush()
    facts = {
        "member_id": str(member_id),
        "holder_name": given.holder_name,
        "bic": given.bic,
        "account_hint": account.account_hint,
    }
    asked = approvals.request(
        session, CHANGE, account.id, by=by, facts=facts, organisation_id=owner.organisation_id
    )
    return account, asked


def _content(session: Session, account_id: UUID) -> Any:
    account = queries.lock_account(session, account_id)
    return [account.id, account.member_id, account.holder_name, account.bic, account.account_sealed]


def _put_in_force(session: Session, approval: Approval, by: Principal) -> None:
    account = queries.lock_account(session, approval.subject_id)
    queries.lock_accounts_of(session, account.member_id)
    queries.end_others(session, account)
    account.state, account.in_force_at = "in_force", clock.now()
    session.flush()


def _refuse(session: Session, approval: Approval, by: Principal) -> None:
    queries.lock_account(session, approval.subject_id).state = "refused"


CHANGE = Kind("payout_accounts.change", "payouts:release", _content, _put_in_force, _refuse)
"""A member's payout account, put in force by a second person."""
